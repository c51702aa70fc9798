// SPDX-License-Identifier: GPL-3.0-or-later
// One GGUF file with the adapter merged into the weights, for llama.cpp and what is built on it. No model is loaded. Engine thread only.
#pragma once

#include <string>

#include "engine/formats/model_source.h"
#include "engine/formats/part_writer.h"
#include "engine/train/adapter_io.h"

namespace weft {

// Tensors in the order of the model's own file, with its metadata; matrices in dtype (fp32, bf16, fp16), the rest in floats as llama.cpp needs it. Unsupported of
// a Hugging Face folder, whose tokenizer has no GGUF form here. chat_template: to be carried in place of the model's own, or "".
[[nodiscard]] Status write_merged_gguf(const std::string& path, const ModelSource& source, const AdapterSource& adapter, const std::string& dtype,
                                       const std::string& chat_template, const GoOn& go_on = {});

}  // namespace weft
