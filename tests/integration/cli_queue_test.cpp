// SPDX-License-Identifier: GPL-3.0-or-later
// The queue as it is called: sweeps, order, failures, interruptions; and changes to runs in a project.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

#include "tests/integration/cli_train_support.h"

namespace weft {
namespace {

namespace fs = std::filesystem;
using test::run_cli;
using ::testing::HasSubstr;

class CliQueue : public test::TrainingTest {
 protected:
  // "name state run" an entry.
  std::string list() const {
    std::string text;
    const Json json = json_of(run_cli({"queue", project(), "list", "--json"}));
    for (const auto& e : json["entries"])
      text += e["name"].get<std::string>() + " " + e["state"].get<std::string>() + (e["run"].is_null() ? "" : " " + e["run"].get<std::string>()) + "\n";
    return text;
  }
};

TEST_F(CliQueue, ASweepIsPreviewedAddedRunAndTimed) {
  const std::string file = run_file(6);
  const std::vector<std::string> sets = {"--set", "train.lr=1e-2,2e-2", "--set", "rank=2,4", "--set", "spectra_every=0"};
  const auto call = [&](std::vector<std::string> rest) {
    std::vector<std::string> all{"queue", project(), "add", file, "--json"};
    all.insert(all.end(), sets.begin(), sets.end());
    all.insert(all.end(), rest.begin(), rest.end());
    return run_cli(all);
  };
  const Json preview = json_of(call({"--preview"}));
  EXPECT_EQ(preview["entries"].size(), 4u);
  EXPECT_EQ(preview["expected_seconds"], nullptr);
  EXPECT_THAT(preview["entries"][0]["basis"].get<std::string>(), HasSubstr("no run of this model"));
  EXPECT_FALSE(fs::exists(project()));
  EXPECT_EQ(json_of(call({}))["added"], true);
  EXPECT_EQ(list(), "run lr=1e-2 rank=2 waiting\nrun lr=1e-2 rank=4 waiting\nrun lr=2e-2 rank=2 waiting\nrun lr=2e-2 rank=4 waiting\n");
  folder_.write("run.toml", "[train]\nsteps = 99\n");  // frozen when added

  const auto one = run_cli({"queue", project(), "run", "--stop-after-one", "--quiet"});
  EXPECT_EQ(one.code, 0) << one.err;
  EXPECT_EQ(list(), "run lr=1e-2 rank=2 done r1\nrun lr=1e-2 rank=4 waiting\nrun lr=2e-2 rank=2 waiting\nrun lr=2e-2 rank=4 waiting\n");
  EXPECT_EQ(losses_of(project(), "r1").size(), 6u);
  const Json timed = json_of(run_cli({"queue", project(), "list", "--json"}));
  EXPECT_GT(timed["entries"][1]["expected_seconds"].get<double>(), 0);
  EXPECT_EQ(timed["entries"][1]["differs"], "rank 4, lr 0.01");

  EXPECT_EQ(run_cli({"queue", project(), "move", "4", "2"}).code, 0);
  EXPECT_EQ(run_cli({"queue", project(), "remove", "2"}).code, 0);
  const auto rest = run_cli({"queue", project(), "run", "--json"});
  EXPECT_EQ(rest.code, 0) << rest.err;
  EXPECT_EQ(list(), "run lr=1e-2 rank=2 done r1\nrun lr=2e-2 rank=4 done r2\nrun lr=2e-2 rank=2 done r3\n");
  std::string told;
  for (const auto& event : json_lines(rest.out))
    if (event["type"] == "queue") told += event["name"].get<std::string>() + " " + event["state"].get<std::string>() + "\n";
  EXPECT_EQ(told, "run lr=2e-2 rank=4 starts\nrun lr=2e-2 rank=4 done\nrun lr=2e-2 rank=2 starts\nrun lr=2e-2 rank=2 done\n");
  const auto nothing = run_cli({"queue", project(), "run"});
  EXPECT_EQ(nothing.code, 0);
  EXPECT_THAT(nothing.err, HasSubstr("nothing waits"));
}

TEST_F(CliQueue, GoesOnAfterAFailure) {
  const std::string file = run_file(3);
  EXPECT_EQ(run_cli({"queue", project(), "add", file, "--name", "broken", "--set", "spectra_every=0"}).code, 0);
  EXPECT_EQ(run_cli({"queue", project(), "add", file, "--name", "whole", "--set", "spectra_every=0"}).code, 0);
  // the data of the first is gone when its turn comes
  const std::string rows = folder_.write("gone.txt", "once\n");
  EXPECT_EQ(run_cli({"queue", project(), "add", file, "--name", "gone", "--set", "data.path=" + rows}).code, 0);
  EXPECT_EQ(run_cli({"queue", project(), "remove", "1"}).code, 0);
  EXPECT_EQ(run_cli({"queue", project(), "move", "3", "1"}).code, 0);
  fs::remove(rows);
  const auto result = run_cli({"queue", project(), "run", "--quiet"});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, HasSubstr("gone.txt"));
  EXPECT_EQ(list(), "gone failed r1\nwhole done r2\n");
}

TEST_F(CliQueue, AnInterruptSavesAndLeavesTheRestWaiting) {
  const std::string file = run_file(60);
  EXPECT_EQ(run_cli({"queue", project(), "add", file, "--set", "train.seed=1,2"}).code, 0);
  test::Process process({"queue", project(), "run", "--json"}, test::ProcessOptions{.pipe_bytes = 4096});
  for (std::string line; line.find("\"type\":\"checkpoint\"") == std::string::npos;) {
    line = process.read_line();
    ASSERT_FALSE(line.empty());
  }
  process.wait_until_output_stands_still();
  process.send(SIGINT);
  EXPECT_TRUE(process.wait_for_error_text("stopping after this step and saving"));
  EXPECT_EQ(process.finish().code, 130);
  EXPECT_EQ(list(), "run seed=1 stopped r1\nrun seed=2 waiting\n");
  EXPECT_EQ(run_cli({"queue", project(), "run", "--quiet"}).code, 0);
  EXPECT_EQ(list(), "run seed=1 done r1\nrun seed=2 done r2\n");
  EXPECT_EQ(losses_of(project(), "r1").size(), 60u);
}

TEST_F(CliQueue, AKilledQueueGoesOn) {
  EXPECT_EQ(run_cli({"queue", project(), "add", run_file(60)}).code, 0);
  {
    test::Process process({"queue", project(), "run", "--json"}, test::ProcessOptions{.pipe_bytes = 4096});
    for (std::string line; line.find("\"type\":\"checkpoint\"") == std::string::npos;) {
      line = process.read_line();
      ASSERT_FALSE(line.empty());
    }
    process.wait_until_output_stands_still();
    process.send(SIGKILL);
    EXPECT_EQ(process.finish().code, 1000 + SIGKILL);
  }
  EXPECT_EQ(list(), "run interrupted r1\n");
  EXPECT_EQ(run_cli({"queue", project(), "run", "--quiet"}).code, 0);
  EXPECT_EQ(list(), "run done r1\n");
}

TEST_F(CliQueue, RefusesWhatCannotBeRun) {
  const std::string file = run_file(3);
  const auto refusal = [](const test::ProcessResult& result, int code, const std::string& part) {
    EXPECT_EQ(result.code, code) << result.err;
    EXPECT_THAT(result.err, HasSubstr(part));
    EXPECT_EQ(result.out, "");
  };
  refusal(run_cli({"queue", project(), "add", file, "--set", "rank=0,4"}), 2, "rank=0");
  refusal(run_cli({"queue", project(), "add", file, "--set", "rnak=4,8"}), 2, "did you mean");
  refusal(run_cli({"queue", project(), "add", file, "--set", "train.seed=" + [] {
    std::string all = "0";
    for (int i = 1; i <= 100; ++i) all += "," + std::to_string(i);
    return all;
  }()}), 2, "more than 100 runs");
  refusal(run_cli({"queue", project(), "add", folder_.file("none.toml")}), 1, "none.toml");
  EXPECT_FALSE(fs::exists(project()));
  refusal(run_cli({"queue", project(), "list"}), 1, "no such project");
  refusal(run_cli({"queue", project(), "run"}), 1, "no such project");
  EXPECT_EQ(run_cli({"queue", project(), "add", file}).code, 0);
  refusal(run_cli({"queue", project(), "move", "7", "1"}), 1, "no entry 7");
  refusal(run_cli({"queue", project(), "move", "r1", "1"}), 2, "not the id of an entry");
  refusal(run_cli({"queue", project(), "remove", "7"}), 1, "no entry 7");
  EXPECT_EQ(run_cli({"queue", project()}).code, 2);
}

TEST_F(CliQueue, RunsAreRenamedNotedAndDeleted) {
  EXPECT_EQ(run_cli({"train", run_file(3), "--project", project(), "--quiet"}).code, 0);
  EXPECT_EQ(run_cli({"runs", project(), "rename", "r1", "first try"}).code, 0);
  EXPECT_EQ(run_cli({"runs", project(), "note", "first try", "learnt nothing"}).code, 0);
  EXPECT_EQ(run_cli({"runs", project(), "note", "r1"}).out, "learnt nothing\n");
  EXPECT_EQ(json_of(run_cli({"runs", project(), "--json"}))["runs"][0]["note"], "learnt nothing");
  EXPECT_EQ(run_cli({"runs", project(), "rename", "r1", "r7"}).code, 2);
  const std::string again = folder_.file("again.toml");
  EXPECT_EQ(run_cli({"runs", project(), "settings", "r1", "--out", again}).code, 0);
  EXPECT_EQ(run_cli({"runs", project(), "settings", "r1", "--against", again}).out, "no setting differs\n");
  const Json changes = json_of(run_cli({"runs", project(), "settings", "r1", "--against", run_file(4), "--json"}))["changes"];
  ASSERT_EQ(changes.size(), 1u) << changes.dump();
  EXPECT_EQ(changes[0]["key"], "train.steps");
  EXPECT_EQ(changes[0]["before"], "3");
  EXPECT_EQ(changes[0]["after"], "4");
  EXPECT_EQ(run_cli({"runs", project(), "settings", "r1", "--against", folder_.file("none.toml")}).code, 1);
  const auto asked = run_cli({"runs", project(), "delete", "r1"});
  EXPECT_EQ(asked.code, 2);
  EXPECT_THAT(asked.out, HasSubstr("checkpoints/r1/"));
  EXPECT_THAT(asked.err, HasSubstr("--yes"));
  EXPECT_EQ(json_of(run_cli({"runs", project(), "--json"}))["runs"].size(), 1u);
  const Json deleted = json_of(run_cli({"runs", project(), "delete", "r1", "--yes", "--json"}));
  EXPECT_EQ(deleted["deleted"], true);
  EXPECT_GT(deleted["bytes"].get<std::int64_t>(), 0);
  for (const auto& file : deleted["files"]) EXPECT_FALSE(fs::exists(file["path"].get<std::string>()));
  EXPECT_EQ(json_of(run_cli({"runs", project(), "--json"}))["runs"].size(), 0u);
  EXPECT_EQ(run_cli({"runs", project(), "delete", "r1", "--yes"}).code, 1);
}

}  // namespace
}  // namespace weft
