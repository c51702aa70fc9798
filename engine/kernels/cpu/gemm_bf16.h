// SPDX-License-Identifier: GPL-3.0-or-later
// The sums of products of gemm.h with operands rounded to bfloat16 and sums in float32: half the work where the processor multiplies
// pairs of bfloat16. What goes in and comes out is float32. Same terms, same split, same bits for any number of threads.
#pragma once

#include "engine/kernels/cpu/attention.h"
#include "engine/kernels/cpu/gemm.h"

namespace weft::cpu {

constexpr std::int64_t kBf16Depth = 384;        // of a panel of B and a block of A; half of it where operands are split
constexpr std::int64_t kBf16Rows = 512;         // of a block: a GemmBlock may have no more
constexpr std::int64_t kBf16Columns = 48;       // of a panel, at most
constexpr std::int64_t kBf16Panels = 4;         // packed at a time: their rows are whole blocks of a stored weight, or nearly so
// What `scratch` must hold, aligned to 64 bytes: panels of B and a block of A, as pairs of bfloat16.
constexpr std::int64_t kBf16ScratchBytes = kBf16Depth * (kBf16Panels * kBf16Columns + kBf16Rows) * 2;

using GemmBf16 = void (*)(const GemmTerm<float>* terms, int count, const GemmOutput<float>& out, const GemmBlock& block, void* scratch);

struct Bf16Product {
  GemmBf16 run = nullptr;
  // Rows [row, row_end) of a as blocks read them, into their place in `to`, which holds packed_bytes(packed_rows, k), aligned to 64 bytes: where
  // many blocks share a's rows, each need not pack them for itself. Null where rows are read where they lie.
  void (*pack)(const GemmTerm<float>& term, std::int64_t row, std::int64_t row_end, void* to) = nullptr;
  std::int64_t depth = 0;                       // of k at a time
  [[nodiscard]] std::int64_t packed_bytes(std::int64_t rows, std::int64_t k) const { return rows * ((k + depth - 1) / depth) * kBf16Depth * 2; }
};

struct Bf16Kernels {
  // Operands rounded to bfloat16.
  Bf16Product rounded;
  // Operands split into x = hi + lo, both bfloat16: the three products hi hi + hi lo + lo hi. What is left out, lo lo and the rounding of lo,
  // is some 2^-17 of a product; where the sum is infinite, it may be NaN.
  Bf16Product split;
  std::int64_t columns;                         // of a panel
  bool fast;                                    // pairs of bfloat16 are multiplied; otherwise it is float32 work on rounded numbers
  AttentionBf16 attention;                      // of pairs too; empty where not fast: attention in float32 is then as quick and closer
};

}  // namespace weft::cpu
