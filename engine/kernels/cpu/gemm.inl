// SPDX-License-Identifier: GPL-3.0-or-later
// The loops of gemm.h. See kernels.inl.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include "engine/kernels/cpu/coded.inl"
#include "engine/kernels/cpu/gemm.h"

namespace weft::cpu {
namespace {

constexpr int kRows = WEFT_TILE_ROWS, kVectors = WEFT_TILE_VECTORS;
constexpr std::int64_t kBlockK = WEFT_BLOCK_K;  // a panel of this depth stays in the first-level cache
static_assert(kBlockK % kUnit == 0);

// A narrower tile takes more rows: the same number of sums in registers, so that additions never wait for each other.
constexpr int rows_of(int vectors) { return kRows * kVectors / vectors; }

template <typename T>
struct Tile {
  typedef T V __attribute__((vector_size(WEFT_VECTOR_BYTES), aligned(alignof(T)), may_alias));
  static constexpr int kLanes = WEFT_VECTOR_BYTES / static_cast<int>(sizeof(T));
  static constexpr int kColumns = kVectors * kLanes;
  static_assert(kBlockK * kColumns * static_cast<std::int64_t>(sizeof(T)) <= kGemmPanelBytes);

  struct Panel {
    const T* b;
    std::int64_t row;  // kColumns where it was packed
  };

  // c [R, N vectors] = init + a b over k
  template <int R, int N>
  static void multiply(std::int64_t k, const T* a, std::int64_t a_row, std::int64_t a_column, const Panel& panel, const T* init,
                       std::int64_t init_row, T* c, std::int64_t c_row) {
    const T* b = panel.b;
    const std::int64_t b_row = panel.row;
    V sum[R][N];
    if (init) {
      for (int r = 0; r < R; ++r)
        for (int j = 0; j < N; ++j) sum[r][j] = *reinterpret_cast<const V*>(init + r * init_row + j * kLanes);
    } else {
      for (int r = 0; r < R; ++r)
        for (int j = 0; j < N; ++j) sum[r][j] = V{};
    }
    for (std::int64_t p = 0; p < k; ++p) {
      V column[N];
#pragma GCC unroll 8
      for (int j = 0; j < N; ++j) column[j] = *reinterpret_cast<const V*>(b + p * b_row + j * kLanes);
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r) {
        const T x = a[r * a_row + p * a_column];
#pragma GCC unroll 8
        for (int j = 0; j < N; ++j) sum[r][j] += x * column[j];
      }
    }
    for (int r = 0; r < R; ++r)
      for (int j = 0; j < N; ++j) *reinterpret_cast<V*>(c + r * c_row + j * kLanes) = sum[r][j];
  }

  template <int N>
  static void multiply_rows(int rows, std::int64_t k, const T* a, std::int64_t a_row, std::int64_t a_column, const Panel& b, const T* init,
                            std::int64_t init_row, T* c, std::int64_t c_row) {
    constexpr int kWhole = rows_of(N);
    if (rows == kWhole) {
      multiply<kWhole, N>(k, a, a_row, a_column, b, init, init_row, c, c_row);
      return;
    }
    int r = 0;
    const auto next = [&](auto count) {
      constexpr int kCount = decltype(count)::value;
      for (; rows - r >= kCount; r += kCount)
        multiply<kCount, N>(k, a + r * a_row, a_row, a_column, b, init ? init + r * init_row : nullptr, init_row, c + r * c_row, c_row);
    };
    if constexpr (kWhole > 16) next(std::integral_constant<int, 16>());
    if constexpr (kWhole > 8) next(std::integral_constant<int, 8>());
    if constexpr (kWhole > 4) next(std::integral_constant<int, 4>());
    next(std::integral_constant<int, 2>());
    next(std::integral_constant<int, 1>());
  }

  // The last columns of C where they fill no vector: through a tile on the stack.
  template <int N>
  static void multiply_narrow(int rows, int columns, std::int64_t k, const T* a, std::int64_t a_row, std::int64_t a_column, const Panel& b,
                              const T* init, std::int64_t init_row, T* c, std::int64_t c_row) {
    constexpr int kWidth = N * kLanes;
    alignas(64) T tile[rows_of(N) * kWidth] = {};
    if (init)
      for (int r = 0; r < rows; ++r)
        for (int j = 0; j < kWidth; ++j) tile[r * kWidth + j] = j < columns ? init[r * init_row + j] : T(0);
    multiply_rows<N>(rows, k, a, a_row, a_column, b, init ? tile : nullptr, kWidth, tile, kWidth);
    for (int r = 0; r < rows; ++r) memcpy(c + r * c_row, tile + r * kWidth, static_cast<std::size_t>(columns) * sizeof(T));
  }

