// SPDX-License-Identifier: GPL-3.0-or-later
// The loops of gemm_bf16.h for AVX-512 with BF16: vdpbf16ps multiplies and adds pairs of bfloat16 in one instruction. See kernels.inl.
#pragma once

#include "engine/kernels/cpu/pairs.inl"

namespace weft::cpu {
namespace {

template <bool kSplit>
struct PairTile {
  static constexpr int kLanes = 16, kVectors = 3, kRows = 8;
  static constexpr std::int64_t kColumns = kBf16Columns, kPairs = kPairsOfRow, kUnit = 1;
  static_assert(kColumns == kVectors * kLanes);

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
    for (int product = 0; product < products_of(kSplit); ++product) {
      const Pair *x = a + low_of_a(product), *y = b + low_of_b(product) * kColumns;
      for (std::int64_t p = 0; p < pairs; ++p) {
        __m512bh column[N];
#pragma GCC unroll 4
        for (int j = 0; j < N; ++j) column[j] = as_pairs(y + p * kColumns + j * kLanes);
#pragma GCC unroll 24
        for (int r = 0; r < R; ++r) {
          const __m512i both = _mm512_set1_epi32(static_cast<int>(x[r * kPairs + p]));
#pragma GCC unroll 4
          for (int j = 0; j < N; ++j) sum[r][j] = _mm512_dpbf16_ps(sum[r][j], column[j], __builtin_bit_cast(__m512bh, both));
        }
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

  // All rows of N vectors of a panel, its last columns through a tile on the stack where they fill no vector.
  template <int N>
  static void multiply_vectors(int columns, std::int64_t rows, std::int64_t pairs, const Pair* a, const Pair* b, const float* init, std::int64_t init_row,
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

  static void multiply_panel(int columns, std::int64_t rows, std::int64_t pairs, const Pair* a, const Pair* b, const float* init, std::int64_t init_row,
                             float* c, std::int64_t c_row) {
    const int vectors = (columns + kLanes - 1) / kLanes;
    if (vectors == kVectors)
      multiply_vectors<3>(columns, rows, pairs, a, b, init, init_row, c, c_row);
    else if (vectors == 2)
      multiply_vectors<2>(columns, rows, pairs, a, b, init, init_row, c, c_row);
    else
      multiply_vectors<1>(columns, rows, pairs, a, b, init, init_row, c, c_row);
  }
};

}  // namespace
}  // namespace weft::cpu
