// SPDX-License-Identifier: GPL-3.0-or-later
// Differentiable pieces of a decoder block with hand-written backward passes. float32 and float64. Engine thread only.
#pragma once

#include <vector>

#include "engine/tensor/tensor.h"

namespace weft {

// x [rows, C], weight [C] frozen -> [rows, C]
[[nodiscard]] Tensor rms_norm(const Tensor& x, const Tensor& weight, double eps);

// x [T, heads*head_size] rotated by cosine, sine [T, head_size/2] (half-split layout).
[[nodiscard]] Tensor rotate(const Tensor& x, const Tensor& cosine, const Tensor& sine, std::int64_t heads);

// silu(gate) * up, both [T, F]
[[nodiscard]] Tensor swiglu(const Tensor& gate, const Tensor& up);

// Causal attention inside each segment [segments[s], segments[s+1]) of the T rows; never across.
// q [T, heads*D], k and v [T, kv_heads*D] -> [T, heads*D]. window > 0: a query sees at most the last `window` positions.
[[nodiscard]] Tensor segmented_attention(const Tensor& q, const Tensor& k, const Tensor& v, const std::vector<std::int64_t>& segments,
                                         std::int64_t heads, std::int64_t kv_heads, std::int64_t window);

}  // namespace weft
