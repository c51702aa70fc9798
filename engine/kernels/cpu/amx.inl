// SPDX-License-Identifier: GPL-3.0-or-later
// The loops of gemm_bf16.h for AMX: tdpbf16ps multiplies a tile of 16 rows of A by one of 16 columns of B, 16 pairs deep, and adds to a
// tile of C. The block and the panel of pairs.inl are those tiles as they lie. See kernels.inl.
#pragma once

#include "engine/kernels/cpu/pairs.inl"

namespace weft::cpu {
namespace {

// What ldtilecfg reads: rows and bytes of a row of each of the eight tiles.
struct alignas(64) TileShapes {
  std::uint8_t palette = 1, start_row = 0, reserved[14] = {};
  std::uint16_t row_bytes[16] = {};
  std::uint8_t rows[16] = {};
};
static_assert(sizeof(TileShapes) == 64);

// The instructions themselves. Not through GCC 12's intrinsics: those of loads do not say that they read memory, so the packing before
// them could be moved behind them.
struct TileInstructions {
  static void configure(const TileShapes& shapes) { asm volatile("ldtilecfg %0" : : "m"(shapes) : "memory"); }
  static void release() { asm volatile("tilerelease" : : : "memory"); }
  template <int T>
  static void zero() {
    asm volatile("tilezero %%tmm%c0" : : "i"(T));
  }
  template <int T>
  static void load(const void* from, std::int64_t row_bytes) {
    asm volatile("tileloadd (%0,%1,1), %%tmm%c2" : : "r"(from), "r"(row_bytes), "i"(T) : "memory");
  }
  template <int T>
  static void store(void* to, std::int64_t row_bytes) {
    asm volatile("tilestored %%tmm%c2, (%0,%1,1)" : : "r"(to), "r"(row_bytes), "i"(T) : "memory");
  }
  // c += a b
  template <int C, int A, int B>
  static void multiply() {
    asm volatile("tdpbf16ps %%tmm%c2, %%tmm%c1, %%tmm%c0" : : "i"(C), "i"(A), "i"(B));
  }
};

// Instructions: TileInstructions, or in tests a model of them.
template <typename Instructions, bool kSplit>
struct MatrixTile {
  static constexpr std::int64_t kSide = 16, kColumns = 2 * kSide, kPairs = kPairsOfRow, kUnit = kSide;
  static_assert(kLowPart % kUnit == 0);
  // C takes tiles 0 to 3, A 4 and 5, B 6 and 7: each of A and B is used twice, and no two of four products in a row wait for each other.
  template <int I, int J>
  static constexpr int kTileOfC = 2 * I + J;
  static constexpr int kTileOfA = 4, kTileOfB = 6;

  static std::int64_t part(std::int64_t length, int i) { return length <= i * kSide ? 0 : length - i * kSide < kSide ? length - i * kSide : kSide; }

  // for `rows` by `columns` of C, at most 32 of each; a tile of which nothing remains does not exist
  static TileShapes shapes_of(std::int64_t rows, std::int64_t columns) {
    TileShapes shapes;
    const auto set = [&](int tile, std::int64_t tile_rows, std::int64_t floats) {
      if (tile_rows == 0 || floats == 0) return;
      shapes.rows[tile] = static_cast<std::uint8_t>(tile_rows);
      shapes.row_bytes[tile] = static_cast<std::uint16_t>(4 * floats);
    };
    for (int i = 0; i < 2; ++i) {
      for (int j = 0; j < 2; ++j) set(2 * i + j, part(rows, i), part(columns, j));
      set(kTileOfA + i, part(rows, i), kSide);
      set(kTileOfB + i, part(columns, i) > 0 ? kSide : 0, part(columns, i));
    }
    return shapes;
  }

