// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/cpu/avx512_tiles.h"

#include "engine/kernels/cpu/attention_pairs.inl"

#include "engine/kernels/cpu/kernels.h"

namespace weft::cpu {

extern const Bf16Kernels kBf16OfAvx512{product_in_pairs<PairTile, false>(), product_in_pairs<PairTile, true>(), PairTile<false>::kColumns, true,
                                       attention_in_pairs<PairProducts>()};

}  // namespace weft::cpu
