// SPDX-License-Identifier: GPL-3.0-or-later
// The only thread that changes a project ("weft-writer"). Work queues up in a bounded queue and is done in order, many
// recordings in one transaction. Destroying it drains the queue, then stops the thread.
// All methods may be called from any thread except the writer's own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "projects/store/project_file.h"
#include "projects/store/row_writer.h"

namespace weft {

struct WriterLimits {
  std::chrono::milliseconds batch_time{250};  // a row waits at most this long for others
  std::size_t batch_rows = 4096;              // a batch of that many rows does not wait
  std::size_t queue_rows = 65536;             // record() blocks while more than that wait
  int busy_tries = 6;                         // each as long as the connection's busy timeout (5 s)
};

class ProjectWriter {
 public:
  using Work = std::function<Status(RowWriter&)>;

  // `rows` was made on the connection of `gate`.
  ProjectWriter(std::shared_ptr<LockedConnection> gate, RowWriter rows, WriterLimits limits = {});
  ~ProjectWriter();
  ProjectWriter(const ProjectWriter&) = delete;
  ProjectWriter& operator=(const ProjectWriter&) = delete;

  // Queues work that writes `row_count` rows; returns at once, or blocks while the queue is full. Its failure is kept for flush().
  void record(Work work, std::size_t row_count);
  // Does work in a transaction of its own, after everything queued before; returns when it is committed. Its failure is
  // returned here and not kept.
  [[nodiscard]] Status perform(Work work);
  // Waits for everything queued before; returns the first failure since the last flush, with the number of rows lost.
  [[nodiscard]] Status flush();

 private:
  struct Job {
    Work work;                                            // empty for a flush
    std::size_t row_count = 0;
    std::optional<std::promise<Status>> answer;           // of perform() and flush()
    std::chrono::steady_clock::time_point queued_at;
  };

  [[nodiscard]] Status ask(Work work);
  void run();                                             // the thread
  void process(std::vector<Job>& jobs);
  void write_batch(std::span<Job> batch);
  [[nodiscard]] Status in_transaction(std::span<Job> batch);
  [[nodiscard]] Status try_transaction(std::span<Job> batch);
  void keep_failure(const Status& status, std::size_t row_count);
  [[nodiscard]] Status take_failure();

  // Constant after construction.
  const std::shared_ptr<LockedConnection> gate_;
  const WriterLimits limits_;

  // Used by the thread alone.
  RowWriter rows_;
  Status first_failure_;
  std::size_t lost_rows_ = 0;

  std::mutex mutex_;
  std::condition_variable work_arrived_, room_made_;
  std::deque<Job> queue_;          // guarded by mutex_
  std::size_t queued_rows_ = 0;    // guarded by mutex_
  std::size_t waiting_asks_ = 0;   // guarded by mutex_: jobs somebody waits for; they do not wait for a batch to fill
  bool stopping_ = false;          // guarded by mutex_

  std::thread thread_;             // last: starts when everything else is there
};

}  // namespace weft
