// SPDX-License-Identifier: GPL-3.0-or-later
// The queue's rows: read under the lock of the project's read connection, changed by its writer.
#pragma once

#include <functional>

#include "projects/api/run_queue.h"
#include "projects/store/project_file.h"
#include "projects/store/project_writer.h"

namespace weft {

class SqliteQueue final : public RunQueue {
 public:
  using Perform = std::function<Status(const char* place, ProjectWriter::Work work)>;

  // `version`: of the file's schema; one before the queue reads as empty. The project outlives it.
  SqliteQueue(LockedConnection& read, int version, Perform perform);

  [[nodiscard]] Result<std::vector<QueueEntry>> entries() override;
  [[nodiscard]] Result<std::vector<QueueId>> add(const std::vector<NewQueueEntry>& entries) override;
  [[nodiscard]] Status move(QueueId entry, std::int64_t position) override;
  [[nodiscard]] Status remove(QueueId entry) override;
  [[nodiscard]] Result<std::optional<QueueEntry>> claim() override;
  [[nodiscard]] Status set_run(QueueId entry, std::int64_t run) override;
  [[nodiscard]] Status settle(QueueId entry, const std::string& state, const std::string& message) override;

  static constexpr int kFirstVersion = 2;  // of the schema that has it

 private:
  LockedConnection& read_;
  const int version_;
  const Perform perform_;
};

// Puts down what became of entries that programs now gone were running, and of this owner's own when `closing`. After the runs' own
// states are mended; inside a transaction of the caller.
[[nodiscard]] Status settle_left_entries(Connection& connection, const RunOwner& self, bool closing);

}  // namespace weft