  template <int N>
  static void multiply_panel(int columns, std::int64_t row, std::int64_t row_end, std::int64_t k, const T* a, std::int64_t a_row,
                             std::int64_t a_column, const Panel& b, const T* init, std::int64_t init_row, T* c, std::int64_t c_row) {
    constexpr int kWhole = rows_of(N);
    for (std::int64_t r = row; r < row_end; r += kWhole) {
      const int rows = row_end - r < kWhole ? static_cast<int>(row_end - r) : kWhole;
      const T* from = init ? init + r * init_row : nullptr;
      if (columns % kLanes == 0)
        multiply_rows<N>(rows, k, a + r * a_row, a_row, a_column, b, from, init_row, c + r * c_row, c_row);
      else
        multiply_narrow<N>(rows, columns, k, a + r * a_row, a_row, a_column, b, from, init_row, c + r * c_row, c_row);
    }
  }

  // c [row..row_end, columns] of at most one panel: as many vectors wide as the columns need
  static void multiply_columns(int columns, std::int64_t row, std::int64_t row_end, std::int64_t k, const T* a, std::int64_t a_row,
                               std::int64_t a_column, const Panel& b, const T* init, std::int64_t init_row, T* c, std::int64_t c_row) {
    const int vectors = (columns + kLanes - 1) / kLanes;
    if (vectors == kVectors)
      multiply_panel<kVectors>(columns, row, row_end, k, a, a_row, a_column, b, init, init_row, c, c_row);
    else if (vectors == 1)
      multiply_panel<1>(columns, row, row_end, k, a, a_row, a_column, b, init, init_row, c, c_row);
    else
      multiply_panel<2>(columns, row, row_end, k, a, a_row, a_column, b, init, init_row, c, c_row);
  }

  // Swaps the blocks of size D off the diagonal: done for D = 1, 2, 4 ... it transposes kLanes rows of kLanes values.
  template <int D, int... J>
  static void swap_blocks(V* rows, std::integer_sequence<int, J...>) {
#pragma GCC unroll 16
    for (int i = 0; i < kLanes; ++i) {
      if (i & D) continue;
      const V low = rows[i], high = rows[i + D];
      rows[i] = __builtin_shufflevector(low, high, ((J & D) ? kLanes + J - D : J)...);
      rows[i + D] = __builtin_shufflevector(low, high, ((J & D) ? kLanes + J : J + D)...);
    }
  }
  static void transpose(V* rows) {
    constexpr auto lanes = std::make_integer_sequence<int, kLanes>();
    if constexpr (kLanes > 1) swap_blocks<1>(rows, lanes);
    if constexpr (kLanes > 2) swap_blocks<2>(rows, lanes);
    if constexpr (kLanes > 4) swap_blocks<4>(rows, lanes);
    if constexpr (kLanes > 8) swap_blocks<8>(rows, lanes);
  }

  // columns of length k that lie one after another, `stride` apart -> the first columns of panel [k, kColumns]
  static void transpose_columns(const T* from, std::int64_t stride, std::int64_t k, int columns, T* panel) {
    const int whole = columns - columns % kLanes;
    const std::int64_t whole_k = k - k % kLanes;
    for (int n = 0; n < whole; n += kLanes)
      for (std::int64_t p = 0; p < whole_k; p += kLanes) {
        V rows[kLanes];
        for (int i = 0; i < kLanes; ++i) rows[i] = *reinterpret_cast<const V*>(from + p + (n + i) * stride);
        transpose(rows);
        for (int i = 0; i < kLanes; ++i) *reinterpret_cast<V*>(panel + (p + i) * kColumns + n) = rows[i];
      }
    for (int n = 0; n < columns; ++n)
      for (std::int64_t p = n < whole ? whole_k : 0; p < k; ++p) panel[p * kColumns + n] = from[p + n * stride];
  }

