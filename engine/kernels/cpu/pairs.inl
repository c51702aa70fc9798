// SPDX-License-Identifier: GPL-3.0-or-later
// What the kernels of gemm_bf16.h that multiply pairs of bfloat16 share, on AVX-512 with BF16: A and B become pairs that lie next to each
// other along k, and loops of a processor multiply them. See kernels.inl.
#pragma once

#include <immintrin.h>

#include <cstdint>
#include <cstring>

#include "engine/kernels/cpu/gemm.inl"
#include "engine/kernels/cpu/gemm_bf16.h"

namespace weft::cpu {
namespace {

using Pair = std::uint32_t;  // of bfloat16, the value of even k in the low half

constexpr std::int64_t kPairsOfRow = kBf16Depth / 2;  // of a packed row of A
// Where an operand is split, its low parts lie so many pairs after the high ones: in the same row of A, in later rows of the panel.
constexpr std::int64_t kLowPart = kPairsOfRow / 2;
static_assert(kBf16Depth % 64 == 0);

// The products of a sum: one, or of split operands hi hi, hi lo, lo hi.
constexpr int products_of(bool split) { return split ? 3 : 1; }
constexpr std::int64_t low_of_a(int product) { return product == 2 ? kLowPart : 0; }
constexpr std::int64_t low_of_b(int product) { return product == 1 ? kLowPart : 0; }

// Loops<split>: kColumns of a panel; kUnit, the pairs to whose multiple a panel is filled with zeros; multiply_panel.
template <template <bool> class Loops, bool kSplit>
struct PairGemm {
  static constexpr int kLanes = 16;
  static constexpr std::int64_t kColumns = Loops<kSplit>::kColumns, kUnit = Loops<kSplit>::kUnit, kPairs = kPairsOfRow;
  static constexpr std::int64_t kDepth = kSplit ? kBf16Depth / 2 : kBf16Depth;
  static_assert(kColumns % kLanes == 0 && kColumns <= kBf16Columns);

  static __m512 wide(__m256bh x) { return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(__builtin_bit_cast(__m256i, x)), 16)); }
  static __m512 low(__m512 x) { return _mm512_sub_ps(x, wide(_mm512_cvtneps_pbh(x))); }

  static void store_pairs(__m512 first, __m512 second, Pair* to) {
    _mm512_storeu_si512(to, __builtin_bit_cast(__m512i, _mm512_cvtne2ps_pbh(second, first)));
    if constexpr (kSplit) _mm512_storeu_si512(to + kLowPart, __builtin_bit_cast(__m512i, _mm512_cvtne2ps_pbh(low(second), low(first))));
  }
  // k floats next to each other -> pairs, zero beyond k up to a whole vector
  static void to_pairs(const float* from, std::int64_t k, Pair* to) {
    std::int64_t i = 0;
    for (; i + 32 <= k; i += 32) store_pairs(_mm512_loadu_ps(from + i), _mm512_loadu_ps(from + i + 16), to + i / 2);
    if (i == k) return;
    const auto mask = [&](std::int64_t begin) { return static_cast<__mmask16>(k - begin >= 16 ? 0xffff : k > begin ? (1U << (k - begin)) - 1U : 0U); };
    store_pairs(_mm512_maskz_loadu_ps(mask(i), from + i), _mm512_maskz_loadu_ps(mask(i + 16), from + i + 16), to + i / 2);
  }
  // pairs of two rows of 16 floats: low half from the first, high half from the second
  static __m512i interleaved(__m512 even, __m512 odd) {
    const __m512i first = _mm512_cvtepu16_epi32(__builtin_bit_cast(__m256i, _mm512_cvtneps_pbh(even)));
    const __m512i second = _mm512_cvtepu16_epi32(__builtin_bit_cast(__m256i, _mm512_cvtneps_pbh(odd)));
    return _mm512_or_si512(first, _mm512_slli_epi32(second, 16));
  }

