// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/cpu/avx512_tiles.h"

#include "engine/kernels/cpu/attention_pairs.inl"

#include "engine/kernels/cpu/kernels.h"

namespace weft::cpu {

extern const Bf16Kernels kBf16OfAvx512{PairGemm<PairTile, false>::run, PairGemm<PairTile, true>::run, PairTile<false>::kColumns, true, kPairAttention};

}  // namespace weft::cpu
