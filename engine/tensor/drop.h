// SPDX-License-Identifier: GPL-3.0-or-later
// Values dropped by the masks of engine/api/dropout.h. float32 and float64, contiguous, on the engine's threads; the same bits for any
// number of them; nothing is recorded by autograd. Engine thread only.
#pragma once

#include <vector>

#include "engine/api/dropout.h"
#include "engine/tensor/tensor.h"

namespace weft {

// y = init + x with what `place` drops left out and the rest scaled; x, init, y [T, C]; init may be undefined; y may be x or init.
// segments [S+1]: rows of the batch. Its own backward pass: the gradient of x from that of y, without init.
void drop_values(const Tensor& x, const Tensor& init, const std::vector<std::int64_t>& segments, const DropPlace& place, const Tensor& y);

}  // namespace weft
