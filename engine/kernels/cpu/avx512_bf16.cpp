// SPDX-License-Identifier: GPL-3.0-or-later
#define WEFT_VECTOR_BYTES 64
#define WEFT_TILE_ROWS 8
#define WEFT_TILE_VECTORS 3
#define WEFT_BLOCK_K 192
#include "engine/kernels/cpu/gemm_bf16.inl"

#include "engine/kernels/cpu/kernels.h"

namespace weft::cpu {

extern const Bf16Kernels kBf16OfAvx512{PairGemm<PairTile, false>::run, PairGemm<PairTile, true>::run, PairTile<false>::kColumns, true};

}  // namespace weft::cpu
