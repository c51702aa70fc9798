// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/evaluation_order.h"

#include <limits>

namespace weft {
namespace {

// Products of the table, each named by the sizes it runs over, in operations.
struct Terms {
  double bio, bir, bor, ior;
  explicit Terms(const AdaptedProduct& p) {
    const auto b = static_cast<double>(p.tokens), i = static_cast<double>(p.in), o = static_cast<double>(p.out), r = static_cast<double>(p.rank);
    bio = 2 * b * i * o;
    bir = 2 * b * i * r;
    bor = 2 * b * o * r;
    ior = 2 * i * o * r;
  }
};

}  // namespace

ForwardFlops forward_flops(const AdaptedProduct& p) {
  const Terms t(p);
  const double apart = t.bio + t.bir + t.bor;   // X W + (X U) V
  const double merged = t.ior + t.bio;          // X (W + U V)
  return {apart, merged, apart, merged};
}

BackwardFlops backward_flops(const AdaptedProduct& p) {
  const Terms t(p);
  const double x = p.input_gradient ? 1 : 0, u = p.right_gradient ? 1 : 0, v = p.left_gradient ? 1 : 0;
  const double any_xu = x + u > 0 ? 1 : 0, any_uv = u + v > 0 ? 1 : 0;
  return {
      any_xu * t.bor + u * t.bir + v * (t.bir + t.bor) + x * (t.bir + t.bio),          // Z1 = dY V', Z2 = X U
      any_xu * t.bor + u * t.bir + v * (t.bio + t.ior) + x * (t.bio + t.bir),          // Z1 = dY V', Z2 = X' dY
      any_uv * t.bio + u * t.ior + v * t.ior + x * (t.bor + t.bio + t.bir),            // Z1 = dY V', Z2 = X' dY, dU = Z2 V'
      any_uv * t.bio + u * t.ior + v * t.ior + x * (t.ior + t.bio),                    // Z1 = W + U V, Z2 = X' dY
      u * (t.bor + t.bir) + v * (t.bir + t.bor) + x * (t.ior + t.bio),                 // Z1 = dY V', Z2 = X U, Z3 = W + U V
      u * (t.bio + t.ior) + v * (t.bir + t.bor) + x * (t.bor + t.bio + t.bir),
      u * (t.bio + t.ior) + v * (t.bir + t.bor) + x * (t.ior + t.bio),
      u * (t.bor + t.bir) + v * (t.bio + t.ior) + x * (t.ior + t.bio),
  };
}

double reference_flops(const AdaptedProduct& p) {
  const Terms t(p);
  const double x = p.input_gradient ? 1 : 0, u = p.right_gradient ? 1 : 0, v = p.left_gradient ? 1 : 0;
  return t.bio + t.bir + t.bor + (x + u > 0 ? t.bor : 0) + u * t.bir + v * t.bor + x * (t.bir + t.bio);
}

std::string EvaluationOrder::name() const { return kept() ? "kept" : "F" + std::to_string(forward) + "+B" + std::to_string(backward); }

BackwardParts backward_parts(const EvaluationOrder& order) {
  static constexpr std::array<BackwardParts, 9> table = {{
      {false, false, false},   // kept: as B1
      {false, false, false},
      {false, true, false},
      {true, true, false},
      {true, true, true},
      {false, false, true},
      {true, false, false},
      {true, false, true},
      {false, true, true},
  }};
  return table.at(static_cast<std::size_t>(order.backward));
}

std::string refusal(const EvaluationOrder& order, const EvaluationLimits& limits) {
  if (!order.merges_forward() && !backward_parts(order).input_merged) return "";
  if (limits.bf16)
    return order.name() + " forms W + s B A, and bfloat16 products would round most of the update away: take F1 or F3 with B1, B2, B3 or B6, or "
                          "[model] compute = \"fp32\"";
  if (limits.dropout) return order.name() + " forms W + s B A, which reads one x, and with dropout the adapter reads another: take F1 or F3 with B1, B2, B3 or B6";
  return "";
}

EvaluationOrder cheapest_order(const AdaptedProduct& p, const EvaluationLimits& limits) {
  ForwardFlops forward = forward_flops(p);
  BackwardFlops backward = backward_flops(p);
  for (int f = 1; f <= 4; ++f)
    if (!refusal({f, 1}, limits).empty()) forward.at(static_cast<std::size_t>(f - 1)) = std::numeric_limits<double>::infinity();
  for (int b = 1; b <= 8; ++b)
    if (!refusal({1, b}, limits).empty()) backward.at(static_cast<std::size_t>(b - 1)) = std::numeric_limits<double>::infinity();
  return {cheapest(forward) + 1, cheapest(backward) + 1};
}

Result<EvaluationPolicy> evaluation_policy(const std::string& text) {
  using Kind = EvaluationPolicy::Kind;
  if (text == "auto") return EvaluationPolicy{};
  if (text == "flops") return EvaluationPolicy{Kind::Flops, {}};
  if (text == "timed") return EvaluationPolicy{Kind::Timed, {}};
  const bool pair = text.size() == 5 && text[0] == 'F' && text[1] >= '1' && text[1] <= '4' && text.compare(2, 2, "+B") == 0 && text[4] >= '1' && text[4] <= '8';
  if (!pair)
    return invalid_argument("[train] evaluation = \"" + text + "\" is no order of evaluation: \"auto\", \"flops\", \"timed\" or a pair from F1 to F4 and B1 to "
                            "B8 such as \"F2+B5\"");
  return EvaluationPolicy{Kind::Fixed, {text[1] - '0', text[4] - '0'}};
}

}  // namespace weft
