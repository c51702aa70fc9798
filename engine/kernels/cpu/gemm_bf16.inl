// SPDX-License-Identifier: GPL-3.0-or-later
// The loops of gemm_bf16.h for AVX-512 with BF16: A and B become pairs of bfloat16 that lie next to each other along k, which
// vdpbf16ps multiplies and adds in one instruction. See kernels.inl.
#pragma once

#include <immintrin.h>

#include <cstdint>
#include <cstring>

#include "engine/kernels/cpu/gemm.inl"
#include "engine/kernels/cpu/gemm_bf16.h"

namespace weft::cpu {
namespace {

struct PairTile {
  static constexpr int kLanes = 16, kVectors = 3, kRows = 8;
  static constexpr std::int64_t kColumns = kBf16Columns, kPairs = kBf16Depth / 2;
  static_assert(kColumns == kVectors * kLanes && kBf16Depth % 32 == 0);
  using Pair = std::uint32_t;  // the value of even k in the low half

  static __m512bh as_pairs(const Pair* at) {
    const __m512i bits = _mm512_loadu_si512(at);
    return __builtin_bit_cast(__m512bh, bits);
  }

  // c [R, N vectors] = init + a b over `pairs` of k
  template <int R, int N>
  static void multiply(std::int64_t pairs, const Pair* a, const Pair* b, const float* init, std::int64_t init_row, float* c, std::int64_t c_row) {
    __m512 sum[R][N];
    for (int r = 0; r < R; ++r)
      for (int j = 0; j < N; ++j) sum[r][j] = init ? _mm512_loadu_ps(init + r * init_row + j * kLanes) : _mm512_setzero_ps();
    for (std::int64_t p = 0; p < pairs; ++p) {
      __m512bh column[N];
#pragma GCC unroll 4
      for (int j = 0; j < N; ++j) column[j] = as_pairs(b + p * kColumns + j * kLanes);
#pragma GCC unroll 24
      for (int r = 0; r < R; ++r) {
        const __m512i both = _mm512_set1_epi32(static_cast<int>(a[r * kPairs + p]));
#pragma GCC unroll 4
        for (int j = 0; j < N; ++j) sum[r][j] = _mm512_dpbf16_ps(sum[r][j], column[j], __builtin_bit_cast(__m512bh, both));
      }
    }
    for (int r = 0; r < R; ++r)
      for (int j = 0; j < N; ++j) _mm512_storeu_ps(c + r * c_row + j * kLanes, sum[r][j]);
  }

  template <int N>
  static void multiply_rows(std::int64_t rows, std::int64_t pairs, const Pair* a, const Pair* b, const float* init, std::int64_t init_row, float* c,
                            std::int64_t c_row) {
    constexpr int kWhole = kRows * kVectors / N;
    std::int64_t r = 0;
    const auto next = [&](auto count) {
      constexpr int kCount = decltype(count)::value;
      for (; rows - r >= kCount; r += kCount)
        multiply<kCount, N>(pairs, a + r * kPairs, b, init ? init + r * init_row : nullptr, init_row, c + r * c_row, c_row);
    };
    next(std::integral_constant<int, kWhole>());
    if constexpr (kWhole > 8) next(std::integral_constant<int, 8>());
    next(std::integral_constant<int, 4>());
    next(std::integral_constant<int, 1>());
  }

  // All rows of one panel, its last columns through a tile on the stack where they fill no vector.
  template <int N>
  static void multiply_panel(int columns, std::int64_t rows, std::int64_t pairs, const Pair* a, const Pair* b, const float* init, std::int64_t init_row,
                             float* c, std::int64_t c_row) {
    if (columns % kLanes == 0) {
      multiply_rows<N>(rows, pairs, a, b, init, init_row, c, c_row);
      return;
    }
    constexpr std::int64_t kPart = kRows * kVectors / N;
    for (std::int64_t r = 0; r < rows; r += kPart) {
      const std::int64_t count = rows - r < kPart ? rows - r : kPart;
      alignas(64) float tile[kPart * kColumns] = {};
      if (init)
        for (std::int64_t i = 0; i < count; ++i) memcpy(tile + i * kColumns, init + (r + i) * init_row, static_cast<std::size_t>(columns) * sizeof(float));
      multiply_rows<N>(count, pairs, a + r * kPairs, b, init ? tile : nullptr, kColumns, tile, kColumns);
      for (std::int64_t i = 0; i < count; ++i) memcpy(c + (r + i) * c_row, tile + i * kColumns, static_cast<std::size_t>(columns) * sizeof(float));
    }
  }

