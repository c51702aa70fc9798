// SPDX-License-Identifier: GPL-3.0-or-later
// The penalty that keeps directions orthonormal (AdaLoRA, Zhang et al. 2023, eq. 4, without the square as PEFT takes it).
#pragma once

#include "engine/tensor/tensor.h"

namespace weft {

// gradient [r, n] += d/dX weight || X X' - 1 ||_F, X [r, n] with the directions as rows. Not recorded; any thread.
void add_orthogonality(const Tensor& x, Tensor gradient, double weight);

}  // namespace weft
