// SPDX-License-Identifier: GPL-3.0-or-later
// The loops of rows.h. See kernels.inl.
#pragma once

#include <cstdint>

#include "engine/core/counter_random.h"
#include "engine/kernels/cpu/gemm.inl"
#include "engine/kernels/cpu/rows.h"

namespace weft::cpu {
namespace {

inline float root(float x) { return __builtin_sqrtf(x); }
inline double root(double x) { return __builtin_sqrt(x); }
__attribute__((always_inline)) inline double exponential(double x) { return __builtin_exp(x); }

// e^x without a call, so that a loop over it becomes vectors: x = n ln 2 + r, e^r by a polynomial of degree 6 (minimax on
// [-ln 2 / 2, ln 2 / 2], Cephes' expf). Within 2e-7 of e^x, relatively; 0 below -87.3; NaN stays NaN.
// Always: a loop that calls it does not become vectors, and GCC takes calls in only while the file stays small.
__attribute__((always_inline)) inline float exponential(float x) {
  const float limited = x > 88.0F ? 88.0F : x;
  const float n = __builtin_rintf(limited * 1.44269504088896341F);
  const float r = __builtin_assoc_barrier(limited - n * 0.693359375F) + n * 2.12194440e-4F;  // ln 2 in two parts: not to be put together
  float p = 1.9875691500e-4F;
  p = p * r + 1.3981999507e-3F;
  p = p * r + 8.3334519073e-3F;
  p = p * r + 4.1665795894e-2F;
  p = p * r + 1.6666665459e-1F;
  p = p * r + 5.0000001201e-1F;
  p = p * r * r + r + 1.0F;
  const int power = static_cast<int>(n < -126.0F ? -126.0F : n);
  const float scaled = p * __builtin_bit_cast(float, (power + 127) << 23);
  return x < -87.3F ? 0.0F : scaled;
}


template <typename T>
void rms_norm(const T* x, const T* w, T eps, std::int64_t begin, std::int64_t end, std::int64_t width, T* y, T* rstd) {
  for (std::int64_t r = begin; r < end; ++r) {
    const T* row = x + r * width;
    T sum = 0;
    for (std::int64_t i = 0; i < width; ++i) sum += row[i] * row[i];
    // a sum of squares beyond T would quietly turn the row into zeros: NaN makes the step stop and name the place
    const T scale = __builtin_isinf(sum) ? static_cast<T>(__builtin_nan("")) : T(1) / root(sum / static_cast<T>(width) + eps);
    rstd[r] = scale;
    T* out = y + r * width;
    for (std::int64_t i = 0; i < width; ++i) out[i] = row[i] * scale * w[i];
  }
}

template <typename T>
void rms_norm_backward(const T* x, const T* w, const T* rstd, const T* gy, const T* init, std::int64_t begin, std::int64_t end,
                       std::int64_t width, T* gx) {
  for (std::int64_t r = begin; r < end; ++r) {
    const T* row = x + r * width;
    const T* g = gy + r * width;
    T dot = 0;
    for (std::int64_t i = 0; i < width; ++i) dot += g[i] * w[i] * row[i];
    const T scale = rstd[r];
    const T pull = dot * scale * scale * scale / static_cast<T>(width);
    T* out = gx + r * width;
    if (init)
      for (std::int64_t i = 0; i < width; ++i) out[i] = init[r * width + i] + (scale * g[i] * w[i] - row[i] * pull);
    else
      for (std::int64_t i = 0; i < width; ++i) out[i] = scale * g[i] * w[i] - row[i] * pull;
  }
}

template <typename T>
void rotate(const T* x, const T* cosine, const T* sine, T direction, std::int64_t begin, std::int64_t end, std::int64_t heads,
               std::int64_t head_size, T* y) {
  const std::int64_t half = head_size / 2;
  for (std::int64_t r = begin; r < end; ++r) {
    const T* c = cosine + r * half;
    const T* s = sine + r * half;
    for (std::int64_t h = 0; h < heads; ++h) {
      const T* in = x + (r * heads + h) * head_size;
      T* out = y + (r * heads + h) * head_size;
      for (std::int64_t i = 0; i < half; ++i) {
        const T a = in[i], b = in[i + half], turn = direction * s[i];
        out[i] = a * c[i] - b * turn;
        out[i + half] = b * c[i] + a * turn;
      }
    }
  }
}

template <typename T>
void swiglu(const T* gate, const T* up, std::int64_t begin, std::int64_t end, T* y) {
  for (std::int64_t i = begin; i < end; ++i) y[i] = gate[i] / (T(1) + exponential(-gate[i])) * up[i];
}

template <typename T>
void swiglu_backward(const T* gate, const T* up, const T* gy, std::int64_t begin, std::int64_t end, T* g_gate, T* g_up) {
  for (std::int64_t i = begin; i < end; ++i) {
    const T sigmoid = T(1) / (T(1) + exponential(-gate[i]));
    const T silu = gate[i] * sigmoid, g = gy[i], u = up[i], slope = sigmoid * (T(1) + gate[i] - silu);
    g_up[i] = g * silu;
    g_gate[i] = g * u * slope;
  }
}

template <typename T>
void to_bf16(const T* x, std::int64_t begin, std::int64_t end, std::uint16_t* y) {
  for (std::int64_t i = begin; i < end; ++i) {
    const auto bits = __builtin_bit_cast(std::uint32_t, static_cast<float>(x[i]));
    const std::uint32_t rounded = (bits + 0x7fffU + ((bits >> 16) & 1U)) >> 16, quiet = (bits >> 16) | 0x40U;
    y[i] = static_cast<std::uint16_t>((bits & 0x7fffffffU) > 0x7f800000U ? quiet : rounded);
  }
}

// work(gate, up, first, count): parts of two rows of bfloat16, widened. On their own first: mixed into the arithmetic, GCC 12 halves its vectors.
template <typename T, typename Work>
void in_widened_parts(const std::uint16_t* gate, const std::uint16_t* up, std::int64_t begin, std::int64_t end, const Work& work) {
  constexpr std::int64_t kPart = 256;
  T g[kPart], u[kPart];
  for (std::int64_t first = begin; first < end; first += kPart) {
    const std::int64_t count = end - first < kPart ? end - first : kPart;
    for (std::int64_t i = 0; i < count; ++i) g[i] = __builtin_bit_cast(float, static_cast<std::uint32_t>(gate[first + i]) << 16);
    for (std::int64_t i = 0; i < count; ++i) u[i] = __builtin_bit_cast(float, static_cast<std::uint32_t>(up[first + i]) << 16);
    work(g, u, first, count);
  }
}
template <typename T>
void swiglu_bf16(const std::uint16_t* gate, const std::uint16_t* up, std::int64_t begin, std::int64_t end, T* y) {
  in_widened_parts<T>(gate, up, begin, end, [&](const T* g, const T* u, std::int64_t first, std::int64_t count) { swiglu<T>(g, u, 0, count, y + first); });
}
template <typename T>
void swiglu_bf16_backward(const std::uint16_t* gate, const std::uint16_t* up, const T* gy, std::int64_t begin, std::int64_t end, T* g_gate, T* g_up) {
  in_widened_parts<T>(gate, up, begin, end, [&](const T* g, const T* u, std::int64_t first, std::int64_t count) {
    swiglu_backward<T>(g, u, gy + first, 0, count, g_gate + first, g_up + first);
  });
}

inline float logarithm(float x) { return __builtin_logf(x); }
inline double logarithm(double x) { return __builtin_log(x); }

template <typename T>
void cross_entropy(T* logits, const std::int64_t* labels, std::int64_t begin, std::int64_t end, std::int64_t width, bool gradient, T* loss) {
  for (std::int64_t r = begin; r < end; ++r) {
    T* row = logits + r * width;
    T highest = row[0];
    for (std::int64_t i = 1; i < width; ++i) highest = row[i] > highest ? row[i] : highest;
    const T wanted = row[labels[r]];
    T sum = 0;
    for (std::int64_t i = 0; i < width; ++i) {
      row[i] = exponential(row[i] - highest);
      sum += row[i];
    }
    loss[r] = logarithm(sum) + highest - wanted;
    if (!gradient) continue;
    const T inverse = T(1) / sum;
    for (std::int64_t i = 0; i < width; ++i) row[i] *= inverse;
    row[labels[r]] -= T(1);
  }
}

// With e = exp(z - highest), s their sum and d the difference of both passes' z - highest: log P - log Q = d - (log s1 - log s2).
template <typename T>
void agree_by_kl(T* z1, T* z2, std::int64_t width, T highest1, T highest2, const Agreement<T>& how, T& log1, T& log2, T& apart) {
  T s1 = 0, s2 = 0, t1 = 0, t2 = 0;
  for (std::int64_t i = 0; i < width; ++i) {
    const T a = z1[i] - highest1, b = z2[i] - highest2, e1 = exponential(a), e2 = exponential(b);
    s1 += e1;
    s2 += e2;
    t1 += e1 * (a - b);
    t2 += e2 * (a - b);
  }
  log1 = logarithm(s1);
  log2 = logarithm(s2);
  const T shift = log1 - log2, first = t1 / s1 - shift, second = shift - t2 / s2;
  apart = (first + second) / 2;
  if (!how.gradient) return;
  const T half = how.weight / 2, i1 = T(1) / s1, i2 = T(1) / s2, share = how.both ? T(0.5) : T(1);
  for (std::int64_t i = 0; i < width; ++i) {
    const T a = z1[i] - highest1, b = z2[i] - highest2, p = exponential(a) * i1, q = exponential(b) * i2, ratio = a - b - shift;
    z1[i] = share * p + half * (p * (ratio - first) + p - q);
    if (how.both) z2[i] = share * q + half * (q * (-ratio - second) + q - p);
  }
}

template <typename T>
void agree_by_js(T* z1, const T* z2, std::int64_t width, T highest1, T highest2, const Agreement<T>& how, T& log1, T& log2, T& apart) {
  T s1 = 0, s2 = 0;
  for (std::int64_t i = 0; i < width; ++i) {
    s1 += exponential(z1[i] - highest1);
    s2 += exponential(z2[i] - highest2);
  }
  log1 = logarithm(s1);
  log2 = logarithm(s2);
  const T least = T(1e-30);  // below it a probability weighs nothing, and the mean of two must have a logarithm
  T first = 0, second = 0;
  const auto both = [&](std::int64_t i, T& p, T& q, T& over_p, T& over_q) {
    const T a = z1[i] - highest1 - log1, b = z2[i] - highest2 - log2;
    p = exponential(a);
    q = exponential(b);
    const T mean = (p + q) / 2, log_mean = logarithm(mean > least ? mean : least);
    over_p = p > least ? a - log_mean : T(0);
    over_q = q > least ? b - log_mean : T(0);
  };
  T p, q, over_p, over_q;
  for (std::int64_t i = 0; i < width; ++i) {
    both(i, p, q, over_p, over_q);
    first += p * over_p;
    second += q * over_q;
  }
  apart = (first + second) / 2;
  if (!how.gradient) return;
  for (std::int64_t i = 0; i < width; ++i) {
    both(i, p, q, over_p, over_q);
    z1[i] = p + how.weight / 2 * p * (over_p - first);
  }
}

template <typename T>
void agreement(T* first, T* second, const std::int64_t* labels, std::int64_t begin, std::int64_t end, std::int64_t width, const Agreement<T>& how,
               T* loss, T* apart) {
  for (std::int64_t r = begin; r < end; ++r) {
    T *z1 = first + r * width, *z2 = second + r * width;
    T highest1 = z1[0], highest2 = z2[0];
    for (std::int64_t i = 1; i < width; ++i) {
      highest1 = z1[i] > highest1 ? z1[i] : highest1;
      highest2 = z2[i] > highest2 ? z2[i] : highest2;
    }
    const T wanted1 = z1[labels[r]] - highest1, wanted2 = z2[labels[r]] - highest2;
    T log1, log2;
    if (how.jensen_shannon)
      agree_by_js(z1, z2, width, highest1, highest2, how, log1, log2, apart[r]);
    else
      agree_by_kl(z1, z2, width, highest1, highest2, how, log1, log2, apart[r]);
    loss[r] = how.both ? (log1 - wanted1 + log2 - wanted2) / 2 : log1 - wanted1;
    if (!how.gradient) continue;
    z1[labels[r]] -= how.both ? T(0.5) : T(1);
    if (how.both) z2[labels[r]] -= T(0.5);
  }
}

// y = init + x * factor(i) over a row. y may be x or init, which GCC would otherwise not make vectors of.
template <typename T, typename Factor>
void add_scaled(const T* x, const T* init, std::int64_t width, T* y, const Factor& factor) {
  if (init) {
#pragma GCC ivdep
    for (std::int64_t i = 0; i < width; ++i) y[i] = init[i] + x[i] * factor(i);
  } else {
#pragma GCC ivdep
    for (std::int64_t i = 0; i < width; ++i) y[i] = x[i] * factor(i);
  }
}

template <typename T>
void drop_elements(const T* x, const T* init, const ElementDrop<T>& drop, std::int64_t begin, std::int64_t end, std::int64_t width, T* y) {
  for (std::int64_t r = begin; r < end; ++r) {
    const std::uint64_t stream = substream(drop.stream, static_cast<std::uint64_t>(r - drop.first_row));
    add_scaled(x + r * width, init ? init + r * width : nullptr, width, y + r * width, [stream, threshold = drop.threshold, scale = drop.scale](std::int64_t i) {
      return bits_at(stream, static_cast<std::uint32_t>(i)) < threshold ? T(0) : scale;
    });
  }
}

// c0 x^n + c1 x^(n-1) + ... without a loop, which would keep the loop around it from becoming vectors.
template <typename... C>
inline float polynomial(float x, float highest, C... others) {
  float p = highest;
  ((p = p * x + others), ...);
  return p;
}

// Natural logarithm of a normal positive number (Cephes' logf): as a function of the library it would not become vectors.
inline float log_of(float x) {
  const auto bits = __builtin_bit_cast(std::int32_t, x);
  const std::int32_t exponent = (bits - 0x3F3504F3) >> 23;                       // of x = m 2^exponent, sqrt(1/2) <= m < sqrt(2)
  const float r = __builtin_bit_cast(float, bits - (exponent << 23)) - 1;
  const float p = polynomial(r, 7.0376836292e-2F, -1.1514610310e-1F, 1.1676998740e-1F, -1.2420140846e-1F, 1.4249322787e-1F, -1.6668057665e-1F,
                             2.0000714765e-1F, -2.4999993993e-1F, 3.3333331174e-1F);
  return r + r * r * (p * r - 0.5F) + static_cast<float>(exponent) * 0.693147181F;
}

// A standard normal number of 32 random bits: one is its sign, the others say how much of the distribution lies beyond it, of which the
// error function is inverted (Giles, "Approximating the erfinv function", 2012, single precision). Right to 1e-6; at most 6.3.
inline float normal_of(std::uint32_t bits) {
  const float beyond = (static_cast<float>(static_cast<std::int32_t>(bits >> 1)) + 0.5F) * 0x1p-31F;
  const float w = -log_of(beyond * (2 - beyond));
  const float near = polynomial(w - 2.5F, 2.81022636e-8F, 3.43273939e-7F, -3.5233877e-6F, -4.39150654e-6F, 0.00021858087F, -0.00125372503F, -0.00417768164F,
                                0.246640727F, 1.50140941F);
  const float far = polynomial(__builtin_sqrtf(w) - 3, -0.000200214257F, 0.000100950558F, 0.00134934322F, -0.00367342844F, 0.00573950773F, -0.0076224613F,
                               0.00943887047F, 1.00167406F, 2.83297682F);
  const float z = 1.41421356F * (1 - beyond) * (w < 5 ? near : far);
  return (bits & 1U) != 0 ? -z : z;
}

template <typename T>
void add_noise(const T* deviation, std::uint64_t stream, std::int64_t begin, std::int64_t end, std::int64_t width, T* w) {
  for (std::int64_t r = begin; r < end; ++r) {
    const std::uint64_t own = substream(stream, static_cast<std::uint64_t>(r));
    T* const row = w + r * width;
    for (std::int64_t c = 0; c < width; ++c) row[c] += deviation[r] * static_cast<T>(normal_of(bits_at(own, static_cast<std::uint32_t>(c))));
  }
}

template <typename T>
void scale_columns(const T* x, const T* init, const T* factors, std::int64_t begin, std::int64_t end, std::int64_t width, T* y) {
  for (std::int64_t r = begin; r < end; ++r)
    add_scaled(x + r * width, init ? init + r * width : nullptr, width, y + r * width, [factors](std::int64_t i) { return factors[i]; });
}

template <typename T>
T dot(const T* a, const T* b, std::int64_t n) {
  T sum = 0;
  for (std::int64_t i = 0; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

// The sums over k of R rows with N others are held in registers, side by side along k.
template <typename T, int R, int N>
void product_tile(const T* const* a, const T* const* b, std::int64_t k, T* c) {
  using Vector = typename Tile<T>::V;
  constexpr int kLanes = Tile<T>::kLanes;
  static_assert(R * N % kLanes == 0);
  Vector sum[R * N] = {};
  std::int64_t p = 0;
  for (; p + kLanes <= k; p += kLanes) {
    Vector column[N];
#pragma GCC unroll 4
    for (int j = 0; j < N; ++j) column[j] = *reinterpret_cast<const Vector*>(b[j] + p);
#pragma GCC unroll 4
    for (int i = 0; i < R; ++i) {
      const Vector row = *reinterpret_cast<const Vector*>(a[i] + p);
#pragma GCC unroll 4
      for (int j = 0; j < N; ++j) sum[i * N + j] += row * column[j];
    }
  }
  for (int g = 0; g < R * N; g += kLanes) {
    Tile<T>::transpose(sum + g);
    Vector total = sum[g];
    for (int i = 1; i < kLanes; ++i) total += sum[g + i];
    *reinterpret_cast<Vector*>(c + g) = total;
  }
  for (; p < k; ++p)
    for (int i = 0; i < R; ++i)
      for (int j = 0; j < N; ++j) c[i * N + j] += a[i][p] * b[j][p];
}

template <typename T>
void row_products(const T* a, std::int64_t a_row, std::int64_t rows, const T* b, std::int64_t b_row, std::int64_t columns, std::int64_t k, T* c) {
  constexpr int R = WEFT_VECTOR_BYTES == 64 ? 4 : 2, N = 4;
  const auto last = [](std::int64_t i, std::int64_t count) { return i < count ? i : count - 1; };  // beyond the end: computed again, not stored
  for (std::int64_t j = 0; j < columns; j += N) {
    const T* right[N];
    for (int n = 0; n < N; ++n) right[n] = b + last(j + n, columns) * b_row;
    for (std::int64_t i = 0; i < rows; i += R) {
      const T* left[R];
      for (int r = 0; r < R; ++r) left[r] = a + last(i + r, rows) * a_row;
      T tile[R * N];
      product_tile<T, R, N>(left, right, k, tile);
      for (int r = 0; r < R && i + r < rows; ++r)
        for (int n = 0; n < N && j + n < columns; ++n) c[(i + r) * columns + j + n] = tile[r * N + n];
    }
  }
}

// R rows of y, of one vector or two. A row's last vector reaches into the next rows, onto which it adds zero: rows are stored in order, and in part where
// that would be beyond the block.
template <typename T, int R, int N>
void add_block_tile(const T* left, const T* right, std::int64_t right_row, std::int64_t k, std::int64_t width, std::int64_t rest, const T* end, T* y) {
  using Vector = typename Tile<T>::V;
  constexpr int kLanes = Tile<T>::kLanes;
  Vector sum[R][N] = {};
  for (std::int64_t p = 0; p < k; ++p) {
    Vector column[N];
#pragma GCC unroll 2
    for (int j = 0; j < N; ++j) column[j] = *reinterpret_cast<const Vector*>(right + p * right_row + j * kLanes);
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) {
#pragma GCC unroll 2
      for (int j = 0; j < N; ++j) sum[r][j] += column[j] * left[r * k + p];
    }
  }
#pragma GCC unroll 8
  for (int r = 0; r < R; ++r) {
    T* const row = y + r * width;
    if (end - row < N * kLanes) {
      T values[N * kLanes];
      for (int j = 0; j < N; ++j) *reinterpret_cast<Vector*>(values + j * kLanes) = sum[r][j];
      for (std::int64_t c = 0; c < rest && c < N * kLanes; ++c) row[c] += values[c];
      continue;
    }
#pragma GCC unroll 2
    for (int j = 0; j < N; ++j) *reinterpret_cast<Vector*>(row + j * kLanes) += sum[r][j];
  }
}

template <typename T, int N>
void add_block_columns(const T* left, const T* right, std::int64_t right_row, std::int64_t rows, std::int64_t width, std::int64_t k, std::int64_t rest, T* y) {
  const T* const end = y + (rows - 1) * width + rest;
  std::int64_t r = 0;
  for (; r + 8 <= rows; r += 8) add_block_tile<T, 8, N>(left + r * k, right, right_row, k, width, rest, end, y + r * width);
  for (; r < rows; ++r) add_block_tile<T, 1, N>(left + r * k, right, right_row, k, width, rest, end, y + r * width);
}

template <typename T>
void add_block(const T* left, const T* right, std::int64_t right_row, std::int64_t rows, std::int64_t width, std::int64_t k, T* y) {
  constexpr int kLanes = Tile<T>::kLanes;
  for (std::int64_t c = 0; c < width; c += 2 * kLanes) {
    if (width - c > kLanes)
      add_block_columns<T, 2>(left, right + c, right_row, rows, width, k, width - c, y + c);
    else
      add_block_columns<T, 1>(left, right + c, right_row, rows, width, k, width - c, y + c);
  }
}

// One vector of columns or two, and kBlockTerms terms: their sums for `right` stay in registers.
template <typename T, int N>
void block_gradients_tile(const T* g, const T* left, const T* right, std::int64_t right_row, std::int64_t rows, std::int64_t width, std::int64_t k, T* sums,
                          T* right_gradient) {
  using Vector = typename Tile<T>::V;
  constexpr int kLanes = Tile<T>::kLanes, kTerms = static_cast<int>(kBlockTerms);
  Vector whole[kTerms][N] = {};
  for (std::int64_t r = 0; r < rows; ++r) {
    Vector value[N];
#pragma GCC unroll 2
    for (int j = 0; j < N; ++j) value[j] = *reinterpret_cast<const Vector*>(g + r * width + j * kLanes);
    T* const own = sums + r * k * kLanes;
#pragma GCC unroll 8
    for (int t = 0; t < kTerms; ++t) {
      Vector sum = *reinterpret_cast<const Vector*>(own + t * kLanes);
#pragma GCC unroll 2
      for (int j = 0; j < N; ++j) {
        sum += value[j] * *reinterpret_cast<const Vector*>(right + t * right_row + j * kLanes);
        whole[t][j] += value[j] * left[r * k + t];
      }
      *reinterpret_cast<Vector*>(own + t * kLanes) = sum;
    }
  }
#pragma GCC unroll 8
  for (int t = 0; t < kTerms; ++t)
    for (int j = 0; j < N; ++j) *reinterpret_cast<Vector*>(right_gradient + t * right_row + j * kLanes) += whole[t][j];
}

template <typename T>
void add_block_gradients(const T* g, const T* left, const T* right, std::int64_t right_row, std::int64_t rows, std::int64_t width, std::int64_t k, T* sums,
                         T* right_gradient) {
  constexpr int kLanes = Tile<T>::kLanes;
  for (std::int64_t t = 0; t < k; t += kBlockTerms)
    for (std::int64_t c = 0; c < width; c += 2 * kLanes) {
      const T *from = right + t * right_row + c;
      T *own = sums + t * kLanes, *to = right_gradient + t * right_row + c;
      if (width - c > kLanes)
        block_gradients_tile<T, 2>(g + c, left + t, from, right_row, rows, width, k, own, to);
      else
        block_gradients_tile<T, 1>(g + c, left + t, from, right_row, rows, width, k, own, to);
    }
}

template <typename T>
void column_dots(const T* a, const T* b, std::int64_t rows, std::int64_t width, std::int64_t begin, std::int64_t end, T* sum) {
  for (std::int64_t c = begin; c < end; ++c) sum[c] = 0;
  for (std::int64_t r = 0; r < rows; ++r) {
    const T *left = a + r * width, *right = b + r * width;
    for (std::int64_t c = begin; c < end; ++c) sum[c] += left[c] * right[c];
  }
}

template <typename T>
void column_dots_bf16(const T* a, const std::uint16_t* b, std::int64_t rows, std::int64_t width, std::int64_t begin, std::int64_t end, T* sum) {
  constexpr std::int64_t kPart = 256;   // widened on their own first, as above
  T wide[kPart];
  for (std::int64_t c = begin; c < end; ++c) sum[c] = 0;
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t first = begin; first < end; first += kPart) {
      const std::int64_t count = end - first < kPart ? end - first : kPart;
      const T* left = a + r * width + first;
      const std::uint16_t* right = b + r * width + first;
      for (std::int64_t i = 0; i < count; ++i) wide[i] = __builtin_bit_cast(float, static_cast<std::uint32_t>(right[i]) << 16);
      for (std::int64_t i = 0; i < count; ++i) sum[first + i] += left[i] * wide[i];
    }
}

template <typename T>
void column_dots_scaled(const ScaledColumns<T>* all, std::int64_t count, const T* b, const T* init, std::int64_t rows, std::int64_t width, std::int64_t begin,
                        std::int64_t end, T* y) {
  for (std::int64_t i = 0; i < count; ++i)
    for (std::int64_t c = begin; c < end; ++c) all[i].dots[c] = 0;
  // row by row, so that those of b and y stay in the first-level cache for all
  for (std::int64_t r = 0; r < rows; ++r) {
    const T *right = b + r * width, *from = init ? init + r * width : nullptr;
    T* to = y ? y + r * width : nullptr;
    for (std::int64_t i = 0; i < count; ++i) {
      const T *left = all[i].x + r * width, *scale = all[i].scale;
      T* sum = all[i].dots;
      if (!to) {
        for (std::int64_t c = begin; c < end; ++c) sum[c] += left[c] * right[c];
      } else if (from) {
#pragma GCC ivdep
        for (std::int64_t c = begin; c < end; ++c) {
          sum[c] += left[c] * right[c];
          to[c] = from[c] + left[c] * scale[c];
        }
      } else {
#pragma GCC ivdep
        for (std::int64_t c = begin; c < end; ++c) {
          sum[c] += left[c] * right[c];
          to[c] = left[c] * scale[c];
        }
      }
      from = to;
    }
  }
}

template <typename T>
T scaled_square_sum(const T* x, const T* scale, std::int64_t n) {
  T sum = 0;
  for (std::int64_t i = 0; i < n; ++i) sum += x[i] * scale[i] * (x[i] * scale[i]);
  return sum;
}

template <typename T>
void add_squares(const T* x, std::int64_t rows, std::int64_t width, const T* scale, T* sums) {
  // a few rows at a time, whose sum stays in registers
  constexpr std::int64_t kAtOnce = 4;
  std::int64_t r = 0;
  for (; r + kAtOnce <= rows; r += kAtOnce) {
    const T *first = x + r * width, *second = first + width, *third = second + width, *fourth = third + width;
    const T a = scale[r] * scale[r], b = scale[r + 1] * scale[r + 1], c = scale[r + 2] * scale[r + 2], d = scale[r + 3] * scale[r + 3];
#pragma GCC ivdep
    for (std::int64_t i = 0; i < width; ++i) sums[i] += (first[i] * first[i] * a + second[i] * second[i] * b) + (third[i] * third[i] * c + fourth[i] * fourth[i] * d);
  }
  for (; r < rows; ++r) {
    const T *row = x + r * width, factor = scale[r] * scale[r];
#pragma GCC ivdep
    for (std::int64_t i = 0; i < width; ++i) sums[i] += row[i] * row[i] * factor;
  }
}

template <typename T>
void sum_heads(const T* x, std::int64_t total, std::int64_t heads, std::int64_t kv_heads, std::int64_t size, std::int64_t begin,
               std::int64_t end, T* y) {
  const std::int64_t group = heads / kv_heads;
  for (std::int64_t r = begin; r < end; ++r)
    for (std::int64_t kv = 0; kv < kv_heads; ++kv) {
      T* out = y + (r * kv_heads + kv) * size;
      for (std::int64_t g = 0; g < group; ++g) {
        const T* in = x + ((kv * group + g) * total + r) * size;
        for (std::int64_t d = 0; d < size; ++d) out[d] = g == 0 ? in[d] : out[d] + in[d];
      }
    }
}

}  // namespace
}  // namespace weft::cpu
