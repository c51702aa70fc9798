// SPDX-License-Identifier: GPL-3.0-or-later
// What an adapter hands to the token path at one site: y = d_r * (W (d_c * x') + s L (R (d_c * x'))) + b, where x' is x, or x with each of n
// equal blocks of its features turned: x'_i = x_i Q_i.
#pragma once

#include <memory>

#include "engine/tensor/noise.h"

namespace weft {

class EvaluationChoice;

struct LinearFactors;

// An update of full rank, dW = s f(L, R), from tensors that are small all the same. It is formed while a layer is at work and never kept.
// Constant after construction; any thread.
class DenseForm {
 public:
  virtual ~DenseForm() = default;
  // w [out, in] += s f(L, R); rows contiguous.
  virtual void add_to(const Tensor& w, const LinearFactors& factors) const = 0;
  // Adds to left_grad and right_grad, where they are defined; g [out, in] is the gradient of dW.
  virtual void add_gradients(const Tensor& g, const LinearFactors& factors) const = 0;
};

// Undefined tensors mean "not there".
struct LinearFactors {
  Tensor left;                     // L [out, k]; with a form, of whatever shape it reads
  Tensor right;                    // R [k, in]; the same, or undefined
  double scale = 1;                // s
  Tensor row_scale;                // d_r [out]
  Tensor column_scale;             // d_c [in]
  Tensor rotation;                 // Q [n, in / n, in / n]
  // Where gradients are added; same shapes. Undefined: not trained.
  Tensor left_grad, right_grad, row_scale_grad, column_scale_grad, rotation_grad;
  std::shared_ptr<const DenseForm> form;   // null: dW = s L R
  RowNoise noise;                          // on W + dW, in both passes alike; not of the update itself
  EvaluationChoice* evaluation = nullptr;  // order of the products; null: kept (engine/plan/evaluation_order.h). Not owned.
};

// w [out, in] += dW, without the scales of rows and columns. Not recorded; any thread.
void add_update(const Tensor& w, const LinearFactors& factors);
// The same onto zeros: dW [out, in], new.
[[nodiscard]] Tensor whole_update(const LinearFactors& factors, std::int64_t out, std::int64_t in);

}  // namespace weft