  // Rows [row, row_end) of a, k values from k0 on -> [rows][kPairs]
  static void pack_rows(const GemmTerm<float>& term, std::int64_t row, std::int64_t row_end, std::int64_t k0, std::int64_t k, Pair* to) {
    for (std::int64_t r = row; r < row_end; ++r) {
      const float* from = term.a + r * term.a_row + k0 * term.a_column;
      if (term.a_column == 1) {
        to_pairs(from, k, to + (r - row) * kPairs);
        continue;
      }
      alignas(64) float values[kDepth];
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

  // sixteen rows of pairs -> columns of the panel
  static void transpose_pairs(const Pair* rows, std::int64_t pairs, Pair* panel) {
    using Vector = Tile<float>::V;
    for (std::int64_t p = 0; p < pairs; p += kLanes) {
      Vector block[kLanes];
      for (int i = 0; i < kLanes; ++i) block[i] = *reinterpret_cast<const Vector*>(rows + i * kPairs + p);
      Tile<float>::transpose(block);
      for (int i = 0; i < kLanes && p + i < pairs; ++i) *reinterpret_cast<Vector*>(panel + (p + i) * kColumns) = block[i];
    }
  }

  // Where b's columns lie one after another: sixteen of them become rows of pairs, which are then transposed.
  static void pack_columns(const GemmTerm<float>& term, std::int64_t k0, std::int64_t k, std::int64_t pairs, std::int64_t column, int columns, Pair* panel) {
    alignas(64) float values[kDepth];
    alignas(64) Pair rows[kLanes * kPairs];
    for (int n = 0; n < columns; n += kLanes) {
      const int count = columns - n < kLanes ? columns - n : kLanes;
      if (count < kLanes) memset(rows, 0, sizeof rows);
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
      transpose_pairs(rows, pairs, panel + n);
      if constexpr (kSplit) transpose_pairs(rows + kLowPart, pairs, panel + kLowPart * kColumns + n);
    }
  }

  static constexpr std::int64_t kPanel = kPairs * kColumns;  // pairs of one panel
  static constexpr std::int64_t kAhead = 16;                 // rows

  // Where b's rows lie one after another: two of them at a time, into all panels that hold their columns.
  static void pack_two_rows(const GemmTerm<float>& term, std::int64_t k0, std::int64_t k, std::int64_t pairs, std::int64_t column, std::int64_t columns,
                            Pair* panels) {
    alignas(64) float values[2][kBf16Panels * kColumns] = {};
    // Part of a row is read, then the same part of the next: too far apart for the processor to see them coming.
    const std::int64_t first = term.coded ? byte_of_column(term.coded->code, column) : 0, last = term.coded ? byte_of_column(term.coded->code, column + columns) : 0;
    for (std::int64_t p = 0; p < 2 * pairs; p += 2) {
      for (std::int64_t ahead = p + kAhead; term.coded && ahead < p + kAhead + 2 && ahead < k; ++ahead)
        for (std::int64_t byte = first; byte < last; byte += 64) __builtin_prefetch(term.coded->row(k0 + ahead) + byte);
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
      Pair* to = panels + p / 2 * kColumns;
      for (std::int64_t n = 0; n < columns; n += kColumns, to += kPanel)
        for (std::int64_t j = 0; j < kColumns && n + j < columns; j += kLanes) {
          const __m512 even = _mm512_load_ps(values[0] + n + j), odd = _mm512_load_ps(values[1] + n + j);
          _mm512_storeu_si512(to + j, interleaved(even, odd));
          if constexpr (kSplit) _mm512_storeu_si512(to + kLowPart * kColumns + j, interleaved(low(even), low(odd)));
        }
    }
  }

  // Where rows of the block of k that begins at k0 lie in a packed a.
  static std::int64_t place(const GemmTerm<float>& term, std::int64_t row, std::int64_t k0) { return (k0 / kDepth * term.packed_rows + row) * kPairs; }
  static void pack(const GemmTerm<float>& term, std::int64_t row, std::int64_t row_end, void* to) {
    for (std::int64_t k0 = 0; k0 < term.k; k0 += kDepth)
      pack_rows(term, row, row_end, k0, term.k - k0 < kDepth ? term.k - k0 : kDepth, static_cast<Pair*>(to) + place(term, row, k0));
  }

  static void run(const GemmTerm<float>* terms, int count, const GemmOutput<float>& out, const GemmBlock& block, void* scratch) {
    Pair *panels = static_cast<Pair*>(scratch), *own_rows = panels + kBf16Panels * kPanel;
    const float* init = out.init;
    std::int64_t init_row = out.init_row;
    for (int i = 0; i < count; ++i) {
      const GemmTerm<float>& term = terms[i];
      for (std::int64_t k0 = 0; k0 < term.k; k0 += kDepth) {
        const std::int64_t k = term.k - k0 < kDepth ? term.k - k0 : kDepth, pairs = (k + 2 * kUnit - 1) / (2 * kUnit) * kUnit;
        const Pair* rows = own_rows;
        if (term.packed_a)
          rows = static_cast<const Pair*>(term.packed_a) + place(term, block.row, k0);
        else
          pack_rows(term, block.row, block.row_end, k0, k, own_rows);
        const bool by_columns = term.b_row == 1 && (term.coded || term.b_column != 1);
        const std::int64_t width = by_columns ? kColumns : kBf16Panels * kColumns;
        for (std::int64_t at = block.column; at < block.column_end; at += width) {
          const std::int64_t packed_end = block.column_end - at < width ? block.column_end : at + width;
          if (by_columns)
            pack_columns(term, k0, k, pairs, at, static_cast<int>(packed_end - at), panels);
          else
            pack_two_rows(term, k0, k, pairs, at, packed_end - at, panels);
          const Pair* panel = panels;
          for (std::int64_t column = at; column < packed_end; column += kColumns, panel += kPanel) {
            const int columns = packed_end - column < kColumns ? static_cast<int>(packed_end - column) : static_cast<int>(kColumns);
            const float* from = init ? init + block.row * init_row + column : nullptr;
            float* c = out.c + block.row * out.c_row + column;
            Loops<kSplit>::multiply_panel(columns, block.row_end - block.row, pairs, rows, panel, from, init_row, c, out.c_row);
          }
        }
        init = out.c;
        init_row = out.c_row;
      }
    }
  }
};

template <template <bool> class Loops, bool kSplit>
constexpr Bf16Product product_in_pairs() {
  using Gemm = PairGemm<Loops, kSplit>;
  return {Gemm::run, Gemm::pack, Gemm::kDepth};
}

}  // namespace
}  // namespace weft::cpu
