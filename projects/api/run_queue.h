// SPDX-License-Identifier: GPL-3.0-or-later
// The queue of a project: configurations frozen when they were added, to be run one after the other. Same rules as Project: reading
// from any thread; changes are on disk when they return, and refused where the project is read-only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/json.h"
#include "engine/core/status.h"

namespace weft {

using QueueId = std::int64_t;

// Stored in projects: never renamed.
inline constexpr std::string_view kQueueWaiting = "waiting", kQueueRunning = "running", kQueueDone = "done", kQueueFailed = "failed",
                                  kQueueStopped = "stopped",          // by hand, with a checkpoint
                                  kQueueInterrupted = "interrupted",  // the program that ran it is gone
                                  kQueueRemoved = "removed";

struct QueueEntry {
  QueueId id = 0;
  std::string name, state;
  Json config;                  // immutable
  std::int64_t run = 0;         // the run it became; 0: none yet, or deleted since
  std::string message;          // why it failed
  std::string added_at;         // UTC, ISO 8601

  // It will still be run: waiting, or gone on with after a stop.
  [[nodiscard]] bool pending() const { return state == kQueueWaiting || state == kQueueStopped || state == kQueueInterrupted; }
};

struct NewQueueEntry {
  std::string name;
  Json config;
};

class RunQueue {
 public:
  virtual ~RunQueue() = default;

  // In order, without those removed. An entry whose program died shows what became of it.
  [[nodiscard]] virtual Result<std::vector<QueueEntry>> entries() = 0;
  // At the end, all or none.
  [[nodiscard]] virtual Result<std::vector<QueueId>> add(const std::vector<NewQueueEntry>& entries) = 0;
  // To `position`, counted from 1 as entries() has them; a higher one means the end.
  [[nodiscard]] virtual Status move(QueueId entry, std::int64_t position) = 0;
  // Its run, if any, stays. Refuses the one that is running.
  [[nodiscard]] virtual Status remove(QueueId entry) = 0;

  // Makes the first pending entry "running" for this program, so that no other takes it; nullopt when none is left.
  // The entry comes back as it was before.
  [[nodiscard]] virtual Result<std::optional<QueueEntry>> claim() = 0;
  [[nodiscard]] virtual Status set_run(QueueId entry, std::int64_t run) = 0;
  // How it ended: one of the states above but "running".
  [[nodiscard]] virtual Status settle(QueueId entry, const std::string& state, const std::string& message) = 0;
};

}  // namespace weft
