// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/text_util.h"
#include "engine/model/decoder.h"

namespace weft {

DecoderFamily llama_decoder();
DecoderFamily mistral_decoder();
DecoderFamily qwen2_decoder();
DecoderFamily qwen3_decoder();

const std::vector<DecoderFamily>& decoder_families() {
  static const std::vector<DecoderFamily> families{llama_decoder(), mistral_decoder(), qwen2_decoder(), qwen3_decoder()};
  return families;
}

Result<const DecoderFamily*> find_decoder_family(const std::string& architecture) {
  std::vector<std::string> names;
  for (const auto& family : decoder_families()) {
    if (family.architecture == architecture) return &family;
    names.push_back(family.architecture);
  }
  return unsupported("models of architecture " + quoted_excerpt(architecture) + " cannot be trained yet; these can: " + join(names, ", "));
}

}  // namespace weft
