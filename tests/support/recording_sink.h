// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps every event of a run and lets a test wait for one.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <vector>

#include "engine/api/event_channel.h"

namespace weft {

class RecordingSink final : public EventSink {
 public:
  void on_event(const Event& event) override {
    {
      const std::lock_guard lock(mutex_);
      events_.push_back(event);
      changed_.notify_all();
    }
    if (on_each) on_each(event);
  }
  // Called on the engine thread after the event was kept: set it before the run starts.
  std::function<void(const Event&)> on_each;

  // Blocks until an event satisfies the test, at most a minute.
  bool wait_for(const std::function<bool(const Event&)>& test) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::minutes(1), [&] {
      for (const auto& event : events_)
        if (test(event)) return true;
      return false;
    });
  }
  FinishedEvent wait() {
    if (!wait_for([](const Event& e) { return std::holds_alternative<FinishedEvent>(e); })) return {.outcome = "no answer within a minute"};
    return all<FinishedEvent>().front();
  }
  template <typename T>
  std::vector<T> all() const {
    const std::lock_guard lock(mutex_);
    std::vector<T> found;
    for (const auto& event : events_)
      if (const auto* e = std::get_if<T>(&event)) found.push_back(*e);
    return found;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Event> events_;  // guarded by mutex_
};

inline bool is_state(const Event& event, RunState state) {
  const auto* e = std::get_if<StateEvent>(&event);
  return e && e->state == state;
}

}  // namespace weft
