// SPDX-License-Identifier: GPL-3.0-or-later
// The loops of AttentionBf16 for AVX-512 with BF16: operands become pairs of bfloat16 along what is summed over. See kernels.inl.
#pragma once

#include <immintrin.h>

#include <cstdint>

#include "engine/kernels/cpu/attention.inl"
#include "engine/kernels/cpu/gemm_bf16.inl"

namespace weft::cpu {
namespace {

// Products of small matrices of pairs, in vectors.
struct PairProducts {
  static constexpr int kLanes = 16, kVectors = 4;

  static __mmask16 lanes(std::int64_t count) { return static_cast<__mmask16>(count >= kLanes ? 0xffff : (1U << count) - 1U); }

  // c [R, N vectors] = init + a b over pairs; `last` says which lanes of the last vector there are
  template <int R, int N>
  static void tile(std::int64_t pairs, const Pair* a, std::int64_t a_row, std::int64_t a_pair, const Pair* b, std::int64_t b_row, const float* init,
                   float* c, std::int64_t c_row, __mmask16 last) {
    __m512 sum[R][N];
    for (int r = 0; r < R; ++r)
      for (int j = 0; j < N; ++j)
        sum[r][j] = init ? _mm512_maskz_loadu_ps(j + 1 < N ? lanes(kLanes) : last, init + r * c_row + j * kLanes) : _mm512_setzero_ps();
    for (std::int64_t p = 0; p < pairs; ++p) {
      __m512bh column[N];
#pragma GCC unroll 4
      for (int j = 0; j < N; ++j) column[j] = PairTile<false>::as_pairs(b + p * b_row + j * kLanes);
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r) {
        const __m512i both = _mm512_set1_epi32(static_cast<int>(a[r * a_row + p * a_pair]));
#pragma GCC unroll 4
        for (int j = 0; j < N; ++j) sum[r][j] = _mm512_dpbf16_ps(sum[r][j], column[j], __builtin_bit_cast(__m512bh, both));
      }
    }
    for (int r = 0; r < R; ++r)
      for (int j = 0; j < N; ++j) _mm512_mask_storeu_ps(c + r * c_row + j * kLanes, j + 1 < N ? lanes(kLanes) : last, sum[r][j]);
  }

  template <int N>
  static void rows(std::int64_t m, std::int64_t pairs, const Pair* a, std::int64_t a_row, std::int64_t a_pair, const Pair* b, std::int64_t b_row,
                   const float* init, float* c, std::int64_t c_row, __mmask16 last) {
    constexpr int kRowsOfTile = N >= 3 ? 4 : 8;
    std::int64_t r = 0;
    for (; m - r >= kRowsOfTile; r += kRowsOfTile)
      tile<kRowsOfTile, N>(pairs, a + r * a_row, a_row, a_pair, b, b_row, init ? init + r * c_row : nullptr, c + r * c_row, c_row, last);
    for (; r < m; ++r) tile<1, N>(pairs, a + r * a_row, a_row, a_pair, b, b_row, init ? init + r * c_row : nullptr, c + r * c_row, c_row, last);
  }

  // c [m, n] = init + a b; b may be read up to a whole vector beyond n. init has c's rows.
  static void multiply(std::int64_t m, std::int64_t n, std::int64_t pairs, const Pair* a, std::int64_t a_row, std::int64_t a_pair, const Pair* b,
                       std::int64_t b_row, const float* init, float* c, std::int64_t c_row) {
    for (std::int64_t column = 0; column < n; column += kVectors * kLanes) {
      const std::int64_t count = AttentionLoops<float>::least(n - column, kVectors * kLanes), vectors = (count + kLanes - 1) / kLanes;
      const __mmask16 last = lanes(count - (vectors - 1) * kLanes);
      const Pair* b_column = b + column;
      const float* from = init ? init + column : nullptr;
      float* to = c + column;
      switch (vectors) {
        case 4: rows<4>(m, pairs, a, a_row, a_pair, b_column, b_row, from, to, c_row, last); break;
        case 3: rows<3>(m, pairs, a, a_row, a_pair, b_column, b_row, from, to, c_row, last); break;
        case 2: rows<2>(m, pairs, a, a_row, a_pair, b_column, b_row, from, to, c_row, last); break;
        default: rows<1>(m, pairs, a, a_row, a_pair, b_column, b_row, from, to, c_row, last);
      }
    }
  }

};

// Products: PairProducts, or another that multiplies as it does.
template <typename Products>
struct PairAttention {
  using Loops = AttentionLoops<float>;
  using Head = AttentionHead<float>;
  using Packing = PairGemm<PairTile, false>;
  static constexpr int kLanes = PairProducts::kLanes;

