// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the queue of a project, entry by entry: the caller begins the next one, sees its run through as any other, and concludes it.
// Any thread, one call at a time but for stop_after_this(). Service and project outlive it.
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "app/run/run_service.h"
#include "projects/api/run_queue.h"

namespace weft {

class QueueRunner {
 public:
  QueueRunner(RunService& service, Project& project) : service_(service), project_(project) {}

  struct Begun {
    QueueId entry = 0;
    std::string name;
    RunId run = 0;
    bool resumed = false;
  };
  // Begins the first entry that is pending: one that was stopped or interrupted goes on with its run. One that cannot begin fails with
  // its reason and the next is tried. nullopt: none is left. Busy, and the queue as it was, while a run goes on.
  [[nodiscard]] Result<std::optional<Begun>> begin_next();
  // Puts down how the entry ended that was begun last. `trouble`: why its run paused by itself before it was stopped, "" when it did not.
  // True: go on with the next one. A failure does not end the queue, a stop by hand and stop_after_this() do.
  [[nodiscard]] Result<bool> conclude(const FinishedEvent& end, const std::string& trouble);

  void stop_after_this(bool on) { stop_after_this_ = on; }
  [[nodiscard]] bool stops_after_this() const { return stop_after_this_; }
  [[nodiscard]] int failures() const { return failures_; }  // entries that this runner saw fail

 private:
  [[nodiscard]] Result<RunId> begin(const QueueEntry& entry);
  [[nodiscard]] Status settle(QueueId entry, std::string_view state, const std::string& message);

  RunService& service_;
  Project& project_;
  QueueId current_ = 0;
  int failures_ = 0;
  std::atomic<bool> stop_after_this_{false};
};

}  // namespace weft
