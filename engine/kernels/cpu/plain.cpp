// SPDX-License-Identifier: GPL-3.0-or-later
#define WEFT_VECTOR_BYTES 16
#define WEFT_TILE_ROWS 4
#define WEFT_TILE_VECTORS 2
#define WEFT_BLOCK_K 256
#include "engine/kernels/cpu/kernels.inl"

namespace weft::cpu {

extern const Kernels kPlain{"plain", kernels_of<float>(), kernels_of<double>(), kRoundedKernels};

}  // namespace weft::cpu
