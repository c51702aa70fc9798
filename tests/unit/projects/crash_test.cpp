// SPDX-License-Identifier: GPL-3.0-or-later
// Programs that die and disks that fill while a project is written.
#include <gmock/gmock.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <functional>
#include <thread>

#include "projects/db/connection.h"
#include "projects/store/run_owner.h"
#include "tests/unit/projects/project_testing.h"

namespace weft::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

struct Child {
  pid_t pid = -1;
  int report = -1;  // read end: int64 values that the child wrote
};

// A child process that runs `body` with a pipe to us; it never runs this process's clean-up.
Child start_child(const std::function<void(int)>& body) {
  int ends[2];
  if (::pipe(ends) != 0) std::abort();
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::close(ends[0]);
    try {
      body(ends[1]);
    } catch (const std::exception&) {
      ::_exit(2);
    }
    ::_exit(::testing::Test::HasFailure() ? 1 : 0);
  }
  ::close(ends[1]);
  return {pid, ends[0]};
}

int wait_for(const Child& child) {
  int status = 0;
  EXPECT_EQ(::waitpid(child.pid, &status, 0), child.pid);
  ::close(child.report);
  return status;
}

void tell(int pipe, std::int64_t value) {
  if (::write(pipe, &value, sizeof value) != sizeof value) ::_exit(4);
}

std::int64_t hear(int pipe) {
  std::int64_t value = -1;
  return ::read(pipe, &value, sizeof value) == sizeof value ? value : -1;
}

void train_forever(const fs::path& path, int pipe) {
  const auto project = open_project(path);
  const RunId run = must(project->create_run({{"method", "lora"}}, 1'000'000));
  project->record_run_state(run, "running", "");
  for (std::int64_t step = 1;; ++step) {
    project->record_metrics({{run, step, "loss", 1.0}, {run, step, "lr", 2.0}});
    if (step % 10 == 0) project->record_spectra({make_spectrum(run, step, "a"), make_spectrum(run, step, "b")});
    if (step % 200 == 0) {
      EXPECT_OK(project->flush());
      tell(pipe, step);
    }
  }
}

TEST(Crash, KilledWhileWritingLosesNothingThatWasFlushed) {
  for (int round = 0; round < 4; ++round) {
    TemporaryFolder folder;
    const fs::path path = folder / "p.weft";
    const Child child = start_child([&](int pipe) { train_forever(path, pipe); });
    std::int64_t flushed = 0;
    for (int i = 0; i < 3 + 4 * round; ++i) flushed = hear(child.report);
    ASSERT_GT(flushed, 0);
    {
      const auto beside = open_project(path);  // a second program does not disturb the first
      EXPECT_EQ(must(beside->run(1)).state, "running");
    }
    ASSERT_EQ(::kill(child.pid, SIGKILL), 0);
    EXPECT_TRUE(WIFSIGNALED(wait_for(child)));

    const auto project = open_project(path, /*create=*/false);
    const RunRecord run = must(project->run(1));
    EXPECT_EQ(run.state, "interrupted");
    EXPECT_THAT(run.message, HasSubstr("the program ended while it was running"));
    EXPECT_EQ(run.finished_at, "");
    EXPECT_GE(run.last_step, flushed);
    const auto loss = must(project->metrics(1, "loss"));
    ASSERT_EQ(static_cast<std::int64_t>(loss.size()), run.last_step);  // no gaps: whole batches only
    EXPECT_EQ(must(project->metrics(1, "lr")).size(), loss.size());
    EXPECT_GE(static_cast<std::int64_t>(must(project->spectra(1, "a")).size()), flushed / 10);
    Connection connection = must(Connection::open(path.string(), OpenMode::ReadOnly));
    EXPECT_EQ(must(connection.query_text("PRAGMA integrity_check")), "ok");
    EXPECT_EQ(must(connection.query_text("SELECT state FROM run")), "interrupted");  // in the file, not only shown

    EXPECT_OK(project->truncate_run_after(1, flushed));
    project->record_run_state(1, "running", "");
    project->record_metrics({{1, flushed + 1, "loss", 0.5}});
    EXPECT_OK(project->flush());
    EXPECT_EQ(must(project->run(1)).state, "running");
    EXPECT_EQ(must(project->run(1)).last_loss, 0.5);
  }
}

TEST(Crash, KilledWhileCreatingLeavesNoHalfProject) {
  for (int round = 0; round < 6; ++round) {
    TemporaryFolder folder;
    const fs::path path = folder / "p.weft";
    const Child child = start_child([&](int pipe) {
      tell(pipe, 1);
      (void)open_project(path);
      tell(pipe, 2);
      ::pause();
    });
    ASSERT_EQ(hear(child.report), 1);
    const auto until = std::chrono::steady_clock::now() + std::chrono::microseconds(400 * round);
    while (std::chrono::steady_clock::now() < until) std::this_thread::yield();
    ::kill(child.pid, SIGKILL);
    wait_for(child);
    EXPECT_TRUE(must(open_project(path)->runs()).empty());  // made now, or whole already
  }
}

