// SPDX-License-Identifier: GPL-3.0-or-later
// Writes small GGUF files (version 3): metadata of numbers and texts, tensors of floats. Torch-free. Source: ggml-org/ggml docs/gguf.md.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/formats/safetensors.h"

namespace weft {

using GgufEntry = std::pair<std::string, std::variant<std::uint32_t, float, std::string>>;

// Atomic. Tensors: dtype F32 or F16, shape in torch order, `fill` given; in the order they come.
[[nodiscard]] Status write_gguf(const std::string& path, const std::vector<GgufEntry>& metadata, const std::vector<SafeTensorSource>& tensors);

}  // namespace weft
