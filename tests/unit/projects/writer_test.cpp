// SPDX-License-Identifier: GPL-3.0-or-later
// The writer thread: batches, order, the bounded queue, readers beside it, failures.
#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <latch>
#include <thread>

#include "projects/db/transaction.h"
#include "projects/store/sqlite_project.h"
#include "tests/unit/projects/project_testing.h"

namespace weft::testing {
namespace {

using ::testing::HasSubstr;

TEST(Writer, TakesAHundredThousandRowsWithoutLoss) {
  TemporaryFolder folder;
  constexpr std::int64_t kSteps = 20000;
  const char* names[] = {"loss", "lr", "grad_norm", "tokens_per_s", "ms"};
  const auto started = std::chrono::steady_clock::now();
  const std::clock_t cpu_started = std::clock();
  const auto project = open_project(folder / "p.weft");
  const RunId run = must(project->create_run({}, kSteps));
  for (std::int64_t step = 1; step <= kSteps; ++step) {  // as a run does it: one call a step
    std::vector<MetricRow> rows;
    for (const char* name : names) rows.push_back({run, step, name, static_cast<double>(step) * 0.5});
    project->record_metrics(std::move(rows));
  }
  EXPECT_OK(project->flush());
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
  const double cpu_seconds = static_cast<double>(std::clock() - cpu_started) / CLOCKS_PER_SEC;
  RecordProperty("seconds_for_100000_rows", std::to_string(seconds.count()));
  RecordProperty("cpu_seconds_for_100000_rows", std::to_string(cpu_seconds));
  for (const char* name : names) {
    const auto rows = must(project->metrics(run, name));
    ASSERT_EQ(rows.size(), static_cast<std::size_t>(kSteps));
    for (std::int64_t step = 1; step <= kSteps; ++step) {
      ASSERT_EQ(rows[static_cast<std::size_t>(step - 1)].step, step);
      ASSERT_EQ(rows[static_cast<std::size_t>(step - 1)].value, static_cast<double>(step) * 0.5);
    }
  }
#ifndef __SANITIZE_THREAD__
  EXPECT_LT(cpu_seconds, 1.0);  // 0.25 s; of the processor, because what else the machine does is not ours
#endif
}

TEST(Writer, ClosingDrainsTheQueue) {
  TemporaryFolder folder;
  {
    const auto project = open_project(folder / "p.weft");
    const RunId run = must(project->create_run({}, 1));
    for (std::int64_t step = 1; step <= 500; ++step) project->record_metrics({{run, step, "loss", 1.0}});
  }
  EXPECT_EQ(must(open_project(folder / "p.weft")->metrics(1, "loss")).size(), 500u);
}

TEST(Writer, ARowIsThereSoonWithoutAFlush) {
  const auto project = must(Project::open(":memory:", true));
  const RunId run = must(project->create_run({}, 1));
  project->record_metrics({{run, 1, "loss", 1.0}});
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (must(project->metrics(run, "")).empty() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_EQ(must(project->metrics(run, "")).size(), 1u);
}

TEST(Writer, ReadersSeeWholeStepsWhileItWrites) {
  TemporaryFolder folder;
  const auto project = open_project(folder / "p.weft");
  const auto beside = open_project(folder / "p.weft");  // a second program's view
  const RunId run = must(project->create_run({}, 1));
  project->record_run_state(run, "running", "");
  EXPECT_OK(project->flush());
  std::atomic<bool> done{false};
  std::atomic<std::size_t> reads{0};
  auto read = [&](Project& from) {
    std::size_t last = 0;
    while (!done) {
      const auto rows = must(from.metrics(run, ""));
      EXPECT_EQ(rows.size() % 3, 0u);  // the rows of one step come together
      EXPECT_GE(rows.size(), last);
      EXPECT_EQ(must(from.run(run)).state, "running");
      last = rows.size();
      ++reads;
    }
  };
  std::thread first(read, std::ref(*project)), second(read, std::ref(*beside));
  for (std::int64_t step = 1; step <= 3000; ++step) {
    project->record_metrics({{run, step, "loss", 1.0}, {run, step, "lr", 1.0}, {run, step, "ms", 1.0}});
    if (step % 500 == 0) EXPECT_OK(project->flush());
  }
  EXPECT_OK(project->flush());
  done = true;
  first.join();
  second.join();
  EXPECT_GT(reads, 0u);
  EXPECT_EQ(must(beside->metrics(run, "loss")).size(), 3000u);
}

TEST(Writer, ManyThreadsMayRecordAndAsk) {
  const auto project = must(Project::open(":memory:", true));
  const RunId run = must(project->create_run({}, 1));
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (std::int64_t step = 0; step < 300; ++step) {
        project->record_metrics({{run, step, "m" + std::to_string(thread), 1.0}});
        if (step % 100 == 0) EXPECT_OK(project->flush());
        if (step % 100 == 50) EXPECT_OK(project->create_run({}, 1).status());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_OK(project->flush());
  EXPECT_EQ(must(project->metrics(run, "")).size(), 1200u);
  EXPECT_EQ(must(project->runs()).size(), 13u);
}

// A writer whose thread stands still at a gate of the test.
struct HeldWriter {
  explicit HeldWriter(const std::filesystem::path& path, WriterLimits limits) {
    OpenedProject opened = must(open_project_file(path.string(), true));
    gate = opened.write;
    writer = std::make_unique<ProjectWriter>(gate, must(RowWriter::create(gate->connection, "", RunOwner::make())), limits);
  }
  std::shared_ptr<LockedConnection> gate;
  std::unique_ptr<ProjectWriter> writer;
};

TEST(Writer, AFullQueueBlocksTheRecorderAndLosesNothing) {
  TemporaryFolder folder;
  HeldWriter held(folder / "p.weft", {.batch_time = std::chrono::milliseconds(0), .batch_rows = 1, .queue_rows = 10});
  std::latch entered(1), release(1);
  held.writer->record([&](RowWriter&) { entered.count_down(); release.wait(); return Status(); }, 1);
  entered.wait();  // the thread is busy: what follows stays in the queue
  std::atomic<int> accepted{0}, written{0};
  std::thread recorder([&] {
    for (int i = 0; i < 100; ++i) {
      held.writer->record([&](RowWriter&) { ++written; return Status(); }, 1);
      ++accepted;
    }
  });
  while (accepted < 10) std::this_thread::yield();
  for (int i = 0; i < 1000; ++i) std::this_thread::yield();
  EXPECT_EQ(accepted, 10);
  release.count_down();
  recorder.join();
  EXPECT_OK(held.writer->flush());
  EXPECT_EQ(written, 100);
}

TEST(Writer, WhatWaitsTogetherIsOneTransaction) {
  TemporaryFolder folder;
  HeldWriter held(folder / "p.weft", {.batch_time = std::chrono::milliseconds(0)});
  std::latch entered(1), release(1);
  held.writer->record([&](RowWriter&) { entered.count_down(); release.wait(); return Status(); }, 1);
  entered.wait();
  std::vector<int> order;
  for (const int job : {1, 2}) held.writer->record([&, job](RowWriter&) { order.push_back(job); return Status(); }, 1);
  held.writer->record([&](RowWriter&) { order.push_back(3); return io_error("no"); }, 1);
  held.writer->record([&](RowWriter&) { order.push_back(4); return Status(); }, 1);
  release.count_down();
  EXPECT_FALSE(held.writer->flush().ok());
  // All together up to the failure, which undid them; then each by itself.
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3, 1, 2, 3, 4}));
}

TEST(Writer, AJobLargerThanTheQueueStillPasses) {
  TemporaryFolder folder;
  HeldWriter held(folder / "p.weft", {.queue_rows = 10});
  std::atomic<int> written{0};
  held.writer->record([&](RowWriter&) { ++written; return Status(); }, 1000);
  held.writer->record([&](RowWriter&) { ++written; return Status(); }, 1000);
  EXPECT_OK(held.writer->flush());
  EXPECT_EQ(written, 2);
}

TEST(Writer, TheFirstFailureIsToldWithTheRowsLost) {
  TemporaryFolder folder;
  HeldWriter held(folder / "p.weft", {});
  held.writer->record([](RowWriter&) { return io_error("first"); }, 5);
  held.writer->record([](RowWriter&) { return corrupt("second"); }, 7);
  held.writer->record([](RowWriter&) -> Status { throw std::runtime_error("thrown"); }, 1);
  const Status status = held.writer->flush();
  EXPECT_EQ(status.code(), ErrorCode::IoError);
  EXPECT_THAT(status.message(), HasSubstr("13 rows were not recorded: first"));
  EXPECT_OK(held.writer->flush());
  EXPECT_EQ(held.writer->perform([](RowWriter&) -> Status { throw std::bad_alloc(); }).code(), ErrorCode::OutOfMemory);
  EXPECT_OK(held.writer->flush());
}

TEST(Writer, ALockHeldElsewhereIsWaitedForThenTold) {
  TemporaryFolder folder;
  const std::string path = (folder / "p.weft").string();
  (void)open_project(path);
  Connection other = must(Connection::open(path, OpenMode::ReadWrite));
  auto gate = std::make_shared<LockedConnection>(must(Connection::open(path, OpenMode::ReadWrite, /*busy_timeout_ms=*/20)));
  ProjectWriter writer(gate, must(RowWriter::create(gate->connection, "", RunOwner::make())), {.busy_tries = 3});
  RunId run = 0;
  auto create = [&](RowWriter& rows) -> Status {
    WEFT_ASSIGN_OR_RETURN(run, rows.create_run({}, 1));
    return {};
  };
  {
    const Transaction foreign = must(Transaction::begin(other));
    const Status refused = writer.perform(create);
    EXPECT_EQ(refused.code(), ErrorCode::Busy);
    EXPECT_THAT(refused.message(), HasSubstr("another program is writing"));
  }
  EXPECT_OK(writer.perform(create));
  EXPECT_EQ(run, 1);
}

}  // namespace
}  // namespace weft::testing
