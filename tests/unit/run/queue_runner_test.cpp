// SPDX-License-Identifier: GPL-3.0-or-later
// The queue's runner against a scripted engine and a real project file; and deleting what it made.
#include "app/run/queue_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "app/run/run_removal.h"
#include "tests/support/fake_engine.h"
#include "tests/support/test_files.h"

namespace weft {
namespace {

namespace fs = std::filesystem;
using test::FakeEngine;
using ::testing::HasSubstr;

// An engine that follows a script, and the queue that it works off.
struct ScriptedQueue {
  explicit ScriptedQueue(Project& project, test::FakeScript script = {}) : engine(script), service(engine, project), runner(service, project) {}
  // Runs entries until the runner says no more; the names of the runs in order.
  std::string run_all() {
    std::string names;
    for (;;) {
      const auto begun = runner.begin_next();
      EXPECT_TRUE(begun.ok()) << begun.status().message();
      if (!begun.ok() || !*begun) return names;
      names += (names.empty() ? "" : " ") + (*begun)->name + ((*begun)->resumed ? "+" : "");
      const auto next = runner.conclude(service.wait(), "");
      EXPECT_TRUE(next.ok()) << next.status().message();
      if (!next.ok() || !*next) return names;
    }
  }

  FakeEngine engine;
  RunService service;
  QueueRunner runner;
};

class QueueRunnerTest : public testing::Test {
 protected:
  void SetUp() override { open(); }
  void open() {
    project_.reset();
    auto project = Project::open(folder_.file("p.weft"), true);
    ASSERT_TRUE(project.ok()) << project.status().message();
    project_ = std::move(*project);
  }
  void add(const std::string& name, std::int64_t steps = 5) {
    TrainRequest r;
    r.model["path"] = folder_.write("model.gguf", "x");
    r.data["path"] = folder_.write("rows.jsonl", "{}");
    r.train = {{"steps", steps}, {"checkpoint_every", 2}};
    const auto frozen = freeze(r);
    ASSERT_TRUE(frozen.ok()) << frozen.status().message();
    ASSERT_TRUE(project_->queue().add({{name, to_json(*frozen)}}).ok());
  }
  std::string text() {
    std::string text;
    const auto entries = project_->queue().entries();
    for (const auto& e : *entries)
      text += e.name + " " + e.state + (e.run ? " r" + std::to_string(e.run) : "") + (e.message.empty() ? "" : " (" + e.message + ")") + "\n";
    return text;
  }

