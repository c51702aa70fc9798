// SPDX-License-Identifier: GPL-3.0-or-later
// Memory for the activations of a step, used again by the next step: shapes repeat, and pages fresh from the system cost more than
// the arithmetic on them. A buffer goes back when the last tensor that uses it is gone. Engine thread only.
#pragma once

#include "engine/tensor/tensor.h"

namespace weft {

// [tokens, columns] of undefined values. Every buffer holds the most tokens asked for so far and somewhat more, so that
// batches of changing length share them.
[[nodiscard]] Tensor pooled(std::int64_t tokens, std::int64_t columns, at::ScalarType type);
// [rows, columns] of something else, in a buffer of the next power of two.
[[nodiscard]] Tensor pooled_scratch(std::int64_t rows, std::int64_t columns, at::ScalarType type);
// Gives back to the system what no tensor uses; what is in use follows when it is free.
void release_pool();

}  // namespace weft
