// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/event_channel.h"

#include <algorithm>

namespace weft {
namespace {

bool may_be_dropped(const Event& event) {
  return std::holds_alternative<StepEvent>(event) || std::holds_alternative<SpectraEvent>(event) ||
         std::holds_alternative<RanksEvent>(event) || std::holds_alternative<SamplesEvent>(event);
}

}  // namespace

void WindowMailbox::set_wake(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

void WindowMailbox::put(const Event& event) {
  std::function<void()> wake;
  {
    const std::lock_guard lock(mutex_);
    if (events_.size() >= capacity_) {
      // the oldest progress goes first: the recorder has it, and the window re-reads it from the project
      const auto oldest = std::find_if(events_.begin(), events_.end(), may_be_dropped);
      if (oldest != events_.end()) {
        events_.erase(oldest);
        ++dropped_;
      }
    }
    if (events_.empty()) wake = wake_;
    events_.push_back(event);
  }
  if (wake) wake();
}

std::vector<Event> WindowMailbox::drain(std::size_t limit) {
  const std::lock_guard lock(mutex_);
  const std::size_t count = std::min(limit, events_.size());
  std::vector<Event> out(std::make_move_iterator(events_.begin()), std::make_move_iterator(events_.begin() + static_cast<std::ptrdiff_t>(count)));
  events_.erase(events_.begin(), events_.begin() + static_cast<std::ptrdiff_t>(count));
  return out;
}

std::uint64_t WindowMailbox::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

}  // namespace weft
