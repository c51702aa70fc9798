// SPDX-License-Identifier: GPL-3.0-or-later
// What an adapter hands to the token path at one site: y = d_r * (W (d_c * x) + s L (R (d_c * x))) + b.
#pragma once

#include "engine/tensor/tensor.h"

namespace weft {

class EvaluationChoice;

// Undefined tensors mean "not there".
struct LinearFactors {
  Tensor left;                     // L [out, k]
  Tensor right;                    // R [k, in]
  double scale = 1;                // s
  Tensor row_scale;                // d_r [out]
  Tensor column_scale;             // d_c [in]
  // Where gradients are added; same shapes. Undefined: not trained.
  Tensor left_grad, right_grad, row_scale_grad, column_scale_grad;
  EvaluationChoice* evaluation = nullptr;  // order of the products; null: kept (engine/plan/evaluation_order.h). Not owned.
};

}  // namespace weft