  template <int I, int J>
  static void begin(const float* init, std::int64_t init_row) {
    if (init)
      Instructions::template load<kTileOfC<I, J>>(init + I * kSide * init_row + J * kSide, init_row * 4);
    else
      Instructions::template zero<kTileOfC<I, J>>();
  }
  template <int I, int J>
  static void end(float* c, std::int64_t c_row) {
    Instructions::template store<kTileOfC<I, J>>(c + I * kSide * c_row + J * kSide, c_row * 4);
  }

  // c [R tiles, N tiles] = init + a b over `pairs` of k, a whole number of tiles
  template <int R, int N>
  static void multiply(std::int64_t pairs, const Pair* a, const Pair* b, const float* init, std::int64_t init_row, float* c, std::int64_t c_row) {
    begin<0, 0>(init, init_row);
    if constexpr (N > 1) begin<0, 1>(init, init_row);
    if constexpr (R > 1) begin<1, 0>(init, init_row);
    if constexpr (R > 1 && N > 1) begin<1, 1>(init, init_row);
    for (int product = 0; product < products_of(kSplit); ++product) {
      const Pair *x = a + low_of_a(product), *y = b + low_of_b(product) * kColumns;
      for (std::int64_t p = 0; p < pairs; p += kSide, x += kSide, y += kSide * kColumns) {
        Instructions::template load<kTileOfA>(x, kPairs * 4);
        Instructions::template load<kTileOfB>(y, kColumns * 4);
        Instructions::template multiply<kTileOfC<0, 0>, kTileOfA, kTileOfB>();
        if constexpr (N > 1) {
          Instructions::template load<kTileOfB + 1>(y + kSide, kColumns * 4);
          Instructions::template multiply<kTileOfC<0, 1>, kTileOfA, kTileOfB + 1>();
        }
        if constexpr (R > 1) {
          Instructions::template load<kTileOfA + 1>(x + kSide * kPairs, kPairs * 4);
          Instructions::template multiply<kTileOfC<1, 0>, kTileOfA + 1, kTileOfB>();
        }
        if constexpr (R > 1 && N > 1) Instructions::template multiply<kTileOfC<1, 1>, kTileOfA + 1, kTileOfB + 1>();
      }
    }
    end<0, 0>(c, c_row);
    if constexpr (N > 1) end<0, 1>(c, c_row);
    if constexpr (R > 1) end<1, 0>(c, c_row);
    if constexpr (R > 1 && N > 1) end<1, 1>(c, c_row);
  }

  template <int N>
  static void multiply_rows(int columns, std::int64_t rows, std::int64_t pairs, const Pair* a, const Pair* b, const float* init, std::int64_t init_row,
                            float* c, std::int64_t c_row) {
    std::int64_t r = 0;
    if (rows >= 2 * kSide) Instructions::configure(shapes_of(2 * kSide, columns));
    for (; rows - r >= 2 * kSide; r += 2 * kSide)
      multiply<2, N>(pairs, a + r * kPairs, b, init ? init + r * init_row : nullptr, init_row, c + r * c_row, c_row);
    if (r < rows) {
      Instructions::configure(shapes_of(rows - r, columns));
      const float* from = init ? init + r * init_row : nullptr;
      if (rows - r > kSide)
        multiply<2, N>(pairs, a + r * kPairs, b, from, init_row, c + r * c_row, c_row);
      else
        multiply<1, N>(pairs, a + r * kPairs, b, from, init_row, c + r * c_row, c_row);
    }
    Instructions::release();  // a thread with tiles in use costs 8 KB at every switch
  }

  static void multiply_panel(int columns, std::int64_t rows, std::int64_t pairs, const Pair* a, const Pair* b, const float* init, std::int64_t init_row,
                             float* c, std::int64_t c_row) {
    if (columns > kSide)
      multiply_rows<2>(columns, rows, pairs, a, b, init, init_row, c, c_row);
    else
      multiply_rows<1>(columns, rows, pairs, a, b, init, init_row, c, c_row);
  }
};

}  // namespace
}  // namespace weft::cpu
