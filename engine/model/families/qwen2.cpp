// SPDX-License-Identifier: GPL-3.0-or-later
// Qwen2 and Qwen2.5: bias on q, k, v and none on o.
#include "engine/model/decoder.h"

namespace weft {

DecoderFamily qwen2_decoder() {
  return {"qwen2", [](const ModelConfig& c) -> DecoderTraits {
    (void)c;
    return {.qkv_bias = true};
  }};
}

}  // namespace weft
