// SPDX-License-Identifier: GPL-3.0-or-later
// Row kernels of the decoder on raw pointers: no torch types, no threads of their own (the caller splits rows). Contiguous rows.
#pragma once

#include <cstdint>

namespace weft::cpu {

// Values dropped one by one: value c of row r where bits_at(substream(stream, r - first_row), c) < threshold (counter_random.h).
template <typename T>
struct ElementDrop {
  std::uint64_t stream = 0;
  std::uint32_t threshold = 0;
  T scale = 1;                  // of those that stay
  std::int64_t first_row = 0;
};

// Loss of two passes over the same rows: share * the cross entropy of each that has a gradient, and weight * how far they are apart.
template <typename T>
struct Agreement {
  bool jensen_shannon = false;  // else half of the Kullback-Leibler divergences in both directions
  bool gradient = false;        // logits become gradients
  bool both = false;            // those of the second pass too, and its cross entropy counts
  T weight = 0;
};

constexpr std::int64_t kBlockTerms = 8;

// One of several values that are scaled by columns into the same sum, and where its products with another go.
template <typename T>
struct ScaledColumns {
  const T* x = nullptr;         // [rows, width]
  const T* scale = nullptr;     // [width]
  T* dots = nullptr;            // [width]
};

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
  // Of two passes over the same rows, [rows, width] each: apart[row] = their divergence, loss[row] = the cross entropy of the first, or the
  // mean of both. With how.gradient the logits of the first (and second) become the gradient of loss + weight * apart.
  void (*agreement)(T* first, T* second, const std::int64_t* labels, std::int64_t begin, std::int64_t end, std::int64_t width, const Agreement<T>& how,
                    T* loss, T* apart);
  // y = init + x * factor, factor 0 or drop.scale; init may be null; y may be x or init
  void (*drop_elements)(const T* x, const T* init, const ElementDrop<T>& drop, std::int64_t begin, std::int64_t end, std::int64_t width, T* y);
  // w[r, c] += deviation[r] * a standard normal number of its own, of bits_at(substream(stream, r), c) (counter_random.h)
  void (*add_noise)(const T* deviation, std::uint64_t stream, std::int64_t begin, std::int64_t end, std::int64_t width, T* w);
  // y = init + x * factors [width]; init may be null; y may be x or init
  void (*scale_columns)(const T* x, const T* init, const T* factors, std::int64_t begin, std::int64_t end, std::int64_t width, T* y);
  // a . b over n values
  T (*dot)(const T* a, const T* b, std::int64_t n);
  // sum over n values of (x scale)^2
  T (*scaled_square_sum)(const T* x, const T* scale, std::int64_t n);
  // sums[c] += (scale[r] x[r, c])^2 over the rows of x [rows, width]
  void (*add_squares)(const T* x, std::int64_t rows, std::int64_t width, const T* scale, T* sums);
  // c[i, j] = a[i, :] . b[j, :] over k values; c [rows, columns]. For a few long rows, where nothing need be packed.
  void (*row_products)(const T* a, std::int64_t a_row, std::int64_t rows, const T* b, std::int64_t b_row, std::int64_t columns, std::int64_t k,
                       T* c);
  // For small blocks of which there are very many, next to each other. y [rows, width] += left [rows, k] right [k, width]; rows of y and of left lie one
  // after another, those of right `right_row` apart, a multiple of `lanes`, and are zero from width on.
  void (*add_block)(const T* left, const T* right, std::int64_t right_row, std::int64_t rows, std::int64_t width, std::int64_t k, T* y);
  // Both gradients of that from g [rows, width], of which `lanes` values more may be read: sums [rows, k, lanes] += g right' before the sum over the lanes,
  // and right_gradient [k, right_row] += left' g, of which what lies beyond width is of no use. k a multiple of kBlockTerms.
  void (*add_block_gradients)(const T* g, const T* left, const T* right, std::int64_t right_row, std::int64_t rows, std::int64_t width, std::int64_t k, T* sums,
                              T* right_gradient);
  std::int64_t lanes;
  // sum[c] = sum over rows of a[r, c] * b[r, c], for columns [begin, end); rows `width` apart
  void (*column_dots)(const T* a, const T* b, std::int64_t rows, std::int64_t width, std::int64_t begin, std::int64_t end, T* sum);
  // The same with b in bfloat16
  void (*column_dots_bf16)(const T* a, const std::uint16_t* b, std::int64_t rows, std::int64_t width, std::int64_t begin, std::int64_t end, T* sum);
  // Of each of `count`: dots[c] = sum over rows of x[r, c] * b[r, c]; and y = init + the sum of their x * scale, of those columns. init may
  // be null, or y itself; y may be null.
  void (*column_dots_scaled)(const ScaledColumns<T>* all, std::int64_t count, const T* b, const T* init, std::int64_t rows, std::int64_t width, std::int64_t begin,
                             std::int64_t end, T* y);
  // y[r, kv, :] = sum over the heads that share kv of x[head, r, :]; x [heads, total, size], y [total, kv_heads, size]; rows [begin, end)
  void (*sum_heads)(const T* x, std::int64_t total, std::int64_t heads, std::int64_t kv_heads, std::int64_t size, std::int64_t begin,
                    std::int64_t end, T* y);
};

}  // namespace weft::cpu
