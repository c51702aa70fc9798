// SPDX-License-Identifier: GPL-3.0-or-later
#define WEFT_VECTOR_BYTES 64
#define WEFT_TILE_ROWS 8
#define WEFT_TILE_VECTORS 3
#define WEFT_BLOCK_K 192
#include "engine/kernels/cpu/amx.inl"

#include "engine/kernels/cpu/kernels.h"

namespace weft::cpu {
namespace {

template <bool kSplit>
using AmxTile = MatrixTile<TileInstructions, kSplit>;

}  // namespace

extern const Bf16Kernels kBf16OfAmx{PairGemm<AmxTile, false>::run, PairGemm<AmxTile, true>::run, AmxTile<false>::kColumns, true};

}  // namespace weft::cpu
