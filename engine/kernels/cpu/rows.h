// SPDX-License-Identifier: GPL-3.0-or-later
// Row kernels of the decoder on raw pointers: no torch types, no threads of their own (the caller splits rows). Contiguous rows.
#pragma once

#include <cstdint>

namespace weft::cpu {

template <typename T>
struct RowKernels {
  // y = x * rsqrt(mean(x^2) + eps) * w ; rstd[row] kept for the backward pass
  void (*rms_norm)(const T* x, const T* w, T eps, std::int64_t begin, std::int64_t end, std::int64_t width, T* y, T* rstd);
  // gx = init + rstd * (w*gy - xhat * mean(w*gy*xhat)), xhat = x*rstd; init [rows, width] may be null, or gx itself
  void (*rms_norm_backward)(const T* x, const T* w, const T* rstd, const T* gy, const T* init, std::int64_t begin, std::int64_t end,
                            std::int64_t width, T* gx);
  // Rotates each head of each row: (a, b) -> (a cos - b sin, b cos + a sin), a and b the halves of the head.
  // cosine, sine [rows, head/2]. direction -1 turns back (the backward pass).
  void (*rotate)(const T* x, const T* cosine, const T* sine, T direction, std::int64_t begin, std::int64_t end, std::int64_t heads,
                 std::int64_t head_size, T* y);
  // y = silu(gate) * up over a range of values
  void (*swiglu)(const T* gate, const T* up, std::int64_t begin, std::int64_t end, T* y);
  void (*swiglu_backward)(const T* gate, const T* up, const T* gy, std::int64_t begin, std::int64_t end, T* g_gate, T* g_up);
  // The same with gate and up kept in bfloat16, rounded to nearest; a NaN stays one
  void (*to_bf16)(const T* x, std::int64_t begin, std::int64_t end, std::uint16_t* y);
  void (*swiglu_bf16)(const std::uint16_t* gate, const std::uint16_t* up, std::int64_t begin, std::int64_t end, T* y);
  void (*swiglu_bf16_backward)(const std::uint16_t* gate, const std::uint16_t* up, const T* gy, std::int64_t begin, std::int64_t end, T* g_gate, T* g_up);
  // loss[row] = -log softmax(logits)[label]; with `gradient` the row becomes softmax - onehot(label)
  void (*cross_entropy)(T* logits, const std::int64_t* labels, std::int64_t begin, std::int64_t end, std::int64_t width, bool gradient, T* loss);
  // a . b over n values
  T (*dot)(const T* a, const T* b, std::int64_t n);
  // sum over n values of (x scale)^2; and sum[c] += weight x[c]^2
  T (*scaled_square_sum)(const T* x, const T* scale, std::int64_t n);
  void (*add_squares)(const T* x, T weight, std::int64_t n, T* sum);
  // c[i, j] = a[i, :] . b[j, :] over k values; c [rows, columns]. For a few long rows, where nothing need be packed.
  void (*row_products)(const T* a, std::int64_t a_row, std::int64_t rows, const T* b, std::int64_t b_row, std::int64_t columns, std::int64_t k,
                       T* c);
  // sum[c] = sum over rows of a[r, c] * b[r, c], for columns [begin, end); rows `width` apart
  void (*column_dots)(const T* a, const T* b, std::int64_t rows, std::int64_t width, std::int64_t begin, std::int64_t end, T* sum);
  // y[r, kv, :] = sum over the heads that share kv of x[head, r, :]; x [heads, total, size], y [total, kv_heads, size]; rows [begin, end)
  void (*sum_heads)(const T* x, std::int64_t total, std::int64_t heads, std::int64_t kv_heads, std::int64_t size, std::int64_t begin,
                    std::int64_t end, T* y);
};

}  // namespace weft::cpu
