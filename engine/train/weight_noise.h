// SPDX-License-Identifier: GPL-3.0-or-later
// Flat-LoRA (Li et al. 2024, arXiv:2409.14396): the gradients of a step are those of the merged weights with normal noise on them, so that what is found is
// flat in the whole weight and not in the adapter alone. eps_ij ~ N(0, (sigma_t^2 / n) ||W'_i||^2) (eq. 8 there), W' the merged weight, n its inputs, and
// sigma_t = rho (1 - cos(pi t / T)) / 2: no noise at first. One draw a step, for all its micro-batches; drawn from the seed and the step, never stored.
#pragma once

#include <cstdint>

#include "engine/adapter/adapter_set.h"

namespace weft {

class WeightNoise {
 public:
  WeightNoise(double rho, std::uint64_t seed, std::int64_t total_steps) : rho_(rho), seed_(seed), total_(total_steps) {}
  // For AdapterSet::disturb(); step counts from 0.
  [[nodiscard]] Disturbance at(std::int64_t step) const;

 private:
  double rho_;
  std::uint64_t seed_;
  std::int64_t total_;
};

}  // namespace weft
