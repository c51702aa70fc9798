// SPDX-License-Identifier: GPL-3.0-or-later
// RunLoRA's forward and backward orders (arXiv 2312.03415, code of KamikaziZen/RunLoRA) by their operations. All give the same result
// in exact arithmetic. b tokens, i = in, o = out, r = rank; products only, as the paper counts.
#pragma once

#include <array>
#include <cstdint>

namespace weft {

struct AdaptedProduct {
  std::int64_t tokens = 0, in = 0, out = 0, rank = 0;
  bool input_gradient = true, right_gradient = true, left_gradient = true;   // dX, dU (A), dV (B)
};

using ForwardFlops = std::array<double, 4>;    // F1 to F4
using BackwardFlops = std::array<double, 8>;   // B1 to B8

[[nodiscard]] ForwardFlops forward_flops(const AdaptedProduct& p);
[[nodiscard]] BackwardFlops backward_flops(const AdaptedProduct& p);
// F1 with X A' kept for the backward pass, which then does not form it again.
[[nodiscard]] double reference_flops(const AdaptedProduct& p);

// The cheapest; ties go to the first.
template <typename Flops>
[[nodiscard]] int cheapest(const Flops& flops) {
  int best = 0;
  for (int i = 1; i < static_cast<int>(flops.size()); ++i)
    if (flops[static_cast<std::size_t>(i)] < flops[static_cast<std::size_t>(best)]) best = i;
  return best;
}

}  // namespace weft