  // k floats next to each other -> pairs, zero beyond k up to a whole vector
  static void to_pairs(const float* from, std::int64_t k, Pair* to) {
    std::int64_t i = 0;
    for (; i + 32 <= k; i += 32)
      _mm512_storeu_si512(to + i / 2, __builtin_bit_cast(__m512i, _mm512_cvtne2ps_pbh(_mm512_loadu_ps(from + i + 16), _mm512_loadu_ps(from + i))));
    if (i == k) return;
    const auto mask = [&](std::int64_t begin) { return static_cast<__mmask16>(k - begin >= 16 ? 0xffff : k > begin ? (1U << (k - begin)) - 1U : 0U); };
    _mm512_storeu_si512(to + i / 2, __builtin_bit_cast(__m512i, _mm512_cvtne2ps_pbh(_mm512_maskz_loadu_ps(mask(i + 16), from + i + 16),
                                                                                    _mm512_maskz_loadu_ps(mask(i), from + i))));
  }
  // pairs of two rows of 16 floats: low from the first, high from the second
  static __m512i interleaved(__m512 even, __m512 odd) {
    const __m512i low = _mm512_cvtepu16_epi32(__builtin_bit_cast(__m256i, _mm512_cvtneps_pbh(even)));
    const __m512i high = _mm512_cvtepu16_epi32(__builtin_bit_cast(__m256i, _mm512_cvtneps_pbh(odd)));
    return _mm512_or_si512(low, _mm512_slli_epi32(high, 16));
  }

  // Rows [row, row_end) of a, k values from k0 on -> [rows][kPairs]
  static void pack_rows(const GemmTerm<float>& term, std::int64_t row, std::int64_t row_end, std::int64_t k0, std::int64_t k, Pair* to) {
    for (std::int64_t r = row; r < row_end; ++r) {
      const float* from = term.a + r * term.a_row + k0 * term.a_column;
      if (term.a_column == 1) {
        to_pairs(from, k, to + (r - row) * kPairs);
        continue;
      }
      alignas(64) float values[kBf16Depth];
      for (std::int64_t p = 0; p < k; ++p) values[p] = from[p * term.a_column];
      to_pairs(values, k, to + (r - row) * kPairs);
    }
  }

  static void multiply_by(float* values, std::int64_t count, const float* factors, float scale) {
    if (factors)
      for (std::int64_t i = 0; i < count; ++i) values[i] *= factors[i] * scale;
    else if (scale != 1.0F)
      for (std::int64_t i = 0; i < count; ++i) values[i] *= scale;
  }

