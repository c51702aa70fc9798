// SPDX-License-Identifier: GPL-3.0-or-later
// config.json of a Hugging Face model, in the spellings of transformers 4 and 5. Internal to engine/formats.
#pragma once

#include "engine/core/json.h"
#include "engine/formats/families/family.h"
#include "engine/formats/model_source.h"

namespace weft {

struct HfConfig {
  ModelConfig config;
  const ModelFamily* family = nullptr;  // nullptr: not supported
  Status usable;                        // Unsupported: why it cannot be trained
};

// Corrupt: a needed key is missing or of the wrong kind (named). For unknown families what is there is read, nothing is needed.
[[nodiscard]] Result<HfConfig> parse_hf_config(const Json& json);

}  // namespace weft
