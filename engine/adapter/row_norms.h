// SPDX-License-Identifier: GPL-3.0-or-later
// Row norms of W + s L R without forming it:
//   ||w_i + s l_i R||^2 = ||w_i||^2 + 2 s l_i . (R w_i) + s^2 l_i (R R^T) l_i^T
#pragma once

#include "engine/adapter/base.h"
#include "engine/adapter/linear_factors.h"

namespace weft {

struct RowGeometry {
  Tensor norm_squared;  // [out] of W + s L R
  Tensor dot_base;      // [out] (w_i + s l_i R) . w_i
};

// base_norm_squared [out]: Base::row_norms_squared(). Not recorded by autograd. The row scale of `factors` is not applied.
[[nodiscard]] RowGeometry row_geometry(const Base& base, const Tensor& base_norm_squared, const LinearFactors& factors);

}  // namespace weft
