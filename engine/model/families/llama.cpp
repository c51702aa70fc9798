// SPDX-License-Identifier: GPL-3.0-or-later
// Llama and SmolLM2: pre-norm, SwiGLU; attention_bias puts a bias on q, k, v and o.
#include "engine/model/decoder.h"

namespace weft {

DecoderFamily llama_decoder() {
  return {"llama", [](const ModelConfig& c) -> DecoderTraits {
    return {.qkv_bias = c.attention_bias, .output_bias = c.attention_bias, .mlp_bias = c.mlp_bias};
  }};
}

}  // namespace weft
