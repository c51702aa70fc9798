// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/cpu/avx512_tiles.h"

#include "engine/kernels/cpu/kernels.inl"

namespace weft::cpu {

extern const Kernels kAvx512{"avx512", kernels_of<float>(), kernels_of<double>(), kRoundedKernels};

}  // namespace weft::cpu
