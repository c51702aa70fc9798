// SPDX-License-Identifier: GPL-3.0-or-later
// Causal attention of one head over one segment, rows of queries at a time, nothing beyond the diagonal computed (Dao et al.,
// "FlashAttention", 2022: the backward pass computes the probabilities anew from the saved log-sum-exp). float or double.
#pragma once

#include <cstdint>

namespace weft::cpu {

constexpr std::int64_t kAttentionRows = 32;   // queries at a time: one row of scratch holds their scores for all keys

// Pointers stand at the first row of the segment and the first column of the head. D = head size, L = length.
template <typename T>
struct AttentionHead {
  std::int64_t length = 0, size = 0;
  std::int64_t window = 0;                    // > 0: a query sees the last `window` keys at most, itself included
  T scale = 1;                                // of q k'
  const T *q = nullptr, *k = nullptr, *v = nullptr;
  const T *k_t = nullptr, *v_t = nullptr;     // k and v transposed, [D, L]; v_t for the backward pass only
  std::int64_t q_row = 0, kv_row = 0, t_row = 0;  // strides of q (and y, gy, gq), of k and v, of k_t and v_t
  T* y = nullptr;                             // [L, D]
  T* log_sum = nullptr;                       // [L]: log of the sum of exp(scores)
};

// What the backward pass reads besides the head, and writes: gk and gv [L, D], overwritten, rows D apart.
template <typename T>
struct AttentionGradient {
  const T* gy = nullptr;                      // rows q_row apart
  T *gq = nullptr, *gk = nullptr, *gv = nullptr;
};

// scratch: 2 * kAttentionRows * attention_scratch_row(length) values
template <typename T>
using AttentionForward = void (*)(const AttentionHead<T>& head, T* scratch);
template <typename T>
using AttentionBackward = void (*)(const AttentionHead<T>& head, const AttentionGradient<T>& gradient, T* scratch);

constexpr std::int64_t attention_scratch_row(std::int64_t length) { return (length + 63) / 64 * 64 + 16; }  // not a multiple of a page

}  // namespace weft::cpu