  static std::int64_t pairs_of(std::int64_t count) { return (count + 1) / 2; }
  static __mmask16 lanes(std::int64_t count) { return PairProducts::lanes(count); }

  // x [length, columns] -> [length/2, columns] of pairs
  static void along_rows(const float* x, std::int64_t x_row, std::int64_t length, std::int64_t columns, Pair* to, std::int64_t to_row) {
    for (std::int64_t r = 0; r < length; r += 2) {
      const float* even = x + r * x_row;
      for (std::int64_t j = 0; j < columns; j += kLanes) {
        const __mmask16 mask = lanes(columns - j);
        const __m512 odd = r + 1 < length ? _mm512_maskz_loadu_ps(mask, even + x_row + j) : _mm512_setzero_ps();
        _mm512_storeu_si512(to + r / 2 * to_row + j, Packing::interleaved(_mm512_maskz_loadu_ps(mask, even + j), odd));
      }
    }
  }

  // x [length, size] -> [size/2, length] of pairs
  static void along_columns(const float* x, std::int64_t x_row, std::int64_t length, std::int64_t size, Pair* to, std::int64_t to_row) {
    using Vector = Tile<float>::V;
    constexpr std::int64_t kPart = 2 * kLanes;  // columns at a time
    for (std::int64_t row = 0; row < length; row += kLanes) {
      const std::int64_t count = Loops::least(kLanes, length - row);
      for (std::int64_t column = 0; column < size; column += kPart) {
        alignas(64) Pair block[kLanes * kLanes] = {};
        const std::int64_t width = Loops::least(kPart, size - column);
        for (std::int64_t i = 0; i < count; ++i) Packing::to_pairs(x + (row + i) * x_row + column, width, block + i * kLanes);
        Vector lines[kLanes];
        for (int i = 0; i < kLanes; ++i) lines[i] = *reinterpret_cast<const Vector*>(block + i * kLanes);
        Tile<float>::transpose(lines);
        for (std::int64_t p = 0; p < pairs_of(width); ++p)
          _mm512_mask_storeu_epi32(to + (column / 2 + p) * to_row + row, lanes(count), __builtin_bit_cast(__m512i, lines[p]));
      }
    }
  }

  // rows of floats -> rows of pairs, which a product reads as they lie
  static void to_rows(const float* x, std::int64_t x_row, std::int64_t count, std::int64_t columns, Pair* to, std::int64_t to_row) {
    for (std::int64_t r = 0; r < count; ++r) Packing::to_pairs(x + r * x_row, columns, to + r * to_row);
  }

  struct Scratch {
    std::int64_t s_row, d_row;
    float *s, *gs;
    Pair *wide, *q, *gy;
    Scratch(const Head& h, float* memory) : s_row(attention_scratch_row(h.length)), d_row(attention_pairs_row(h.size)) {
      s = memory;
      gs = s + kAttentionRows * s_row;
      wide = reinterpret_cast<Pair*>(gs + kAttentionRows * s_row);  // [32, s_row]: pairs of s or gs, one way or the other
      q = wide + kAttentionRows * s_row;
      gy = q + kAttentionRows * d_row;
    }
  };
  // An even key: pairs of keys begin there.
  static std::int64_t first_pair_key(const Head& h, std::int64_t query) { return Loops::first_key(h, query) / 2 * 2; }

