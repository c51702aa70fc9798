// SPDX-License-Identifier: GPL-3.0-or-later
// The queue's rows, notes, and what goes when a run is deleted.
#include <gmock/gmock.h>

#include "projects/db/connection.h"
#include "tests/unit/projects/project_testing.h"

namespace weft::testing {
namespace {

using ::testing::HasSubstr;

class Queue : public ::testing::Test {
 protected:
  void add(std::initializer_list<const char*> names) {
    std::vector<NewQueueEntry> entries;
    for (const char* name : names) entries.push_back({name, {{"name", name}}});
    (void)must(queue().add(entries));
  }
  RunQueue& queue() { return project_->queue(); }
  std::string text() { return queue_text(*project_); }
  std::unique_ptr<Project> project_ = open_project(":memory:");
};

TEST_F(Queue, KeepsTheOrderThatIsAskedFor) {
  add({"a", "b", "c"});
  EXPECT_OK(queue().move(3, 1));
  EXPECT_EQ(text(), "3 waiting c\n1 waiting a\n2 waiting b\n");
  EXPECT_OK(queue().move(3, 99));
  EXPECT_EQ(text(), "1 waiting a\n2 waiting b\n3 waiting c\n");
  EXPECT_OK(queue().remove(1));
  EXPECT_OK(queue().move(3, 1));
  EXPECT_EQ(text(), "3 waiting c\n2 waiting b\n");
  add({"d"});
  EXPECT_EQ(text(), "3 waiting c\n2 waiting b\n4 waiting d\n");
  EXPECT_EQ(queue().move(9, 1).code(), ErrorCode::NotFound);
  EXPECT_EQ(queue().move(3, 0).code(), ErrorCode::InvalidArgument);
  EXPECT_EQ(queue().remove(1).code(), ErrorCode::NotFound);
}

TEST_F(Queue, GivesTheFirstPendingEntryAndGoesOnAfterAFailure) {
  const RunId run = must(project_->create_run({}, 5));
  add({"a", "b", "c"});
  const auto first = must(queue().claim());
  EXPECT_EQ(first->name, "a");
  EXPECT_EQ(first->config["name"], "a");
  EXPECT_OK(queue().set_run(1, run));
  EXPECT_EQ(queue().remove(1).code(), ErrorCode::Busy);
  EXPECT_THAT(queue().remove(1).message(), HasSubstr("\"a\") is running"));
  EXPECT_OK(queue().settle(1, "failed", "no memory"));
  EXPECT_EQ(must(queue().claim())->name, "b");
  EXPECT_OK(queue().settle(2, "stopped", ""));
  EXPECT_EQ(text(), "1 failed a -> r1 (no memory)\n2 stopped b\n3 waiting c\n");
  EXPECT_EQ(must(queue().claim())->state, "stopped");  // it goes on before the rest
  EXPECT_OK(queue().settle(2, "done", ""));
  EXPECT_EQ(must(queue().claim())->name, "c");
  EXPECT_OK(queue().settle(3, "done", ""));
  EXPECT_FALSE(must(queue().claim()).has_value());
}

TEST_F(Queue, RefusesNamesThatCannotBeShownAndAddsAllOrNothing) {
  EXPECT_EQ(queue().add({{"good", {}}, {" ", {}}}).status().code(), ErrorCode::InvalidArgument);
  EXPECT_EQ(queue().add({{"two\nlines", {}}}).status().code(), ErrorCode::InvalidArgument);
  EXPECT_EQ(queue().add({{std::string(201, 'x'), {}}}).status().code(), ErrorCode::InvalidArgument);
  EXPECT_EQ(text(), "");
}

TEST(QueueFile, AConfigurationCannotBeChanged) {
  TemporaryFolder folder;
  const std::string path = (folder / "p.weft").string();
  (void)must(open_project(path)->queue().add({{"a", {{"rank", 8}}}}));
  Connection connection = must(Connection::open(path, OpenMode::ReadWrite));
  EXPECT_THAT(connection.execute("UPDATE queue SET config = '{}'").message(), HasSubstr("cannot be changed"));
}

TEST(QueueFile, AnEntryOfADeadProgramIsWhatItsRunCameTo) {
  TemporaryFolder folder;
  const std::string path = (folder / "p.weft").string();
  {
    const auto project = open_project(path);
    for (int i = 0; i < 3; ++i) (void)must(project->create_run({}, 5));
    project->record_run_state(1, "done", "");
    project->record_run_state(2, "failed", "no memory");
    EXPECT_OK(project->flush());
    (void)must(project->queue().add({{"a", {}}, {"b", {}}, {"c", {}}, {"d", {}}, {"e", {}}}));
  }
  {
    Connection connection = must(Connection::open(path, OpenMode::ReadWrite));
    EXPECT_OK(connection.execute("UPDATE run SET state = 'running', message = '', owner_pid = 1, owner_token = 'other-boot/1/x' WHERE id = 3"));
    EXPECT_OK(connection.execute("UPDATE queue SET state = 'running', owner_pid = 1, owner_token = 'other-boot/1/x', run = id WHERE id < 4"));
    EXPECT_OK(connection.execute("UPDATE queue SET state = 'running', owner_pid = 1, owner_token = 'other-boot/1/x' WHERE id = 4"));
  }
  const auto project = open_project(path);
  EXPECT_EQ(queue_text(*project),
            "1 done a -> r1\n2 failed b -> r2 (no memory)\n3 interrupted c -> r3 (the program ended while it was running)\n4 waiting d\n5 waiting e\n");
  EXPECT_EQ(must(project->queue().claim())->name, "c");
}

TEST(QueueFile, ClosingInterruptsTheEntryThatRuns) {
  TemporaryFolder folder;
  const std::string path = (folder / "p.weft").string();
  {
    const auto project = open_project(path);
    (void)must(project->queue().add({{"a", {}}, {"b", {}}}));
    (void)must(project->queue().claim());
    EXPECT_OK(project->queue().set_run(1, must(project->create_run({}, 5))));
    const auto other = open_project(path);  // a living owner's entry is left alone
    EXPECT_EQ(queue_text(*other), "1 running a -> r1\n2 waiting b\n");
    EXPECT_EQ(must(other->queue().claim())->name, "b");
  }
  const auto project = open_project(path);
  EXPECT_EQ(queue_text(*project), "1 interrupted a -> r1 (the project was closed while it was queued)\n2 waiting b\n");
}

TEST(Notes, AreKeptWithTheirRun) {
  const auto project = open_project(":memory:");
  const RunId run = must(project->create_run({}, 5));
  EXPECT_OK(project->set_run_note(run, "first line\nsecond line"));
  EXPECT_EQ(must(project->run(run)).note, "first line\nsecond line");
  EXPECT_OK(project->set_run_note(run, "other"));
  EXPECT_EQ(must(project->runs()).at(0).note, "other");
  EXPECT_OK(project->set_run_note(run, ""));
  EXPECT_EQ(must(project->run(run)).note, "");
  EXPECT_EQ(project->set_run_note(7, "x").code(), ErrorCode::NotFound);
  EXPECT_EQ(project->set_run_note(run, std::string(70000, 'x')).code(), ErrorCode::InvalidArgument);
}

TEST(DeleteRun, TakesAllThatWasRecordedOfItAndNothingElse) {
  TemporaryFolder folder;
  const std::string path = (folder / "p.weft").string();
  const auto project = open_project(path);
  fill_fixture(*project);
  fill_queue(*project);
  EXPECT_OK(project->delete_run(1));
  EXPECT_EQ(must(project->runs()).size(), 1u);
  EXPECT_TRUE(must(project->metrics(1, "")).empty());
  EXPECT_TRUE(must(project->spectra(1, "")).empty());
  EXPECT_TRUE(must(project->artifacts(0)).empty());
  EXPECT_EQ(must(project->metrics(2, "")).size(), 1u);
  EXPECT_EQ(queue_text(*project), "1 done base\n2 failed rank=8 -> r2 (loss is NaN at step 3)\n3 waiting rank=16\n");
  EXPECT_EQ(project->delete_run(1).code(), ErrorCode::NotFound);
  const RunId next = must(project->create_run({}, 1));
  EXPECT_EQ(next, 3);  // numbers are never used twice
  EXPECT_EQ(project->delete_run(next).code(), ErrorCode::Busy);
}

TEST(RunList, LeavesOutWhatIsLong) {
  const auto project = open_project(":memory:");
  fill_fixture(*project);
  EXPECT_EQ(must(project->runs()).at(0).started, (Json{{"trainable", 1024}}));
  EXPECT_EQ(must(project->run(1)).started["sites"].size(), 2u);
}

TEST(ThinnedMetrics, AreFewAndHoldBothEnds) {
  const auto project = open_project(":memory:");
  const RunId run = must(project->create_run({}, 1000));
  std::vector<MetricRow> rows;
  for (std::int64_t step = 1; step <= 1000; ++step) rows.push_back({run, step, "loss", static_cast<double>(step)});
  project->record_metrics(rows);
  project->record_metrics({{run, 5, "eval_loss", 1.0}, {run, 1000, "eval_loss", 2.0}});
  EXPECT_OK(project->flush());
  const auto thinned = must(project->thinned_metrics(run, "loss", 10));
  ASSERT_EQ(thinned.size(), 10u);
  EXPECT_EQ(thinned.front().step, 1);
  EXPECT_EQ(thinned.back().step, 1000);
  EXPECT_EQ(thinned[1].step, 112);
  EXPECT_EQ(must(project->thinned_metrics(run, "eval_loss", 10)).size(), 2u);
  EXPECT_TRUE(must(project->thinned_metrics(run, "none", 10)).empty());
  EXPECT_TRUE(must(project->thinned_metrics(9, "loss", 10)).empty());
}

}  // namespace
}  // namespace weft::testing
