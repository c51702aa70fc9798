// SPDX-License-Identifier: GPL-3.0-or-later
// Writes every event of one run into the project and passes it on. Lives as long as engine or service need it (shared).
// on_event() on the engine thread; the rest from any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "app/run/run_service.h"
#include "engine/api/step_time.h"

namespace weft {

class RunService::Recorder final : public EventSink {
 public:
  Recorder(Project& project, RunId run, std::shared_ptr<EventSink> listener);

  void on_event(const Event& event) override;

  void set_listener(std::shared_ptr<EventSink> listener);
  void warn(const std::string& message);  // recorded and passed on, as an event of the run
  [[nodiscard]] RunId run() const { return run_; }
  [[nodiscard]] bool finished() const;
  [[nodiscard]] FinishedEvent wait();
  [[nodiscard]] Status failure() const;

 private:
  void record(const Event& event);
  void record_step(const StepEvent& step);
  void record_step_time(std::int64_t step);
  void record_spectra(const SpectraEvent& spectra);
  void record_checkpoint(const CheckpointEvent& checkpoint);
  void record_finished(const FinishedEvent& finished);
  void record_detail(std::int64_t step, const std::string& type, Json detail);
  void check_writing(bool now);
  void forward(const Event& event);

  Project& project_;
  const RunId run_;
  Json started_;                                        // engine thread; the facts of the start
  std::int64_t spectra_every_ = 0;                      // engine thread
  RecentSteps recent_;                                  // engine thread
  std::int64_t step_time_at_ = 0;                       // engine thread; the last step whose time was recorded
  std::chrono::steady_clock::time_point last_check_{};  // engine thread

  std::mutex event_mutex_;               // one event at a time, also against set_listener
  std::shared_ptr<EventSink> listener_;  // guarded by event_mutex_
  mutable std::mutex mutex_;
  std::condition_variable over_;
  std::optional<FinishedEvent> finished_;  // guarded by mutex_
  Status failure_;                         // guarded by mutex_
};

}  // namespace weft
