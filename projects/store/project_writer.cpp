// SPDX-License-Identifier: GPL-3.0-or-later
#include "projects/store/project_writer.h"

#include <pthread.h>

#include <exception>
#include <iterator>
#include <utility>

#include "projects/db/transaction.h"

namespace weft {

ProjectWriter::ProjectWriter(std::shared_ptr<LockedConnection> gate, RowWriter rows, WriterLimits limits)
    : gate_(std::move(gate)), limits_(limits), rows_(std::move(rows)), thread_([this] { run(); }) {
  pthread_setname_np(thread_.native_handle(), "weft-writer");
}

ProjectWriter::~ProjectWriter() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_arrived_.notify_all();
  thread_.join();
}

void ProjectWriter::record(Work work, std::size_t row_count) {
  {
    std::unique_lock lock(mutex_);
    // A job larger than the queue passes when it is alone.
    room_made_.wait(lock, [&] { return queued_rows_ == 0 || queued_rows_ + row_count <= limits_.queue_rows; });
    queue_.push_back({std::move(work), row_count, std::nullopt, std::chrono::steady_clock::now()});
    queued_rows_ += row_count;
  }
  work_arrived_.notify_one();
}

Status ProjectWriter::ask(Work work) {
  std::promise<Status> answer;
  std::future<Status> status = answer.get_future();
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back({std::move(work), 0, std::move(answer), std::chrono::steady_clock::now()});
    ++waiting_asks_;
  }
  work_arrived_.notify_one();
  return status.get();
}

Status ProjectWriter::perform(Work work) { return ask(std::move(work)); }

Status ProjectWriter::flush() { return ask(nullptr); }

void ProjectWriter::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_arrived_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;  // stopping, and drained
    work_arrived_.wait_until(lock, queue_.front().queued_at + limits_.batch_time,
                             [&] { return stopping_ || waiting_asks_ > 0 || queued_rows_ >= limits_.batch_rows; });
    std::vector<Job> jobs(std::make_move_iterator(queue_.begin()), std::make_move_iterator(queue_.end()));
    queue_.clear();
    queued_rows_ = 0;
    waiting_asks_ = 0;
    lock.unlock();
    room_made_.notify_all();
    process(jobs);
    lock.lock();
  }
}

void ProjectWriter::process(std::vector<Job>& jobs) {
  std::size_t first = 0;
  while (first < jobs.size()) {
    std::size_t last = first, batch_rows = 0;
    while (last < jobs.size() && !jobs[last].answer && batch_rows < limits_.batch_rows) batch_rows += jobs[last++].row_count;
    if (last > first) {
      write_batch(std::span(jobs).subspan(first, last - first));
    } else {
      Job& asked = jobs[last++];
      asked.answer->set_value(asked.work ? in_transaction(std::span(&asked, 1)) : take_failure());
    }
    first = last;
  }
}

void ProjectWriter::write_batch(std::span<Job> batch) {
  const Status status = in_transaction(batch);
  if (status.ok()) return;
  // Nothing of the batch is in the file. One bad row must not cost its neighbours; a lock held elsewhere would only be
  // waited for again.
  const bool alone = batch.size() == 1 || status.code() == ErrorCode::Busy;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const Status one = alone ? status : in_transaction(batch.subspan(i, 1));
    if (!one.ok()) keep_failure(one, batch[i].row_count);
  }
}

Status ProjectWriter::in_transaction(std::span<Job> batch) {
  Status status;
  for (int tries = 0; tries < limits_.busy_tries; ++tries) {
    try {
      status = try_transaction(batch);
    } catch (const std::bad_alloc&) {
      status = {ErrorCode::OutOfMemory, "not enough memory to write to the project"};
    } catch (const std::exception& error) {
      status = internal_error(error.what());
    }
    if (status.code() != ErrorCode::Busy) break;
  }
  return status;
}

Status ProjectWriter::try_transaction(std::span<Job> batch) {
  const std::lock_guard lock(gate_->mutex);
  WEFT_ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(gate_->connection));
  for (Job& job : batch) WEFT_RETURN_IF_ERROR(job.work(rows_));
  return transaction.commit();
}

void ProjectWriter::keep_failure(const Status& status, std::size_t row_count) {
  if (first_failure_.ok()) first_failure_ = status;
  lost_rows_ += row_count;
}

Status ProjectWriter::take_failure() {
  const Status failure = std::exchange(first_failure_, Status());
  const std::size_t lost = std::exchange(lost_rows_, 0);
  if (failure.ok()) return {};
  return failure.with_context("[project.write] " + std::to_string(lost) + (lost == 1 ? " row was" : " rows were") + " not recorded");
}

}  // namespace weft
