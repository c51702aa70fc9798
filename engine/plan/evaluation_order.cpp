// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/evaluation_order.h"

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

}  // namespace weft
