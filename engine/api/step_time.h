// SPDX-License-Identifier: GPL-3.0-or-later
// Where the time of a run's last steps went: kept alike by window, recorder and programs. Plain values, one thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "engine/api/events.h"
#include "engine/core/json.h"

namespace weft {

// Sums over `steps` steps.
struct StepTime {
  std::int64_t steps = 0, tokens = 0, trained_tokens = 0;
  double ms = 0;
  ByPhase<double> phase_ms{};
};

class RecentSteps {
 public:
  static constexpr std::size_t kMost = 20;   // enough to be calm, few enough to follow a change
  void add(const StepEvent& step);           // one whose phases nobody looked at does not count
  void clear() { steps_.clear(); }
  [[nodiscard]] StepTime sum() const;

 private:
  std::deque<StepTime> steps_;
};

[[nodiscard]] Json to_json(const StepTime& time);
// Nothing where it is no such object, or holds a number that no clock gives.
[[nodiscard]] std::optional<StepTime> step_time_from_json(const Json& json);

}  // namespace weft
