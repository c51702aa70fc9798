// SPDX-License-Identifier: GPL-3.0-or-later
// gemm_bf16.h where the processor has no bfloat16: float32 products of rounded numbers. Right, and slower than float32 itself.
#pragma once

#include <cstdint>
#include <cstring>

#include "engine/kernels/cpu/gemm.inl"
#include "engine/kernels/cpu/gemm_bf16.h"

namespace weft::cpu {
namespace {

template <bool kSplit>
struct RoundedTile {
  using Full = Tile<float>;
  static constexpr int kParts = kSplit ? 2 : 1;    // of a number
  static constexpr std::int64_t kRowsAtOnce = 64;  // of A rounded beside a panel
  static constexpr std::int64_t kPanel = Full::kColumns * kBlockK, kRowBlock = kRowsAtOnce * kBlockK;
  static_assert(kParts * (kPanel + kRowBlock) * static_cast<std::int64_t>(sizeof(float)) <= kBf16ScratchBytes);

  // to the nearest bfloat16, ties to even; NaN stays NaN
  static float rounded(float x) {
    const auto bits = __builtin_bit_cast(std::uint32_t, x);
    const std::uint32_t up = (bits + 0x7fffU + ((bits >> 16) & 1U)) & 0xffff0000U;
    return __builtin_bit_cast(float, (bits & 0x7fffffffU) > 0x7f800000U ? bits | 0x400000U : up);
  }

  // x and, where numbers are split, what its rounding left, `apart` after it
  static void put(float x, float* to, std::int64_t apart) {
    *to = rounded(x);
    if constexpr (kSplit) to[apart] = rounded(x - *to);
  }

  static void run(const GemmTerm<float>* terms, int count, const GemmOutput<float>& out, const GemmBlock& block, void* scratch) {
    float *panel = static_cast<float*>(scratch), *rows = panel + kParts * kPanel;
    const float* init = out.init;
    std::int64_t init_row = out.init_row;
    for (int i = 0; i < count; ++i) {
      const GemmTerm<float>& term = terms[i];
      for (std::int64_t k0 = 0; k0 < term.k; k0 += kBlockK) {
        const std::int64_t k = term.k - k0 < kBlockK ? term.k - k0 : kBlockK;
        for (std::int64_t column = block.column; column < block.column_end; column += Full::kColumns) {
          const int columns = block.column_end - column < Full::kColumns ? static_cast<int>(block.column_end - column) : Full::kColumns;
          Full::pack(term, k0, k, column, columns, panel);
          for (std::int64_t j = 0; j < k * Full::kColumns; ++j) put(panel[j], panel + j, kPanel);
          for (std::int64_t r = block.row; r < block.row_end; r += kRowsAtOnce) {
            const std::int64_t part = block.row_end - r < kRowsAtOnce ? block.row_end - r : kRowsAtOnce;
            for (std::int64_t j = 0; j < part; ++j)
              for (std::int64_t p = 0; p < k; ++p) put(term.a[(r + j) * term.a_row + (k0 + p) * term.a_column], rows + j * kBlockK + p, kRowBlock);
            float* c = out.c + r * out.c_row + column;
            const auto add = [&](const float* a, const float* b, const float* from, std::int64_t from_row) {
              Full::multiply_columns(columns, 0, part, k, a, kBlockK, 1, {b, Full::kColumns}, from, from_row, c, out.c_row);
            };
            add(rows, panel, init ? init + r * init_row + column : nullptr, init_row);
            if constexpr (kSplit) {
              add(rows, panel + kPanel, c, out.c_row);
              add(rows + kRowBlock, panel, c, out.c_row);
            }
          }
        }
        init = out.c;
        init_row = out.c_row;
      }
    }
  }
};

constexpr Bf16Kernels kRoundedKernels{{RoundedTile<false>::run, nullptr, 0}, {RoundedTile<true>::run, nullptr, 0}, kBf16Columns, false, {}};

}  // namespace
}  // namespace weft::cpu
