// SPDX-License-Identifier: GPL-3.0-or-later
// What happens when a run is interrupted, killed, or cannot write.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/integration/cli_train_support.h"

namespace weft {
namespace {

using test::run_cli;
using ::testing::HasSubstr;

constexpr int kSteps = 60;

class CliTrouble : public test::TrainingTest {
 protected:
  // A run whose output nobody reads beyond the first checkpoint: with so small a pipe it stands still a few steps
  // later.
  std::unique_ptr<test::Process> start_and_stand_still() {
    auto process = std::make_unique<test::Process>(
        std::vector<std::string>{"train", run_file(kSteps), "--project", project(), "--json"},
        test::ProcessOptions{.pipe_bytes = 4096});
    for (;;) {
      const std::string line = process->read_line();
      if (line.empty()) {
        ADD_FAILURE() << "no checkpoint: " << process->finish().err;
        return process;
      }
      if (line.find("\"type\":\"checkpoint\"") == std::string::npos) continue;
      process->wait_until_output_stands_still();  // a signal that comes earlier may find the run on its way, and be
                                                  // answered before the next
      return process;
    }
  }
  std::vector<double> uninterrupted() {
    const std::string other = folder_.file("whole.weft");
    EXPECT_EQ(run_cli({"train", run_file(kSteps), "--project", other, "--quiet"}).code, 0);
    return losses_of(other, "r1");
  }
};

TEST_F(CliTrouble, AKilledRunGoesOnAsIfNothingHadHappened) {
  {
    const auto process = start_and_stand_still();
    process->send(SIGKILL);
    EXPECT_EQ(process->finish().code, 1000 + SIGKILL);
  }
  EXPECT_EQ(state_of(project(), "r1"), "interrupted");
  const Json before = json_of(run_cli({"runs", project(), "r1", "--json"}));
  ASSERT_FALSE(before["checkpoints"].empty());
  EXPECT_LT(before["last_step"], kSteps);
  const auto resumed = run_cli({"resume", project(), "--quiet"});
  EXPECT_EQ(resumed.code, 0) << resumed.err;
  EXPECT_EQ(resumed.out, "r1\n");
  EXPECT_EQ(state_of(project(), "r1"), "done");
  const auto losses = losses_of(project(), "r1");
  ASSERT_EQ(losses.size(), static_cast<std::size_t>(kSteps));
  EXPECT_EQ(losses, uninterrupted());  // bit for bit
  const auto nothing = run_cli({"resume", project()});
  EXPECT_EQ(nothing.code, 1);
  EXPECT_THAT(nothing.err, HasSubstr("no run"));
}

TEST_F(CliTrouble, AnInterruptSavesAndTheRunGoesOn) {
  for (const int signal : {SIGINT, SIGTERM}) {
    std::filesystem::remove(project());
    std::filesystem::remove_all(folder_.file("p.files"));
    const auto process = start_and_stand_still();
    process->send(signal);
    EXPECT_TRUE(process->wait_for_error_text("stopping after this step and saving"));
    const auto result = process->finish();
    EXPECT_EQ(result.code, 130) << result.err;
    const Json last = json_lines(result.out).back();
    EXPECT_EQ(last["type"], "finished");
    EXPECT_EQ(last["outcome"], "stopped");
    EXPECT_EQ(state_of(project(), "r1"), "stopped");
    const Json run = json_of(run_cli({"runs", project(), "r1", "--json"}));
    EXPECT_EQ(run["checkpoints"].back()["step"], run["last_step"]);  // saved where it stopped
    EXPECT_EQ(run_cli({"resume", project(), "r1", "--quiet"}).code, 0);
    EXPECT_EQ(losses_of(project(), "r1").size(), static_cast<std::size_t>(kSteps));
  }
  EXPECT_EQ(losses_of(project(), "r1"), uninterrupted());
}

TEST_F(CliTrouble, ASecondInterruptGivesUp) {
  const auto process = start_and_stand_still();
  process->send(SIGINT);
  EXPECT_TRUE(process->wait_for_error_text("stopping after this step"));
  process->send(SIGINT);
  EXPECT_TRUE(process->wait_for_error_text("giving up without saving"));
  const auto result = process->finish();
  EXPECT_EQ(result.code, 130) << result.err;
  EXPECT_EQ(json_lines(result.out).back()["outcome"], "abandoned");
  EXPECT_EQ(state_of(project(), "r1"), "abandoned");
}

// A limit on the size of files stands in for a full disk: the checkpoint does not fit, the project does.
TEST_F(CliTrouble, ADiskThatIsFullAtACheckpointIsSaid) {
  const auto result =
      run_cli({"train", run_file(), "--project", project(), "--quiet", "--set", "rank=64", "--set", "spectra_every=0"},
              {.before_exec = [] { test::limit_file_size(2'000'000); }});
  EXPECT_EQ(result.code, 1) << result.err;
  EXPECT_THAT(result.err, HasSubstr("cannot write"));
  EXPECT_THAT(result.err, HasSubstr("checkpoints/r1"));
  const Json run = json_of(run_cli({"runs", project(), "r1", "--json"}));
  EXPECT_TRUE(run["checkpoints"].empty());
  EXPECT_GE(run["last_step"], 4);  // what was trained until then is on record
  std::size_t left = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.file("p.files")))
    left += entry.is_regular_file();
  EXPECT_EQ(left, 0u);                                                   // nothing half-written stays
  const auto resumed = run_cli({"resume", project(), "r1", "--quiet"});  // the disk has room again
  EXPECT_EQ(resumed.code, 0) << resumed.err;
  EXPECT_EQ(losses_of(project(), "r1").size(), 12u);
}

