// SPDX-License-Identifier: GPL-3.0-or-later
// Gradients of a scalar function against central differences, in double precision.
#pragma once

#include <gtest/gtest.h>

#include <functional>

#include "engine/tensor/tensor.h"

namespace weft {

// f must read `input` (float64, contiguous) each time it is called. Returns the largest difference, relative to 1 + |numeric|.
// Step 1e-6: truncation and rounding errors meet near 1e-9 for functions of order one, so 1e-6 leaves room for none but real faults.
inline double gradient_error(const Tensor& input, const Tensor& analytic, const std::function<double()>& f) {
  const at::NoGradGuard no_grad;
  Tensor values = input.view(-1);
  const Tensor expected = analytic.contiguous().view(-1);
  double worst = 0;
  for (std::int64_t i = 0; i < values.numel(); ++i) {
    auto* v = values.mutable_data_ptr<double>() + i;
    const double kept = *v, step = 1e-6;
    *v = kept + step;
    const double up = f();
    *v = kept - step;
    const double down = f();
    *v = kept;
    const double numeric = (up - down) / (2 * step);
    worst = std::max(worst, std::abs(numeric - expected[i].item<double>()) / (1 + std::abs(numeric)));
  }
  return worst;
}

inline Tensor random_double(std::vector<std::int64_t> shape, std::uint64_t seed) {
  auto generator = make_generator(seed);
  return at::randn(shape, generator, at::TensorOptions(at::kDouble));
}

}  // namespace weft