  static void pack_coded(const GemmTerm<T>& term, std::int64_t k0, std::int64_t k, std::int64_t column, int columns, T* panel) {
    if (term.b_column == 1) {
      for (std::int64_t p = 0; p < k; ++p) decode(*term.coded, k0 + p, column, columns, panel + p * kColumns);
      return;
    }
    alignas(64) T rows[kLanes * kBlockK];
    for (int n = 0; n < columns; n += kLanes) {
      const int count = columns - n < kLanes ? columns - n : kLanes;
      for (int i = 0; i < count; ++i) decode(*term.coded, column + n + i, k0, k, rows + i * kBlockK);
      transpose_columns(rows, kBlockK, k, count, panel + n);
    }
  }

  // b [k, columns] -> panel [k, kColumns], zero beyond the columns up to a whole vector
  static void pack(const GemmTerm<T>& term, std::int64_t k0, std::int64_t k, std::int64_t column, int columns, T* panel) {
    const T* from = term.coded ? nullptr : term.b + k0 * term.b_row + column * term.b_column;
    if (const int last = columns - columns % kLanes; last < columns)
      for (std::int64_t p = 0; p < k; ++p) *reinterpret_cast<V*>(panel + p * kColumns + last) = V{};
    if (term.coded) {
      pack_coded(term, k0, k, column, columns, panel);
    } else if (term.b_column == 1 && columns == kColumns) {
      for (std::int64_t p = 0; p < k; ++p)
        for (int j = 0; j < kVectors; ++j)
          *reinterpret_cast<V*>(panel + p * kColumns + j * kLanes) = *reinterpret_cast<const V*>(from + p * term.b_row + j * kLanes);
    } else if (term.b_column == 1) {
      for (std::int64_t p = 0; p < k; ++p) memcpy(panel + p * kColumns, from + p * term.b_row, static_cast<std::size_t>(columns) * sizeof(T));
    } else {
      transpose_columns(from, term.b_column, k, columns, panel);
    }
    if (term.scale != T(1) || term.row_scale) {
      for (std::int64_t p = 0; p < k; ++p) {
        const T s = term.row_scale ? term.scale * term.row_scale[k0 + p] : term.scale;
        for (int j = 0; j < kVectors; ++j) *reinterpret_cast<V*>(panel + p * kColumns + j * kLanes) *= s;
      }
    }
    if (term.column_scale)
      for (std::int64_t p = 0; p < k; ++p)
        for (int n = 0; n < columns; ++n) panel[p * kColumns + n] *= term.column_scale[column + n];
  }

  static void run(const GemmTerm<T>* terms, int count, const GemmOutput<T>& out, const GemmBlock& block, void* buffer) {
    T* packed = static_cast<T*>(buffer);
    const T* init = out.init;
    std::int64_t init_row = out.init_row;
    for (int i = 0; i < count; ++i) {
      const GemmTerm<T>& term = terms[i];
      for (std::int64_t k0 = 0; k0 < term.k; k0 += kBlockK) {
        const std::int64_t k = term.k - k0 < kBlockK ? term.k - k0 : kBlockK;
        for (std::int64_t column = block.column; column < block.column_end; column += kColumns) {
          const int columns = block.column_end - column < kColumns ? static_cast<int>(block.column_end - column) : kColumns;
          // few rows: reading b where it lies costs less than packing it
          const bool direct = !term.coded && term.b_column == 1 && block.row_end - block.row <= 4 * kRows && columns % kLanes == 0 && !term.row_scale &&
                              !term.column_scale && term.scale == T(1);
          if (!direct) pack(term, k0, k, column, columns, packed);
          const Panel panel = direct ? Panel{term.b + k0 * term.b_row + column, term.b_row} : Panel{packed, kColumns};
          const T* a = term.a + k0 * term.a_column;
          const T* from = init ? init + column : nullptr;
          T* c = out.c + column;
          multiply_columns(columns, block.row, block.row_end, k, a, term.a_row, term.a_column, panel, from, init_row, c, out.c_row);
        }
        init = out.c;
        init_row = out.c_row;
      }
    }
  }
};
static_assert(kVectors == 2 || kVectors == 3);

}  // namespace
}  // namespace weft::cpu
