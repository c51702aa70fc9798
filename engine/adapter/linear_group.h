// SPDX-License-Identifier: GPL-3.0-or-later
// The linear layers of the token path, forward and backward written by hand, for every adapter method:
//
//   y_i = d_r * (W (d_c * x) + s L (R (d_c * x))) + b,   x with its blocks turned where a layer has a rotation
//
// (with a drop, R reads x less what it leaves out, W the whole of it)
// for layers i that read the same x (q, k and v; gate and up; or one alone): x is read once for all their R, one input gradient is
// summed in one pass, gradients of the factors are added to buffers, and none of W's size is ever formed (Unsloth's and NeMo's grouped
// LoRA have the same form). That is the order "kept"; where LinearFactors::evaluation names another of RunLoRA's orders
// (engine/plan/evaluation_order.h), the layer takes that one: nothing is kept, and W's size is formed where the order says so.
// An update with a form of its own (LinearFactors::form) is evaluated in kDenseOrder: W + dW and gy' x are formed in turn.
// With noise (LinearFactors::noise), W is W and the noise of the step, formed while the layer works, in each pass anew.
// Nothing is recorded by autograd: the blocks of the model call both passes. Engine thread only.
#pragma once

#include <span>
#include <vector>

#include "engine/adapter/base.h"
#include "engine/adapter/linear_factors.h"
#include "engine/api/dropout.h"

namespace weft {

// One layer with what is attached to it; all outlive the backward pass.
struct AdaptedLinear {
  const Base* base = nullptr;
  const Tensor* bias = nullptr;             // [out]; null or undefined: none. Added last, after d_r.
  const LinearFactors* factors = nullptr;   // null: plain frozen layer
  DropPlace drop = {};                      // of what R reads
  const std::vector<std::int64_t>* segments = nullptr;  // rows of the batch, where there is a drop
};

inline constexpr std::size_t kMostGrouped = 3;

// Writes y[i] [T, out_i], starting from `onto` [T, out] (a residual; one layer only) where it is defined.
// Returns u [T, sum of k]: R (d_c * x) of the layers that keep it side by side, which the backward pass needs; undefined where none does.
[[nodiscard]] Tensor group_forward(std::span<const AdaptedLinear> layers, const Tensor& x, std::span<Tensor> y, const Tensor& onto = {});

struct GroupGradients {
  Tensor x, u;                              // input of the layers, and what group_forward returned
  std::span<const Tensor> gy;               // [T, out_i]
  // Outputs without `onto`, or what was kept of them in bfloat16; read where d_r is trained only.
  std::span<const Tensor> y;
};

// Adds to the gradients of the factors. gx [T, in] is overwritten; undefined: the input needs no gradient.
void group_backward(std::span<const AdaptedLinear> layers, const GroupGradients& gradients, const Tensor& gx);

// w [rows, in] times the transpose of blockdiag(rotation), in place: what a rotation of the input makes of a weight.
void turn_back(const Tensor& rotation, Tensor& w);

// Whether the backward pass of the layer reads its output.
[[nodiscard]] bool needs_output(const AdaptedLinear& layer);

}  // namespace weft
