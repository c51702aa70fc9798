// SPDX-License-Identifier: GPL-3.0-or-later
// A Hugging Face folder with the adapter merged into the weights. One weight at a time is in memory. Engine thread only.
#pragma once

#include <string>

#include "engine/adapter/adapter_set.h"
#include "engine/model/decoder.h"

namespace weft {

// config.json, generation_config.json, model.safetensors, tokenizer files, into an existing folder. dtype: fp32, bf16, fp16.
// adapters must be prepared. Weights without an adapter are written as the model has them.
[[nodiscard]] Status write_merged_folder(const std::string& folder, const Decoder& model, const AdapterSet& adapters, const std::string& dtype);

}  // namespace weft
