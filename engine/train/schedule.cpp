// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace weft {

double Schedule::at(std::int64_t step) const {
  if (step < warmup_steps) return peak * static_cast<double>(step) / static_cast<double>(std::max<std::int64_t>(1, warmup_steps));
  if (shape == "constant") return peak;
  const double done = static_cast<double>(step - warmup_steps) / static_cast<double>(std::max<std::int64_t>(1, total_steps - warmup_steps));
  if (shape == "linear") return peak * std::max(0.0, 1.0 - done);
  return peak * std::max(0.0, 0.5 * (1.0 + std::cos(std::numbers::pi * done)));
}

std::int64_t warmup_steps(double warmup, std::int64_t total_steps) {
  const double steps = warmup < 1 ? std::ceil(warmup * static_cast<double>(total_steps)) : std::floor(warmup);
  return std::clamp(static_cast<std::int64_t>(steps), std::int64_t{0}, total_steps);
}

double rewarmed(std::int64_t updates, std::int64_t begun, std::int64_t steps) {
  return begun > 0 && steps > 0 ? std::min(1.0, static_cast<double>(updates - begun) / static_cast<double>(steps)) : 1;
}

}  // namespace weft
