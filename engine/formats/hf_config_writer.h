// SPDX-License-Identifier: GPL-3.0-or-later
// config.json of an exported model, in the spelling that transformers 4 and 5 both read. Torch-free.
#pragma once

#include <string>

#include "engine/formats/model_source.h"

namespace weft {

// torch_dtype: "float32", "bfloat16", "float16". From a Hugging Face folder the original object with the new dtype;
// from GGUF built from the configuration.
[[nodiscard]] std::string write_hf_config(const ModelSource& source, const std::string& torch_dtype);

}  // namespace weft
