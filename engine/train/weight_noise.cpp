// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/weight_noise.h"

#include <cmath>
#include <numbers>

#include "engine/core/counter_random.h"

namespace weft {
namespace {
constexpr std::uint64_t kOwn = 0x464C4154;  // keeps its streams apart from those of dropout, which begin with the seed too
}

Disturbance WeightNoise::at(std::int64_t step) const {
  const double part = static_cast<double>(step) / static_cast<double>(total_);
  return {rho_ * (1 - std::cos(std::numbers::pi * part)) / 2, substream(substream(seed_, kOwn), static_cast<std::uint64_t>(step))};
}

}  // namespace weft