  static void forward(const Head& h, const AttentionPairs& pairs, float* memory) {
    const Scratch at(h, memory);
    const std::int64_t last = Loops::last_query(h);
    for (std::int64_t i = h.query; i < last; i += kAttentionRows) {
      const std::int64_t count = Loops::least(kAttentionRows, last - i), first = first_pair_key(h, i), keys = i + count - first;
      to_rows(h.q + i * h.q_row, h.q_row, count, h.size, at.q, at.d_row);
      Products::multiply(count, keys, pairs_of(h.size), at.q, at.d_row, 1, pairs.k_t + first, pairs.t_row, nullptr, at.s, at.s_row);
      float inverse[kAttentionRows];
      for (std::int64_t r = 0; r < count; ++r) {
        Loops::hide_dropped(h, i + r, first, at.s + r * at.s_row);
        inverse[r] = Loops::probabilities(h, i + r, first, keys, at.s + r * at.s_row);
      }
      to_rows(at.s, at.s_row, count, keys, at.wide, at.s_row);
      float* y = h.y + i * h.q_row;
      Products::multiply(count, h.size, pairs_of(keys), at.wide, at.s_row, 1, pairs.v + first / 2 * pairs.row, pairs.row, nullptr, y, h.q_row);
      for (std::int64_t r = 0; r < count; ++r)
        for (std::int64_t d = 0; d < h.size; ++d) y[r * h.q_row + d] *= inverse[r];
    }
  }

  static void backward(const Head& h, const AttentionPairs& pairs, const AttentionGradient<float>& g, float* memory) {
    const Scratch at(h, memory);
    const std::int64_t last = Loops::last_query(h);
    memset(g.gk, 0, static_cast<std::size_t>(h.length * h.size) * sizeof(float));
    memset(g.gv, 0, static_cast<std::size_t>(h.length * h.size) * sizeof(float));
    for (std::int64_t i = h.query; i < last; i += kAttentionRows) {
      const std::int64_t count = Loops::least(kAttentionRows, last - i), first = first_pair_key(h, i), keys = i + count - first;
      const float *q = h.q + i * h.q_row, *gy = g.gy + i * h.q_row;
      to_rows(q, h.q_row, count, h.size, at.q, at.d_row);
      to_rows(gy, h.q_row, count, h.size, at.gy, at.d_row);
      Products::multiply(count, keys, pairs_of(h.size), at.q, at.d_row, 1, pairs.k_t + first, pairs.t_row, nullptr, at.s, at.s_row);
      Products::multiply(count, keys, pairs_of(h.size), at.gy, at.d_row, 1, pairs.v_t + first, pairs.t_row, nullptr, at.gs, at.s_row);
      for (std::int64_t r = 0; r < count; ++r)
        Loops::row_gradients(h, i + r, first, keys, gy + r * h.q_row, at.s + r * at.s_row, at.gs + r * at.s_row);
      to_rows(at.gs, at.s_row, count, keys, at.wide, at.s_row);
      Products::multiply(count, h.size, pairs_of(keys), at.wide, at.s_row, 1, pairs.k + first / 2 * pairs.row, pairs.row, nullptr, g.gq + i * h.q_row, h.q_row);
      float *gk = g.gk + first * h.size, *gv = g.gv + first * h.size;
      along_rows(q, h.q_row, count, h.size, at.q, at.d_row);
      along_rows(at.gs, at.s_row, count, keys, at.wide, at.s_row);
      Products::multiply(keys, h.size, pairs_of(count), at.wide, 1, at.s_row, at.q, at.d_row, gk, gk, h.size);
      along_rows(gy, h.q_row, count, h.size, at.gy, at.d_row);
      along_rows(at.s, at.s_row, count, keys, at.wide, at.s_row);
      Products::multiply(keys, h.size, pairs_of(count), at.wide, 1, at.s_row, at.gy, at.d_row, gv, gv, h.size);
    }
  }
};

template <typename Products>
constexpr AttentionBf16 attention_in_pairs() {
  using Attention = PairAttention<Products>;
  return {Attention::along_columns, Attention::along_rows, Attention::forward, Attention::backward};
}

}  // namespace
}  // namespace weft::cpu
