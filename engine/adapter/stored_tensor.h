// SPDX-License-Identifier: GPL-3.0-or-later
// Tensors as adapter files hold them, whatever the format. Engine thread only.
#pragma once

#include <optional>
#include <string>

#include "engine/formats/safetensors.h"
#include "engine/tensor/tensor.h"

namespace weft {

// "F32", "F16", "BF16"; nothing else.
[[nodiscard]] std::optional<at::ScalarType> float_type_of(const std::string& dtype);

// dtype: one of these, or "U8" for bytes. Converted when it is written, so that no second copy waits for its turn.
[[nodiscard]] SafeTensorSource tensor_source(const std::string& name, const std::string& dtype, const Tensor& value);

}  // namespace weft
