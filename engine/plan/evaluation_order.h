// SPDX-License-Identifier: GPL-3.0-or-later
// RunLoRA's forward and backward orders (arXiv 2312.03415, code of KamikaziZen/RunLoRA) by their operations. All give the same result
// in exact arithmetic. b tokens, i = in, o = out, r = rank; products only, as the paper counts.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "engine/core/status.h"

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

// One of F1 to F4 with one of B1 to B8; 0 and 0: F1 with x A' kept for a backward pass that does not form it again.
struct EvaluationOrder {
  int forward = 0, backward = 0;
  [[nodiscard]] bool kept() const { return forward == 0; }
  [[nodiscard]] bool merges_forward() const { return forward == 2 || forward == 4; }   // forms W + s B A
  [[nodiscard]] std::string name() const;                                              // "F2+B5", "kept"
  friend bool operator==(const EvaluationOrder&, const EvaluationOrder&) = default;
};

// How an update of full rank is evaluated: one product with W + dW in each direction, and gy' x, of which its gradient is made.
inline constexpr EvaluationOrder kDenseOrder{2, 4};

// What distinguishes B1 to B8: they are all the combinations of three choices.
struct BackwardParts {
  bool right_whole = false;    // dA from dY' X [out, in], which is formed; else from dY B
  bool left_whole = false;     // dB from dY' X; else from X A'
  bool input_merged = false;   // dX from W + s B A, which is formed; else from both terms apart
};
[[nodiscard]] BackwardParts backward_parts(const EvaluationOrder& order);

// What makes orders unequal that are equal in exact arithmetic.
struct EvaluationLimits {
  bool bf16 = false;           // operands are rounded to bfloat16
  bool dropout = false;        // the adapter reads another x than W ([dropout] adapter_rate)
};
// One sentence, or "": why an order would change the result.
[[nodiscard]] std::string refusal(const EvaluationOrder& order, const EvaluationLimits& limits);
// Least operations among those that are not refused; ties go to the first, and kept is none of them.
[[nodiscard]] EvaluationOrder cheapest_order(const AdaptedProduct& p, const EvaluationLimits& limits);

// [train] evaluation: "auto" (kept), "flops", "timed", or a pair such as "F2+B5" for every matrix.
struct EvaluationPolicy {
  enum class Kind { Fixed, Flops, Timed } kind = Kind::Fixed;
  EvaluationOrder fixed;
};
[[nodiscard]] Result<EvaluationPolicy> evaluation_policy(const std::string& text);

}  // namespace weft
