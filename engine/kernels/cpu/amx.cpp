// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/cpu/avx512_tiles.h"

#include "engine/kernels/cpu/attention_tiles.inl"

#include "engine/kernels/cpu/kernels.h"

namespace weft::cpu {
namespace {

template <bool kSplit>
using AmxTile = MatrixTile<TileInstructions, kSplit>;

}  // namespace

extern const Bf16Kernels kBf16OfAmx{product_in_pairs<AmxTile, false>(), product_in_pairs<AmxTile, true>(), AmxTile<false>::kColumns, true,
                                    attention_in_pairs<TileProducts<TileInstructions>>()};

}  // namespace weft::cpu
