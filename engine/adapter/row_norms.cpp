// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/row_norms.h"

#include "engine/tensor/matmul.h"

namespace weft {

RowGeometry row_geometry(const Base& base, const Tensor& base_norm_squared, const LinearFactors& factors) {
  const at::NoGradGuard no_grad;
  if (!factors.left.defined()) return {base_norm_squared, base_norm_squared};
  const Tensor left = factors.left.detach(), right = factors.right.detach();
  const double s = factors.scale;
  const Tensor cross = (left * product(right, base.weight().t()).t()).sum(1);  // l_i . (R w_i)
  const Tensor own = (left * left.matmul(right.matmul(right.t()))).sum(1);     // l_i (R R^T) l_i^T
  return {(base_norm_squared + cross * (2 * s) + own * (s * s)).clamp_min_(0), base_norm_squared + cross * s};
}

}  // namespace weft
