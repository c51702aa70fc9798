// SPDX-License-Identifier: GPL-3.0-or-later
// Qwen3: RMSNorm on each head of q and k before rotation.
#include "engine/model/decoder.h"

namespace weft {

DecoderFamily qwen3_decoder() {
  return {"qwen3", [](const ModelConfig& c) -> DecoderTraits {
    return {.qkv_bias = c.attention_bias, .output_bias = c.attention_bias, .qk_norm = true};
  }};
}

}  // namespace weft
