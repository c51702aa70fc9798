// SPDX-License-Identifier: GPL-3.0-or-later
// Learning rate by step, as transformers' schedulers have it (get_{constant,linear,cosine}_schedule_with_warmup).
#pragma once

#include <cstdint>
#include <string>

namespace weft {

struct Schedule {
  std::string shape = "cosine";       // constant | linear | cosine
  double peak = 2e-4;
  std::int64_t warmup_steps = 0, total_steps = 1;

  // step counts from 0: the rate of the first update is at(0).
  [[nodiscard]] double at(std::int64_t step) const;
};

// [train] warmup: below 1 a share of the steps (rounded up), else a number of steps; never more than all.
[[nodiscard]] std::int64_t warmup_steps(double warmup, std::int64_t total_steps);

// Share of the rate for what began after `begun` updates and rises over `steps` of them; `updates` counts the one to come. 0 steps: all at once.
// What was there at the first update (begun 0) rises with the run's own warm-up alone.
[[nodiscard]] double rewarmed(std::int64_t updates, std::int64_t begun, std::int64_t steps);

}  // namespace weft
