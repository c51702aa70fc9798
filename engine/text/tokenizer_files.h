// SPDX-License-Identifier: GPL-3.0-or-later
// The tokenizer files of an exported Hugging Face folder.
#pragma once

#include <string>

#include "engine/core/status.h"

namespace weft {

class ModelSource;

// Copies what the source folder has, or rebuilds tokenizer.json and tokenizer_config.json (with the chat template) from GGUF.
// A source without a tokenizer writes none.
[[nodiscard]] Status write_tokenizer_files(const ModelSource& source, const std::string& folder);

}  // namespace weft
