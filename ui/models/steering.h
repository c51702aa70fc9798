// SPDX-License-Identifier: GPL-3.0-or-later
// What of a run can be changed while it goes on, as it is now, and what a wish would do: values for the form that asks. Main thread only.
#pragma once

#include <optional>

#include <QString>

#include "engine/api/health.h"
#include "engine/api/run_edit.h"
#include "ui/models/run_history.h"

namespace weft::ui {

struct SteerValues {
  double lr = 0;
  std::int64_t steps = 0;
  double dropout = 0;               // of what the adapters read
  std::optional<double> alpha;      // nothing: the method has none
  std::int64_t rank = 0;            // the most that a matrix has; 0: no ranks
  FrozenSide freeze = FrozenSide::None;
};

// The settings that the run was started with, and the edits since.
[[nodiscard]] SteerValues steerValues(const RunHistory& run);
[[nodiscard]] EditLimits steerLimits(const RunHistory& run);
// What differs; nothing to do: an empty edit.
[[nodiscard]] RunEdit editBetween(const SteerValues& now, const SteerValues& wanted);
// One sentence before it is asked for: what happens first, from which step on, what changes.
[[nodiscard]] QString steerForecast(const RunHistory& run, const RunEdit& edit);
// The last checkpoint to go back to from a step whose loss was not finite, and the rate to try then: a third. Nothing: none is there.
struct WayBack {
  std::int64_t step = 0;
  double lr = 0;
};
[[nodiscard]] std::optional<WayBack> wayBack(const RunHistory& run);

[[nodiscard]] HealthSeries healthSeries(const RunHistory& run);

}  // namespace weft::ui
