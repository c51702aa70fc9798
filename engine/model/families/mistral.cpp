// SPDX-License-Identifier: GPL-3.0-or-later
// Mistral: Llama without biases, optionally with a sliding window (ModelConfig::sliding_window).
#include "engine/model/decoder.h"

namespace weft {

DecoderFamily mistral_decoder() {
  return {"mistral", [](const ModelConfig& c) -> DecoderTraits {
    (void)c;
    return {};
  }};
}

}  // namespace weft
