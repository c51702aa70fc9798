// SPDX-License-Identifier: GPL-3.0-or-later
// The loops of kernels/cpu/amx.inl over a model of AMX's instructions, for processors that have the pairs of bfloat16 but no tiles.
#pragma once

#include "engine/kernels/cpu/gemm_bf16.h"

namespace weft::cpu {

extern const Bf16Kernels kBf16OfTileModel;

}  // namespace weft::cpu
