// SPDX-License-Identifier: GPL-3.0-or-later
// The products of attention_pairs.inl in AMX's tiles: whole tiles of 16 pairs deep, what is left of the depth in vectors. See kernels.inl.
#pragma once

#include "engine/kernels/cpu/amx.inl"
#include "engine/kernels/cpu/attention_pairs.inl"

namespace weft::cpu {
namespace {

template <typename Instructions>
struct TileProducts {
  using Tiles = MatrixTile<Instructions, false>;
  using Vectors = Tile<float>;
  static constexpr std::int64_t kSide = Tiles::kSide, kBlock = 2 * kSide;

  // c [R tiles, N tiles] = init + a b, `pairs` a whole number of tiles; a's pairs lie side by side
  template <int R, int N>
  static void block(std::int64_t pairs, const Pair* a, std::int64_t a_row, const Pair* b, std::int64_t b_row, const float* init, float* c, std::int64_t c_row) {
    Tiles::template begin<0, 0>(init, c_row);
    if constexpr (N > 1) Tiles::template begin<0, 1>(init, c_row);
    if constexpr (R > 1) Tiles::template begin<1, 0>(init, c_row);
    if constexpr (R > 1 && N > 1) Tiles::template begin<1, 1>(init, c_row);
    for (std::int64_t p = 0; p < pairs; p += kSide, a += kSide, b += kSide * b_row) {
      Instructions::template load<Tiles::kTileOfA>(a, a_row * 4);
      Instructions::template load<Tiles::kTileOfB>(b, b_row * 4);
      Instructions::template multiply<Tiles::template kTileOfC<0, 0>, Tiles::kTileOfA, Tiles::kTileOfB>();
      if constexpr (N > 1) {
        Instructions::template load<Tiles::kTileOfB + 1>(b + kSide, b_row * 4);
        Instructions::template multiply<Tiles::template kTileOfC<0, 1>, Tiles::kTileOfA, Tiles::kTileOfB + 1>();
      }
      if constexpr (R > 1) {
        Instructions::template load<Tiles::kTileOfA + 1>(a + kSide * a_row, a_row * 4);
        Instructions::template multiply<Tiles::template kTileOfC<1, 0>, Tiles::kTileOfA + 1, Tiles::kTileOfB>();
      }
      if constexpr (R > 1 && N > 1) Instructions::template multiply<Tiles::template kTileOfC<1, 1>, Tiles::kTileOfA + 1, Tiles::kTileOfB + 1>();
    }
    Tiles::template end<0, 0>(c, c_row);
    if constexpr (N > 1) Tiles::template end<0, 1>(c, c_row);
    if constexpr (R > 1) Tiles::template end<1, 0>(c, c_row);
    if constexpr (R > 1 && N > 1) Tiles::template end<1, 1>(c, c_row);
  }

  // Sixteen pairs of each of `rows` of a, which lie a_pair apart, side by side in `to` [rows, 16].
  static void turned(std::int64_t rows, const Pair* a, std::int64_t a_pair, Pair* to) {
    for (std::int64_t row = 0; row < rows; row += kSide) {
      const __mmask16 lanes = PairProducts::lanes(rows - row);
      Vectors::V lines[kSide];
      for (std::int64_t p = 0; p < kSide; ++p) lines[p] = __builtin_bit_cast(Vectors::V, _mm512_maskz_loadu_epi32(lanes, a + p * a_pair + row));
      Vectors::transpose(lines);
      for (std::int64_t r = 0; r < kSide; ++r) _mm512_storeu_si512(to + (row + r) * kSide, __builtin_bit_cast(__m512i, lines[r]));
    }
  }

  // As PairProducts::multiply. Where a's pairs do not lie side by side its rows must, and one tile of the depth is taken.
  static void multiply(std::int64_t m, std::int64_t n, std::int64_t pairs, const Pair* a, std::int64_t a_row, std::int64_t a_pair, const Pair* b,
                       std::int64_t b_row, const float* init, float* c, std::int64_t c_row) {
    const std::int64_t deep = a_pair == 1 ? pairs / kSide * kSide : pairs < kSide ? 0 : kSide;
    if (deep > 0) {
      std::int64_t shaped_rows = 0, shaped_columns = 0;
      for (std::int64_t row = 0; row < m; row += kBlock) {
        const std::int64_t rows = m - row < kBlock ? m - row : kBlock;
        alignas(64) Pair side_by_side[kBlock * kSide];
        if (a_pair != 1) turned(rows, a + row * a_row, a_pair, side_by_side);
        const Pair* from = a_pair == 1 ? a + row * a_row : side_by_side;
        const std::int64_t from_row = a_pair == 1 ? a_row : kSide;
        for (std::int64_t column = 0; column < n; column += kBlock) {
          const std::int64_t columns = n - column < kBlock ? n - column : kBlock;
          if (rows != shaped_rows || columns != shaped_columns) {
            Instructions::configure(Tiles::shapes_of(rows, columns));
            shaped_rows = rows;
            shaped_columns = columns;
          }
          const std::int64_t at = row * c_row + column;
          const float* begin = init ? init + at : nullptr;
          const bool two_rows = rows > kSide, two_columns = columns > kSide;
          (two_rows ? two_columns ? block<2, 2> : block<2, 1> : two_columns ? block<1, 2> : block<1, 1>)(deep, from, from_row, b + column, b_row, begin, c + at, c_row);
        }
      }
      Instructions::release();  // a thread with tiles in use costs 8 KB at every switch
      init = c;
    }
    if (deep < pairs || deep == 0) PairProducts::multiply(m, n, pairs - deep, a + deep * a_pair, a_row, a_pair, b + deep * b_row, b_row, init, c, c_row);
  }
};

}  // namespace
}  // namespace weft::cpu