TEST(Crash, ClosingAProjectInterruptsItsOwnRunsOnly) {
  TemporaryFolder folder;
  auto first = open_project(folder / "p.weft");
  auto second = open_project(folder / "p.weft");
  const RunId mine = must(first->create_run({}, 1)), done = must(first->create_run({}, 1));
  const RunId yours = must(second->create_run({}, 1));
  first->record_run_state(mine, "paused", "loss is NaN at step 4");
  first->record_run_state(done, "done", "");
  second->record_run_state(yours, "running", "");
  EXPECT_OK(first->flush());
  EXPECT_OK(second->flush());
  first.reset();
  EXPECT_EQ(must(second->run(mine)).state, "interrupted");
  EXPECT_EQ(must(second->run(mine)).message, "loss is NaN at step 4; the project was closed while it was paused");
  EXPECT_EQ(must(second->run(done)).state, "done");
  EXPECT_EQ(must(second->run(yours)).state, "running");
  EXPECT_EQ(must(open_project(folder / "p.weft")->run(yours)).state, "running");
}

TEST(Crash, OwnersAreGoneWhenProcessOrBootIs) {
  const RunOwner self = RunOwner::make();
  EXPECT_FALSE(self.is_gone());
  EXPECT_NE(self.token, RunOwner::make().token);
  EXPECT_TRUE((RunOwner{self.pid, "another-boot" + self.token.substr(self.token.find('/'))}).is_gone());
  const auto first = self.token.find('/'), second = self.token.find('/', first + 1);
  EXPECT_TRUE((RunOwner{self.pid, self.token.substr(0, first) + "/12" + self.token.substr(second)}).is_gone());  // number reused
  for (const RunOwner& wrong : {RunOwner{0, ""}, RunOwner{-1, self.token}, RunOwner{self.pid, ""}, RunOwner{self.pid, "x/y"}})
    EXPECT_TRUE(wrong.is_gone());
  const Child child = start_child([](int) {});
  wait_for(child);
  EXPECT_TRUE((RunOwner{child.pid, self.token}).is_gone());
}

// Records until the disk is full; says so; goes on when there is room again. `make_room` is called once.
void fill_the_disk(const fs::path& path, const std::function<void()>& make_room) {
  const auto project = open_project(path);
  const RunId run = must(project->create_run({}, 1));
  project->record_metrics({{run, 0, "loss", 1.0}});
  ASSERT_TRUE(project->flush().ok());
  Status full;
  std::int64_t step = 1;
  for (; full.ok() && step < 20000; ++step) {
    SpectrumRow row = make_spectrum(run, step, "a");
    row.values.assign(512, 1.0f);
    project->record_spectra({row});
    if (step % 100 == 0) full = project->flush();
  }
  ASSERT_EQ(full.code(), ErrorCode::IoError) << full.message();
  EXPECT_THAT(full.message(), HasSubstr("not recorded"));
  EXPECT_THAT(full.message(), ::testing::AnyOf(HasSubstr("disk is full"), HasSubstr("File too large"), HasSubstr("disk I/O error")));
  for (int i = 0; i < 50; ++i) {  // goes on accepting, and counting
    SpectrumRow row = make_spectrum(run, 30000 + i, "a");
    row.values.assign(5120, 1.0f);
    project->record_spectra({row});
  }
  EXPECT_FALSE(project->flush().ok());
  make_room();
  project->record_metrics({{run, 99999, "loss", 0.25}});
  const Status again = project->flush();
  EXPECT_TRUE(again.ok()) << again.message();
}

void expect_whole_after_full_disk(const fs::path& path) {
  const auto project = open_project(path, /*create=*/false);
  EXPECT_EQ(must(project->run(1)).last_loss, 0.25);
  const auto spectra = must(project->spectra(1, "a"));
  EXPECT_GT(spectra.size(), 50u);
  for (std::size_t i = 0; i < 50; ++i) EXPECT_EQ(spectra[i].step, static_cast<std::int64_t>(i + 1));
  Connection connection = must(Connection::open(path.string(), OpenMode::ReadOnly));
  EXPECT_EQ(must(connection.query_text("PRAGMA integrity_check")), "ok");
}

TEST(DiskFull, AFileSizeLimitIsToldAndTheProjectStaysWhole) {
  TemporaryFolder folder;
  const Child child = start_child([&](int) {
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = 1 << 20;
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    fill_the_disk(folder / "p.weft", [&] {
      limit.rlim_cur = limit.rlim_max;
      ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    });
  });
  EXPECT_EQ(wait_for(child), 0);
  expect_whole_after_full_disk(folder / "p.weft");
}

TEST(DiskFull, AFullFileSystemIsToldAndTheProjectStaysWhole) {
  TemporaryFolder folder;
  const Child child = start_child([&](int) {
    // A small file system of our own; only where this process may mount one.
    if (::unshare(CLONE_NEWNS | (::geteuid() == 0 ? 0 : CLONE_NEWUSER)) != 0) ::_exit(77);
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) ::_exit(77);
    if (::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=3m") != 0) ::_exit(77);
    const std::string ballast(1 << 20, 'x');
    {
      FILE* file = std::fopen((folder / "ballast").c_str(), "w");
      ASSERT_NE(file, nullptr);
      std::fwrite(ballast.data(), 1, ballast.size(), file);
      std::fclose(file);
    }
    fill_the_disk(folder / "p.weft", [&] { fs::remove(folder / "ballast"); });
    expect_whole_after_full_disk(folder / "p.weft");
  });
  const int status = wait_for(child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 77) GTEST_SKIP() << "this process may not mount a small file system";
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace weft::testing
