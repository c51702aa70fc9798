// SPDX-License-Identifier: GPL-3.0-or-later
// How events leave the engine thread. Recorder lane: complete by construction, so it may block the engine.
// Window lane: never blocks; when the window is late, old progress is conflated and the loss is counted.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

#include "engine/api/events.h"

namespace weft {

// Called on the engine thread, in order, for every event of one job. May block (back-pressure); must not throw.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void on_event(const Event& event) = 0;
};

// The window's mailbox. put() from any thread, never blocks for longer than a copy; drain() from the window's thread.
// `wake` is called from put() when the mailbox turns non-empty, so that the window pulls once (no timer polling).
class WindowMailbox final {
 public:
  explicit WindowMailbox(std::size_t capacity = 4096) : capacity_(capacity) {}

  void set_wake(std::function<void()> wake);
  void put(const Event& event);
  // Moves out at most `limit` events, oldest first.
  [[nodiscard]] std::vector<Event> drain(std::size_t limit);
  // Step and spectra events thrown away because the window was late. State, checkpoint, evaluation,
  // warning, start and end are never dropped.
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::function<void()> wake_;    // guarded by mutex_
  std::deque<Event> events_;      // guarded by mutex_
  std::uint64_t dropped_ = 0;     // guarded by mutex_
};

}  // namespace weft
