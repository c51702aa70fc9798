// SPDX-License-Identifier: GPL-3.0-or-later
// Norms of the rows and columns of W + s L R, of which a few rows are formed at most. Rows alone need not even that:
//   ||w_i + s l_i R||^2 = ||w_i||^2 + 2 s l_i . (R w_i) + s^2 l_i (R R^T) l_i^T
// An update with a form of its own is formed, by row_geometry() alone. Nothing here is recorded by autograd; the scales in `factors` are not applied.
#pragma once

#include "engine/adapter/base.h"
#include "engine/adapter/linear_factors.h"

namespace weft {

struct RowGeometry {
  Tensor norm_squared;  // [out] of W + s L R
  Tensor dot_base;      // [out] (w_i + s l_i R) . w_i
};

// base_norm_squared [out]: Base::row_norms_squared().
[[nodiscard]] RowGeometry row_geometry(const Base& base, const Tensor& base_norm_squared, const LinearFactors& factors);

// [out] of (W + s L R) diag(column_scale); column_scale [in].
[[nodiscard]] Tensor row_norms_squared(const Base& base, const LinearFactors& factors, const Tensor& column_scale);
// [in] of diag(row_scale) (W + s L R); row_scale [out].
[[nodiscard]] Tensor column_norms_squared(const Base& base, const LinearFactors& factors, const Tensor& row_scale);

// Rows first, then the columns of what they became, in one pass over W.
struct NormsInTurn {
  Tensor row_inverse;           // [out] 1 / ||row of W + s L R||, the norm at least `least`
  Tensor column_norm_squared;   // [in] of diag(row_magnitude row_inverse) (W + s L R)
};
[[nodiscard]] NormsInTurn norms_in_turn(const Base& base, const LinearFactors& factors, const Tensor& row_magnitude, double least);

}  // namespace weft