  // Where b's columns lie one after another: sixteen of them become rows of pairs, which are then transposed.
  static void pack_columns(const GemmTerm<float>& term, std::int64_t k0, std::int64_t k, std::int64_t column, int columns, Pair* panel) {
    using Vector = Tile<float>::V;
    alignas(64) float values[kBf16Depth];
    alignas(64) Pair rows[kLanes * kPairs];
    const std::int64_t pairs = (k + 1) / 2;
    for (int n = 0; n < columns; n += kLanes) {
      const int count = columns - n < kLanes ? columns - n : kLanes;
      memset(rows, 0, sizeof rows);
      for (int i = 0; i < count; ++i) {
        const float* from = term.coded ? values : term.b + k0 + (column + n + i) * term.b_column;
        if (term.coded) decode(*term.coded, column + n + i, k0, k, values);
        const float scale = term.scale * (term.column_scale ? term.column_scale[column + n + i] : 1.0F);
        if (scale != 1.0F || term.row_scale) {
          if (from != values) memcpy(values, from, static_cast<std::size_t>(k) * sizeof(float));
          multiply_by(values, k, term.row_scale ? term.row_scale + k0 : nullptr, scale);
          from = values;
        }
        to_pairs(from, k, rows + i * kPairs);
      }
      for (std::int64_t p = 0; p < pairs; p += kLanes) {
        Vector block[kLanes];
        for (int i = 0; i < kLanes; ++i) block[i] = *reinterpret_cast<const Vector*>(rows + i * kPairs + p);
        Tile<float>::transpose(block);
        for (int i = 0; i < kLanes && p + i < pairs; ++i) *reinterpret_cast<Vector*>(panel + (p + i) * kColumns + n) = block[i];
      }
    }
  }

  // Where b's rows lie one after another: two of them at a time.
  static void pack_two_rows(const GemmTerm<float>& term, std::int64_t k0, std::int64_t k, std::int64_t column, int columns, Pair* panel) {
    alignas(64) float values[2][kColumns] = {};
    for (std::int64_t p = 0; p < k; p += 2) {
      for (int i = 0; i < 2; ++i) {
        if (p + i >= k) {
          memset(values[i], 0, sizeof values[i]);
          continue;
        }
        if (term.coded)
          decode(*term.coded, k0 + p + i, column, columns, values[i]);
        else
          memcpy(values[i], term.b + (k0 + p + i) * term.b_row + column, static_cast<std::size_t>(columns) * sizeof(float));
        multiply_by(values[i], columns, term.column_scale ? term.column_scale + column : nullptr, term.scale * (term.row_scale ? term.row_scale[k0 + p + i] : 1.0F));
      }
      for (int n = 0; n < columns; n += kLanes)
        _mm512_storeu_si512(panel + p / 2 * kColumns + n, interleaved(_mm512_loadu_ps(values[0] + n), _mm512_loadu_ps(values[1] + n)));
    }
  }

  static void run(const GemmTerm<float>* terms, int count, const GemmOutput<float>& out, const GemmBlock& block, void* scratch) {
    Pair *panel = static_cast<Pair*>(scratch), *rows = panel + kPairs * kColumns;
    const float* init = out.init;
    std::int64_t init_row = out.init_row;
    const std::int64_t m = block.row_end - block.row;
    for (int i = 0; i < count; ++i) {
      const GemmTerm<float>& term = terms[i];
      for (std::int64_t k0 = 0; k0 < term.k; k0 += kBf16Depth) {
        const std::int64_t k = term.k - k0 < kBf16Depth ? term.k - k0 : kBf16Depth, pairs = (k + 1) / 2;
        pack_rows(term, block.row, block.row_end, k0, k, rows);
        for (std::int64_t column = block.column; column < block.column_end; column += kColumns) {
          const int columns = block.column_end - column < kColumns ? static_cast<int>(block.column_end - column) : static_cast<int>(kColumns);
          if (term.b_row == 1 && (term.coded || term.b_column != 1))
            pack_columns(term, k0, k, column, columns, panel);
          else
            pack_two_rows(term, k0, k, column, columns, panel);
          const float* from = init ? init + block.row * init_row + column : nullptr;
          float* c = out.c + block.row * out.c_row + column;
          const int vectors = (columns + kLanes - 1) / kLanes;
          if (vectors == kVectors)
            multiply_panel<3>(columns, m, pairs, rows, panel, from, init_row, c, out.c_row);
          else if (vectors == 2)
            multiply_panel<2>(columns, m, pairs, rows, panel, from, init_row, c, out.c_row);
          else
            multiply_panel<1>(columns, m, pairs, rows, panel, from, init_row, c, out.c_row);
        }
        init = out.c;
        init_row = out.c_row;
      }
    }
  }
};

}  // namespace
}  // namespace weft::cpu
