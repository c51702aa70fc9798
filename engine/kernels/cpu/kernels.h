// SPDX-License-Identifier: GPL-3.0-or-later
// The inner loops of the token path, compiled once for each kind of processor and chosen at run time.
#pragma once

#include <vector>

#include "engine/kernels/cpu/attention.h"
#include "engine/kernels/cpu/gemm.h"
#include "engine/kernels/cpu/gemm_bf16.h"
#include "engine/kernels/cpu/rows.h"

namespace weft::cpu {

template <typename T>
struct KernelsOf {
  std::int64_t tile_rows, tile_columns;   // of the tile of C that gemm holds in registers
  Gemm<T> gemm;
  Decode<T> decode;
  RowKernels<T> rows;
  AttentionForward<T> attention;
  AttentionBackward<T> attention_backward;
};

struct Kernels {
  const char* name;                       // plain, avx2, avx512, avx512bf16, amx
  KernelsOf<float> f32;
  KernelsOf<double> f64;
  Bf16Kernels bf16;

  template <typename T>
  [[nodiscard]] const KernelsOf<T>& of() const {
    if constexpr (sizeof(T) == 4)
      return f32;
    else
      return f64;
  }
};

extern const Kernels kPlain;
#if defined(__x86_64__)
extern const Kernels kAvx2, kAvx512;
extern const Bf16Kernels kBf16OfAvx512, kBf16OfAmx;
#endif

// The fastest that this processor has; WEFT_KERNELS=plain, avx2, avx512, avx512bf16 or amx in the environment asks for
// another one that it has.
[[nodiscard]] const Kernels& kernels();
// All that this processor has, the plain ones first.
[[nodiscard]] const std::vector<const Kernels*>& all_kernels();

}  // namespace weft::cpu
