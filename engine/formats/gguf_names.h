// SPDX-License-Identifier: GPL-3.0-or-later
// What a GGUF file calls the weights of a model, whatever format the model came in, and the order it keeps rotary rows in. Any thread.
#pragma once

#include <cstdint>
#include <string>

#include "engine/formats/model_source.h"

namespace weft {

// "llama": general.architecture of such files.
[[nodiscard]] Result<std::string> gguf_architecture(const ModelSource& model);

struct GgufPlace {
  std::string name;                // "blk.0.attn_q.weight"
  std::int64_t rope_heads = 0;     // > 0: rows lie interleaved for so many heads, see interleaved_row()
};
// hf_weight: "model.layers.0.self_attn.q_proj.weight". NotFound where the family has no such weight.
[[nodiscard]] Result<GgufPlace> gguf_place(const ModelSource& model, const std::string& hf_weight);

// Row of a GGUF file that holds a row of the Hugging Face layout: within a head, rows (half, i) are stored as (i, half).
[[nodiscard]] std::int64_t interleaved_row(std::int64_t row, std::int64_t head_size);

}  // namespace weft
