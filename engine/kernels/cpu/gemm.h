// SPDX-License-Identifier: GPL-3.0-or-later
// Sums of matrix products on raw pointers: C = init + sum_i A_i B_i. B is packed panel by panel into a buffer that fits the
// first-level cache, so that no copy of a weight outlives a call, A is read where it lies, and a LoRA term is a few more columns of
// the same pass (Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008, without the packing of A).
// No threads of its own: the caller splits C. An element of C is summed in an order that depends on the terms and the processor's
// kernel alone, never on the split.
#pragma once

#include <cstdint>

#include "engine/kernels/cpu/coded.h"

namespace weft::cpu {

// a [m, k] and b [k, n] are read through strides, in elements; one stride of b is 1. Where `coded` is given, it is b (b_column = 1)
// or its transpose (b_row = 1), decoded while a panel is packed.
template <typename T>
struct GemmTerm {
  const T* a = nullptr;
  std::int64_t a_row = 0, a_column = 1;
  const T* b = nullptr;
  std::int64_t b_row = 0, b_column = 1;
  std::int64_t k = 0;
  T scale = 1;
  const T* row_scale = nullptr;     // [k], multiplies the rows of b; may be null
  const T* column_scale = nullptr;  // [n], multiplies the columns of b; may be null
  const CodedMatrix* coded = nullptr;
  const void* packed_a = nullptr;   // all of a as Bf16Product::pack leaves it; the kernels of this header do not look at it
  std::int64_t packed_rows = 0;     // of a
};

template <typename T>
struct GemmOutput {
  T* c = nullptr;                   // [m, n], rows c_row apart
  std::int64_t c_row = 0;
  const T* init = nullptr;          // what C starts from: null (zero), C itself, another matrix, or one row (init_row = 0)
  std::int64_t init_row = 0;
};

struct GemmBlock {
  std::int64_t row = 0, row_end = 0, column = 0, column_end = 0;  // the part of C to compute; column a multiple of the panel's width
};

constexpr std::int64_t kGemmPanelBytes = 48 * 1024;  // what `panel` below must hold, aligned to 64 bytes

// gemm of one kind of processor; get them from kernels.h.
template <typename T>
using Gemm = void (*)(const GemmTerm<T>* terms, int count, const GemmOutput<T>& out, const GemmBlock& block, void* panel);

}  // namespace weft::cpu
