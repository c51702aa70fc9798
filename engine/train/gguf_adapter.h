// SPDX-License-Identifier: GPL-3.0-or-later
// Adapters as llama.cpp loads them: pairs of `<tensor>.lora_a` [r, in] and `.lora_b` [out, r] in a GGUF file (src/llama-adapter.cpp). The
// scale of each matrix is part of B and adapter.lora.alpha is 0, which means a scale of 1: nothing depends on ranks that differ or on rsLoRA.
// Rotary rows of B lie as the base's do. Engine thread only.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/adapter/adapter_set.h"
#include "engine/formats/model_source.h"

namespace weft {

// Index of the rows of a rotary matrix: to the order of the file, or back from it.
[[nodiscard]] Tensor gguf_row_order(std::int64_t rows, std::int64_t heads, bool to_file);

// half: float16 numbers, else float32. adapters: prepared, W + s L R at every site (is_low_rank_alone()); Unsupported otherwise.
[[nodiscard]] Status write_adapter_gguf(const std::string& path, const AdapterSet& adapters, const ModelSource& model, bool half);

struct GgufAdapter {
  std::string architecture;
  std::vector<std::pair<std::string, LinearFactors>> pairs;   // by the names in the file ("blk.0.attn_q.weight"), rows in its order
};
// Without its model. Corrupt or Unsupported names the tensor.
[[nodiscard]] Result<GgufAdapter> read_adapter_gguf(const std::string& path);
// Factors by site path. Strict: every tensor must belong to a pair that fits the model. F32, F16 and BF16.
[[nodiscard]] Result<std::vector<std::pair<std::string, LinearFactors>>> read_adapter_gguf(const std::string& path, const ModelSource& model);

}  // namespace weft
