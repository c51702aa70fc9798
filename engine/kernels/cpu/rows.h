// SPDX-License-Identifier: GPL-3.0-or-later
// Row kernels of the decoder on raw pointers: no torch types, no threads of their own (the caller splits rows).
// T is float or double. Contiguous rows.
#pragma once

#include <cmath>
#include <cstdint>

namespace weft::cpu {

// y = x * rsqrt(mean(x^2) + eps) * w ; rstd[row] kept for the backward pass.
template <typename T>
void rms_norm_rows(const T* x, const T* w, T eps, std::int64_t begin, std::int64_t end, std::int64_t width, T* y, T* rstd) {
  for (std::int64_t r = begin; r < end; ++r) {
    const T* row = x + r * width;
    T sum = 0;
    for (std::int64_t i = 0; i < width; ++i) sum += row[i] * row[i];
    const T scale = T(1) / std::sqrt(sum / static_cast<T>(width) + eps);
    rstd[r] = scale;
    T* out = y + r * width;
    for (std::int64_t i = 0; i < width; ++i) out[i] = row[i] * scale * w[i];
  }
}

// gx = rstd * (w*gy - xhat * mean(w*gy*xhat)), xhat = x*rstd
template <typename T>
void rms_norm_backward_rows(const T* x, const T* w, const T* rstd, const T* gy, std::int64_t begin, std::int64_t end, std::int64_t width,
                            T* gx) {
  for (std::int64_t r = begin; r < end; ++r) {
    const T* row = x + r * width;
    const T* g = gy + r * width;
    T dot = 0;
    for (std::int64_t i = 0; i < width; ++i) dot += g[i] * w[i] * row[i];
    const T scale = rstd[r];
    const T pull = dot * scale * scale * scale / static_cast<T>(width);
    T* out = gx + r * width;
    for (std::int64_t i = 0; i < width; ++i) out[i] = scale * g[i] * w[i] - row[i] * pull;
  }
}

// Rotates each head of each row: (a, b) -> (a cos - b sin, b cos + a sin), a and b the halves of the head.
// cosine, sine [rows, head/2]. direction -1 turns back (the backward pass).
template <typename T>
void rope_rows(const T* x, const T* cosine, const T* sine, T direction, std::int64_t begin, std::int64_t end, std::int64_t heads,
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

// y = silu(gate) * up
template <typename T>
void swiglu_range(const T* gate, const T* up, std::int64_t begin, std::int64_t end, T* y) {
  for (std::int64_t i = begin; i < end; ++i) y[i] = gate[i] / (T(1) + std::exp(-gate[i])) * up[i];
}

template <typename T>
void swiglu_backward_range(const T* gate, const T* up, const T* gy, std::int64_t begin, std::int64_t end, T* g_gate, T* g_up) {
  for (std::int64_t i = begin; i < end; ++i) {
    const T sigmoid = T(1) / (T(1) + std::exp(-gate[i]));
    const T silu = gate[i] * sigmoid;
    g_up[i] = gy[i] * silu;
    g_gate[i] = gy[i] * up[i] * sigmoid * (T(1) + gate[i] - silu);
  }
}

}  // namespace weft::cpu
