// SPDX-License-Identifier: GPL-3.0-or-later
// Writes GGUF files (version 3): metadata of numbers and texts, or as another file has it; tensors of any type. Torch-free. Source: ggml-org/ggml docs/gguf.md.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/formats/gguf.h"
#include "engine/formats/safetensors.h"

namespace weft {

// A GgufValue is written as its file has it, which must still be open.
using GgufEntry = std::pair<std::string, std::variant<std::uint32_t, float, std::string, GgufValue>>;

// Atomic. Tensors: dtype as GGUF names it ("F32", "Q4_0"), rows of whole blocks, shape in torch order, `fill` or `fill_rows` given; in the order they come.
[[nodiscard]] Status write_gguf(const std::string& path, const std::vector<GgufEntry>& metadata, const std::vector<SafeTensorSource>& tensors);

// The metadata of a model's file for one that holds its weights in another type: less what is true of the old file alone, with the new type's number
// (general.file_type) and, where it is not empty, another chat template.
[[nodiscard]] std::vector<GgufEntry> metadata_for(const GgufFile& model, const std::string& dtype, const std::string& chat_template = {});

}  // namespace weft
