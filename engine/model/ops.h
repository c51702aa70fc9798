// SPDX-License-Identifier: GPL-3.0-or-later
// The row operations of a decoder block and their backward passes, on the engine's threads; nothing is recorded by autograd.
// float32 and float64, contiguous tensors of the shapes given; outputs are overwritten. Engine thread only.
#pragma once

#include <vector>

#include "engine/api/dropout.h"
#include "engine/tensor/matmul.h"
#include "engine/tensor/tensor.h"

namespace weft {

// y = x * rstd * weight, rstd = 1 / sqrt(mean(x^2) + eps). x, y [rows, C], weight [C], rstd [rows].
void norm_forward(const Tensor& x, const Tensor& weight, double eps, const Tensor& y, const Tensor& rstd);
// gx = init + the gradient; init [rows, C] or undefined. gx may be gy.
void norm_backward(const Tensor& x, const Tensor& weight, const Tensor& rstd, const Tensor& gy, const Tensor& init, const Tensor& gx);

// x [T, heads*head_size] turned by cosine, sine [T, head_size/2] (half-split layout); direction -1 turns back. y may be x.
void rotate(const Tensor& x, const Tensor& cosine, const Tensor& sine, std::int64_t heads, int direction, const Tensor& y);

// y = silu(gate) * up, all [T, F]; gate and up in y's type or in bfloat16
void swiglu(const Tensor& gate, const Tensor& up, const Tensor& y);
// gate and up, rounded into bfloat16 tensors, and y of what was rounded
void swiglu_kept(const Tensor& gate, const Tensor& up, const Tensor& gate_kept, const Tensor& up_kept, const Tensor& y);
void swiglu_backward(const Tensor& gate, const Tensor& up, const Tensor& gy, const Tensor& g_gate, const Tensor& g_up);

// Causal attention inside each segment [segments[s], segments[s+1]) of the T rows; never across.
struct AttentionShape {
  const std::vector<std::int64_t>& segments;
  std::int64_t heads = 0, kv_heads = 0;
  std::int64_t window = 0;                 // > 0: a query sees at most the last `window` positions
  DropPlace key_drop, weight_drop;         // of logits and of weights
  bool keep_first_key = false;
};
// q, y [T, heads*D], k and v [T, kv_heads*D], log_sum [heads, T]. Precision::Bf16 rounds what the products read, in both passes alike,
// where the processor multiplies pairs of bfloat16; any other is float32. The same bits for any number of threads.
void attention_forward(const AttentionShape& shape, const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& y, const Tensor& log_sum,
                       Precision precision = Precision::Full);
struct AttentionTensors {
  const Tensor &q, &k, &v, &y, &log_sum;   // of the forward pass
};
void attention_backward(const AttentionShape& shape, const AttentionTensors& at, const Tensor& gy, const Tensor& gq, const Tensor& gk, const Tensor& gv,
                        Precision precision = Precision::Full);

}  // namespace weft
