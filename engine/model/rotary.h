// SPDX-License-Identifier: GPL-3.0-or-later
// Rotary embedding frequencies, as transformers computes them.
#pragma once

#include "engine/core/status.h"
#include "engine/formats/model_source.h"
#include "engine/tensor/tensor.h"

namespace weft {

// [head_size/2] float32: theta^(-2i/d), changed by "linear" or "llama3" scaling. Other scalings are Unsupported by name.
[[nodiscard]] Result<Tensor> inverse_frequencies(const ModelConfig& config);

}  // namespace weft
