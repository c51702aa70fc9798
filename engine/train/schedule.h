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

}  // namespace weft
