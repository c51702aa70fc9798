// SPDX-License-Identifier: GPL-3.0-or-later
// Causal attention of one head over one segment, rows of queries at a time, nothing beyond the diagonal computed (Dao et al.,
// "FlashAttention", 2022: the backward pass computes the probabilities anew from the saved log-sum-exp). float or double.
#pragma once

#include <cstdint>

namespace weft::cpu {

constexpr std::int64_t kAttentionRows = 32;   // queries at a time: one row of scratch holds their scores for all keys

// Keys that queries of a head do not see, by chance; a query's own is never dropped.
template <typename T>
struct KeyDrop {
  const T* keys = nullptr;                    // [L]: 1 where a key is dropped for all queries, else 0
  std::uint64_t stream = 0;                   // else each pair is drawn (counter_random.h): dropped below `threshold`
  std::uint32_t threshold = 0;
  bool keep_first = false;                    // of drawn pairs: key 0 is never dropped
  [[nodiscard]] bool any() const { return keys || threshold > 0; }
};
template <typename T>
struct AttentionDrop {
  KeyDrop<T> logits;                          // before the softmax
  KeyDrop<T> weights;                         // after it; what is left is made to sum to 1, and that sum is a constant to the backward pass
};

// Pointers stand at the first row of the segment and the first column of the head. D = head size, L = length.
template <typename T>
struct AttentionHead {
  std::int64_t length = 0, size = 0;
  std::int64_t window = 0;                    // > 0: a query sees the last `window` keys at most, itself included
  std::int64_t query = 0, query_end = -1;     // the queries to work on; -1: to the last
  T scale = 1;                                // of q k'
  const T *q = nullptr, *k = nullptr, *v = nullptr;
  const T *k_t = nullptr, *v_t = nullptr;     // k and v transposed, [D, L]; v_t for the backward pass only
  std::int64_t q_row = 0, kv_row = 0, t_row = 0;  // strides of q (and y, gy, gq), of k and v, of k_t and v_t
  T* y = nullptr;                             // [L, D]
  T* log_sum = nullptr;                       // [L]: log of the sum of exp(scores)
  const AttentionDrop<T>* drop = nullptr;
};

// What the backward pass reads besides the head, and writes: gk and gv [L, D], overwritten with what these queries give, rows D apart.
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

// The same with products of pairs of bfloat16 and everything between them in float32: k and v as pairs that lie along one of their
// dimensions, made once for all heads that share them. Pairs of an odd length end in a zero.
struct AttentionPairs {
  const std::uint32_t *k_t = nullptr, *v_t = nullptr;  // [D/2, L], pairs along D; readable for 16 more; v_t for the backward pass only
  const std::uint32_t *k = nullptr, *v = nullptr;      // [L/2, D], pairs along L; k for the backward pass only
  std::int64_t t_row = 0, row = 0;                     // strides; row: D filled up to a multiple of 16
};
// What k_t and v_t, k and v are made of: x [length, size], rows x_row apart.
using PairsAlongColumns = void (*)(const float* x, std::int64_t x_row, std::int64_t length, std::int64_t size, std::uint32_t* to, std::int64_t to_row);
using PairsAlongRows = PairsAlongColumns;

// scratch: attention_pairs_scratch(length, size) values, aligned to 64 bytes. k, v, k_t and v_t of the head are not read.
struct AttentionBf16 {
  PairsAlongColumns pairs_along_columns = nullptr;
  PairsAlongRows pairs_along_rows = nullptr;
  void (*forward)(const AttentionHead<float>& head, const AttentionPairs& pairs, float* scratch) = nullptr;
  void (*backward)(const AttentionHead<float>& head, const AttentionPairs& pairs, const AttentionGradient<float>& gradient, float* scratch) = nullptr;
};
constexpr std::int64_t attention_pairs_row(std::int64_t size) { return (size + 15) / 16 * 16; }
constexpr std::int64_t attention_pairs_scratch(std::int64_t length, std::int64_t size) {
  return 2 * kAttentionRows * (2 * attention_scratch_row(length) + 2 * attention_pairs_row(size));
}

}  // namespace weft::cpu