  test::TemporaryFolder folder_;
  std::unique_ptr<Project> project_;
};

TEST_F(QueueRunnerTest, RunsAllInOrderUnderTheirNames) {
  add("a");
  add("b");
  ASSERT_TRUE(project_->queue().move(2, 1).ok());
  ScriptedQueue queue(*project_);
  EXPECT_EQ(queue.run_all(), "b a");
  EXPECT_EQ(text(), "b done r1\na done r2\n");
  EXPECT_EQ(project_->run(1)->name, "b");
  EXPECT_EQ(queue.runner.failures(), 0);
}

TEST_F(QueueRunnerTest, AnEntryIsWhatItWasWhenItWasAdded) {
  add("a", 7);
  folder_.write("run.toml", "[train]\nsteps = 3\n");  // later changes reach nobody
  ASSERT_TRUE(project_->save_draft({{"train", {{"steps", 3}}}}).ok());
  ScriptedQueue queue(*project_);
  queue.run_all();
  ASSERT_EQ(queue.engine.requests().size(), 1u);
  EXPECT_EQ(queue.engine.requests()[0].train["steps"], 7);
}

TEST_F(QueueRunnerTest, GoesOnAfterAFailureAndSaysWhy) {
  add("a", 5);
  add("b", 2);
  ScriptedQueue queue(*project_, {.fail_at_step = 3});
  EXPECT_EQ(queue.run_all(), "a b");
  EXPECT_THAT(text(), HasSubstr("a failed r1 ("));
  EXPECT_THAT(text(), HasSubstr("b done r2\n"));
  EXPECT_EQ(queue.runner.failures(), 1);
}

TEST_F(QueueRunnerTest, AnEntryThatCannotBeginFailsAndTheNextIsTried) {
  ASSERT_TRUE(project_->queue().add({{"broken", {{"modle", Json::object()}}}}).ok());
  add("b");
  ScriptedQueue queue(*project_);
  EXPECT_EQ(queue.run_all(), "b");
  EXPECT_THAT(text(), HasSubstr("broken failed (unknown section [modle]; did you mean [model]?)"));
}

TEST_F(QueueRunnerTest, ARunThatPausedByItselfIsAFailure) {
  add("a");
  add("b");
  ScriptedQueue queue(*project_, {.hold_before_step = 3});
  ASSERT_TRUE(queue.runner.begin_next().ok());
  queue.engine.wait_until_held();
  ASSERT_TRUE(queue.service.control(Control::Stop).ok());
  EXPECT_TRUE(*queue.runner.conclude(queue.service.wait(), "loss is NaN at step 3"));
  EXPECT_EQ(text(), "a failed r1 (loss is NaN at step 3)\nb waiting\n");
}

TEST_F(QueueRunnerTest, AStopByHandLeavesTheRestWaitingAndGoesOnLater) {
  add("a");
  add("b");
  ScriptedQueue queue(*project_, {.hold_before_step = 4});
  ASSERT_TRUE(queue.runner.begin_next().ok());
  EXPECT_EQ(queue.runner.begin_next().status().code(), ErrorCode::Busy);
  EXPECT_EQ(text(), "a running r1\nb waiting\n");
  queue.engine.wait_until_held();
  ASSERT_TRUE(queue.service.control(Control::Stop).ok());
  EXPECT_FALSE(*queue.runner.conclude(queue.service.wait(), ""));
  EXPECT_EQ(text(), "a stopped r1\nb waiting\n");
  queue.engine.release();
  EXPECT_EQ(queue.run_all(), "a+ b");
  EXPECT_EQ(text(), "a done r1\nb done r2\n");
}

TEST_F(QueueRunnerTest, StopsAfterThisOneWhenTold) {
  add("a");
  add("b");
  ScriptedQueue queue(*project_);
  queue.runner.stop_after_this(true);
  EXPECT_EQ(queue.run_all(), "a");
  EXPECT_EQ(text(), "a done r1\nb waiting\n");
}

TEST_F(QueueRunnerTest, WhatAClosedProgramLeftGoesOn) {
  add("a");
  add("b");
  {
    ScriptedQueue queue(*project_, {.hold_before_step = 4});
    ASSERT_TRUE(queue.runner.begin_next().ok());
    queue.engine.wait_until_held();
    ASSERT_TRUE(queue.service.control(Control::Abandon).ok());
    (void)queue.service.wait();
  }  // never concluded
  open();
  EXPECT_THAT(text(), HasSubstr("a failed r1 (abandoned)\nb waiting\n"));
  ScriptedQueue queue(*project_);
  EXPECT_EQ(queue.run_all(), "b");
}

TEST_F(QueueRunnerTest, DeletingARunTakesItsCheckpointsAndKeepsExports) {
  add("a");
  add("b");
  ScriptedQueue queue(*project_);
  queue.run_all();
  const std::string exported = folder_.write("adapter.safetensors", "kept");
  ASSERT_TRUE(project_->save_artifact({.run = 1, .step = 5, .format = "peft", .path = exported, .bytes = 4}).ok());
  const fs::path folder = fs::path(project_->files_folder()) / "checkpoints/r1";
  fs::create_symlink(exported, folder / "link");
  const auto removal = plan_removal(*project_, 1);
  ASSERT_TRUE(removal.ok()) << removal.status().message();
  EXPECT_EQ(removal->name, "a");
  EXPECT_EQ(removal->kept, std::vector<std::string>{exported});
  EXPECT_EQ(removal->files.size(), 4u);  // steps 2, 4, 5 and the link
  EXPECT_GT(removal->bytes(), 0u);
  const Status status = remove_run(*project_, *removal);
  EXPECT_TRUE(status.ok()) << status.message();
  EXPECT_FALSE(fs::exists(folder));
  EXPECT_TRUE(fs::exists(exported));
  EXPECT_TRUE(fs::exists(folder.parent_path() / "r2"));
  EXPECT_EQ(project_->runs()->size(), 1u);
  EXPECT_EQ(text(), "a done\nb done r2\n");
}

TEST_F(QueueRunnerTest, DeletingTouchesNoFileThatAProjectMerelyNames) {
  add("a");
  ScriptedQueue queue(*project_);
  queue.run_all();
  const std::string precious = folder_.write("precious.txt", "x");
  project_->record_checkpoint({.run = 1, .step = 9, .path = precious, .sha256 = "", .bytes = 1});
  const fs::path folders = fs::path(project_->files_folder()) / "checkpoints";
  fs::rename(folders / "r1", folder_.file("elsewhere"));
  fs::create_directory_symlink(folder_.file("elsewhere"), folders / "r1");
  ASSERT_TRUE(project_->flush().ok());
  const auto removal = plan_removal(*project_, 1);
  ASSERT_TRUE(removal.ok());
  EXPECT_TRUE(removal->files.empty());
  EXPECT_TRUE(remove_run(*project_, *removal).ok());
  EXPECT_TRUE(fs::exists(precious));
  EXPECT_FALSE(fs::is_empty(folder_.file("elsewhere")));
}

}  // namespace
}  // namespace weft
