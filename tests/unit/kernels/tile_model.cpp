// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/cpu/avx512_tiles.h"

#include "tests/unit/kernels/tile_model.h"

#include <cstdio>
#include <cstdlib>

#include "engine/kernels/cpu/attention_tiles.inl"

namespace weft::cpu {
namespace {

// As Intel's "Architecture Instruction Set Extensions" describes them; what would be an invalid instruction ends the program.
struct TileModel {
  struct State {
    TileShapes shapes{.palette = 0};
    float tiles[8][16][16] = {};
  };
  static State& state() {
    static thread_local State s;
    return s;
  }
  static void require(bool valid, const char* what) {
    if (valid) return;
    std::fprintf(stderr, "invalid instruction: %s\n", what);
    std::abort();
  }
  static int rows(int tile) {
    require(state().shapes.palette == 1 && state().shapes.rows[tile] > 0, "a tile that does not exist");
    return state().shapes.rows[tile];
  }
  static int columns(int tile) { return state().shapes.row_bytes[tile] / 4; }

  static void configure(const TileShapes& shapes) {
    for (int t = 0; t < 8; ++t)
      require(shapes.rows[t] <= 16 && shapes.row_bytes[t] <= 64 && (shapes.rows[t] == 0) == (shapes.row_bytes[t] == 0), "ldtilecfg");
    state() = State();
    state().shapes = shapes;
  }
  static void release() { state().shapes.palette = 0; }
  template <int T>
  static void zero() {
    (void)rows(T);
    memset(state().tiles[T], 0, sizeof state().tiles[T]);
  }
  template <int T>
  static void load(const void* from, std::int64_t row_bytes) {
    const int count = rows(T);
    zero<T>();
    for (int r = 0; r < count; ++r) memcpy(state().tiles[T][r], static_cast<const char*>(from) + r * row_bytes, state().shapes.row_bytes[T]);
  }
  template <int T>
  static void store(void* to, std::int64_t row_bytes) {
    for (int r = 0; r < rows(T); ++r) memcpy(static_cast<char*>(to) + r * row_bytes, state().tiles[T][r], state().shapes.row_bytes[T]);
  }
  template <int C, int A, int B>
  static void multiply() {
    static_assert(C != A && C != B && A != B);
    require(rows(C) == rows(A) && columns(C) == columns(B) && columns(A) == rows(B), "tdpbf16ps of tiles that do not fit");
    const auto value = [](float pair, int half) {
      const auto bits = __builtin_bit_cast(std::uint32_t, pair);
      return __builtin_bit_cast(float, half == 0 ? bits << 16 : bits & 0xffff0000U);
    };
    auto& tiles = state().tiles;
    for (int m = 0; m < rows(C); ++m)
      for (int n = 0; n < columns(C); ++n) {
        float sums[2] = {};
        for (int k = 0; k < rows(B); ++k)
          for (int half = 0; half < 2; ++half) sums[half] += value(tiles[A][m][k], half) * value(tiles[B][k][n], half);
        tiles[C][m][n] += sums[0] + sums[1];
      }
  }
};

template <bool kSplit>
using ModelTile = MatrixTile<TileModel, kSplit>;

}  // namespace

extern const Bf16Kernels kBf16OfTileModel{product_in_pairs<ModelTile, false>(), product_in_pairs<ModelTile, true>(), ModelTile<false>::kColumns, false,
                                         attention_in_pairs<TileProducts<TileModel>>()};

}  // namespace weft::cpu
