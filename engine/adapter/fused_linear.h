// SPDX-License-Identifier: GPL-3.0-or-later
// The one linear layer of the token path, forward and backward written by hand, for every adapter method:
//
//   y = d_r * (W (d_c * x) + s L (R (d_c * x))) + b
//
// It adds the gradients of L, R, d_r and d_c to buffers that it is given and never forms a gradient of W's size.
// Engine thread only.
#pragma once

#include "engine/adapter/base.h"
#include "engine/tensor/tensor.h"

namespace weft {

// What an adapter hands to the token path at one site. Undefined tensors mean "not there".
struct LinearFactors {
  Tensor left;                     // [out, k]
  Tensor right;                    // [k, in]
  double scale = 1;                // s
  Tensor row_scale;                // d_r [out]
  Tensor column_scale;             // d_c [in]
  // Where gradients are added; same shapes. Undefined: not trained.
  Tensor left_grad, right_grad, row_scale_grad, column_scale_grad;
};

// x [T, in] -> [T, out]. bias [out] or undefined; it is added last, after d_r.
// `factors` may be null (plain frozen layer); it must stay as it is until the backward pass is over.
// `anchor` is any tensor that requires a gradient: it makes the output differentiable where x is not (first layer).
[[nodiscard]] Tensor fused_linear(const Tensor& x, const Tensor& anchor, const Base& base, const Tensor& bias, const LinearFactors* factors);

}  // namespace weft
