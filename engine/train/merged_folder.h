// SPDX-License-Identifier: GPL-3.0-or-later
// A Hugging Face folder with the adapter merged into the weights. No model is loaded: each weight goes from the mapped file through
// a few megabytes of rows to the written one, the next rows while the last ones are written. Engine thread only.
#pragma once

#include <string>

#include "engine/formats/model_source.h"
#include "engine/formats/part_writer.h"
#include "engine/train/adapter_io.h"

namespace weft {

// config.json, generation_config.json, model.safetensors, tokenizer files, into an existing folder. dtype: fp32, bf16, fp16.
// Weights without an adapter are written as the model has them.
[[nodiscard]] Status write_merged_folder(const std::string& folder, const ModelSource& source, const AdapterSource& adapter, const std::string& dtype,
                                         const GoOn& go_on = {});

}  // namespace weft