TEST_F(CliTrouble, AProjectThatCanOnlyBeReadIsRefused) {
  ASSERT_EQ(run_cli({"train", run_file(), "--project", project(), "--quiet", "--set", "steps=4"}).code, 0);
  namespace fs = std::filesystem;
  fs::permissions(project(), fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read);
  fs::permissions(folder_.path(), fs::perms::owner_read | fs::perms::owner_exec | fs::perms::group_read |
                                      fs::perms::group_exec | fs::perms::others_read | fs::perms::others_exec);
  const test::ProcessOptions user{.before_exec = test::obey_file_permissions};
  const std::string file = folder_.file("run.toml");
  for (const auto& call :
       std::vector<std::vector<std::string>>{{"train", file, "--project", project()}, {"resume", project(), "r1"}}) {
    const auto result = run_cli(call, user);
    EXPECT_EQ(result.code, 1) << result.err;
    EXPECT_THAT(result.err, HasSubstr("can only be read"));
    EXPECT_EQ(result.out, "");
  }
  EXPECT_EQ(run_cli({"runs", project(), "r1"}, user).code, 0);
  fs::permissions(folder_.path(), fs::perms::owner_all);
}

TEST_F(CliTrouble, AnInterruptedCopyOrMoveLeavesNothingBehind) {
  namespace fs = std::filesystem;
  constexpr int kBeginMs = 20'000;
  ASSERT_EQ(run_cli({"train", run_file(), "--project", project(), "--quiet", "--set", "steps=4"}).code, 0);
  std::ofstream(folder_.file("p.files/large.bin"));
  fs::resize_file(folder_.file("p.files/large.bin"), 1u << 30);   // all a hole: it takes its time to be copied, and no room until it is
  fs::create_directories(folder_.file("disk"));
  fs::create_directories(folder_.file("copies"));
  for (const auto& [command, target] : {std::pair("copy", folder_.file("copies/q.weft")), {"move-files", folder_.file("disk")}}) {
    const fs::path written = fs::is_directory(target) ? fs::path(target) : fs::path(target).parent_path();
    pollfd begun{.fd = ::inotify_init1(IN_CLOEXEC), .events = POLLIN, .revents = 0};
    ASSERT_GE(::inotify_add_watch(begun.fd, written.c_str(), IN_CREATE), 0);
    test::Process process({"runs", project(), command, target});
    EXPECT_EQ(::poll(&begun, 1, kBeginMs), 1) << command;
    ::close(begun.fd);
    process.send(SIGINT);
    const auto ended = process.finish();
    EXPECT_EQ(ended.code, 130) << command << ": " << ended.err;
    EXPECT_THAT(ended.err, HasSubstr("was ended; ")) << command;
    EXPECT_TRUE(fs::is_empty(written)) << command;
  }
  EXPECT_FALSE(fs::is_symlink(folder_.file("p.files")));
  EXPECT_EQ(fs::file_size(folder_.file("p.files/large.bin")), 1u << 30);
}

// The number of the schema stands in bytes 60 to 63 of the file, big-endian.
TEST_F(CliTrouble, ANewerProjectIsReadAndNotWritten) {
  ASSERT_EQ(run_cli({"train", run_file(), "--project", project(), "--quiet", "--set", "steps=4"}).code, 0);
  std::string bytes = test::content_of(project());
  bytes.replace(60, 4, std::string("\0\0\0\x63", 4));
  folder_.write("p.weft", bytes);
  for (const auto& call : std::vector<std::vector<std::string>>{
           {"runs", project()}, {"runs", project(), "r1", "--json"}, {"inspect", project() + ":r1"}, {"report", project(), "r1", "--out", folder_.file("page")},
           {"export", project() + ":r1", "--out", folder_.file("peft")}, {"runs", project(), "copy", folder_.file("q.weft")}}) {
    const auto result = run_cli(call);
    EXPECT_EQ(result.code, 0) << call[0] << ": " << result.err;
  }
  for (const auto& call : std::vector<std::vector<std::string>>{{"train", folder_.file("run.toml"), "--project", project()},
                                                                {"resume", project(), "r1"},
                                                                {"runs", project(), "rename", "r1", "mine"},
                                                                {"runs", project(), "delete", "r1", "--yes"}}) {
    const auto result = run_cli(call);
    EXPECT_EQ(result.code, 1) << call[0] << ": " << result.err;
    EXPECT_THAT(result.err, HasSubstr("a newer WEFT made it (schema version 99, this one knows up to"));
  }
  EXPECT_EQ(test::content_of(project()), bytes);
}

}  // namespace
}  // namespace weft
