// SPDX-License-Identifier: GPL-3.0-or-later
// Linear layers with a part of what their adapters change, forward alone:
//
//   y = W x + b + t (W' x - W x)
//
// t = 0 is the base, bit for bit; t = 1 the adapter as it is trained. Where nothing but an update is there (W' = W + dW), that is its scale
// times t and costs no more; scales and rotations have no such form, so both sides are evaluated and mixed. Engine thread only.
#pragma once

#include <span>

#include "engine/adapter/linear_group.h"

namespace weft {

// y[i] [T, out_i] is overwritten. Noise of a step, and a run's choice of the order of products, have no part in it.
void strength_forward(std::span<const AdaptedLinear> layers, const Tensor& x, double strength, std::span<Tensor> y);

}  // namespace weft
