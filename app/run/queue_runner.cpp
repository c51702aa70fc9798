// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run/queue_runner.h"

#include <utility>

namespace weft {

Result<RunId> QueueRunner::begin(const QueueEntry& entry) {
  if (entry.run != 0) return service_.resume(entry.run);
  WEFT_ASSIGN_OR_RETURN(const TrainRequest request, train_request_from_json(entry.config));
  return service_.start(request);
}

Status QueueRunner::settle(QueueId entry, std::string_view state, const std::string& message) {
  failures_ += state == kQueueFailed;
  return project_.queue().settle(entry, std::string(state), message);
}

Result<std::optional<QueueRunner::Begun>> QueueRunner::begin_next() {
  WEFT_RETURN_IF_ERROR(check_recordable(project_));
  if (service_.active()) return Status(ErrorCode::Busy, "a run is going on; the queue begins when it is over");
  for (;;) {
    WEFT_ASSIGN_OR_RETURN(const std::optional<QueueEntry> entry, project_.queue().claim());
    if (!entry) return std::optional<Begun>();
    const Result<RunId> run = begin(*entry);
    if (!run.ok() && run.status().code() == ErrorCode::Busy) {
      WEFT_RETURN_IF_ERROR(project_.queue().settle(entry->id, entry->state, entry->message));
      return run.status();
    }
    if (!run.ok()) {
      WEFT_RETURN_IF_ERROR(settle(entry->id, kQueueFailed, run.status().message()));
      continue;
    }
    current_ = entry->id;
    WEFT_RETURN_IF_ERROR(project_.queue().set_run(entry->id, *run));
    if (entry->run == 0) (void)project_.rename_run(*run, entry->name);  // where the name is taken the run keeps its number
    return std::optional(Begun{entry->id, entry->name, *run, entry->run != 0});
  }
}

Result<bool> QueueRunner::conclude(const FinishedEvent& end, const std::string& trouble) {
  if (current_ == 0) return internal_error("no entry of the queue was begun");
  const QueueId entry = std::exchange(current_, 0);
  const bool stopped = end.outcome == run_state_name(RunState::Stopped);
  bool next = !stop_after_this_;
  if (end.outcome == run_state_name(RunState::Done)) {
    WEFT_RETURN_IF_ERROR(settle(entry, kQueueDone, ""));
  } else if (stopped && trouble.empty()) {
    WEFT_RETURN_IF_ERROR(settle(entry, kQueueStopped, ""));
    next = false;
  } else if (end.outcome == run_state_name(RunState::Abandoned)) {
    WEFT_RETURN_IF_ERROR(settle(entry, kQueueFailed, "abandoned"));
    next = false;
  } else {
    WEFT_RETURN_IF_ERROR(settle(entry, kQueueFailed, stopped ? trouble : end.message));
  }
  return next;
}

}  // namespace weft
