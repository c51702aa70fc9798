// SPDX-License-Identifier: GPL-3.0-or-later
// Tensors as adapter files hold them, whatever the format. Engine thread only.
#pragma once

#include <optional>
#include <string>

#include "engine/formats/safetensors.h"
#include "engine/tensor/tensor.h"

namespace weft {

// How the names of an adapter's tensors begin in PEFT's files; a checkpoint of ours holds others besides.
inline constexpr const char* kPeftPrefix = "base_model.";

// "F32", "F16", "BF16"; nothing else.
[[nodiscard]] std::optional<at::ScalarType> float_type_of(const std::string& dtype);

// Refuses a file of which a tensor, of those whose names begin so, holds values that are not finite: nothing could be trained, shown or merged with it.
[[nodiscard]] Status check_finite(const SafeTensorsFile& file, const std::string& prefix);

// dtype: one of these, or "U8" for bytes. Converted when it is written, so that no second copy waits for its turn.
[[nodiscard]] SafeTensorSource tensor_source(const std::string& name, const std::string& dtype, const Tensor& value);

}  // namespace weft
