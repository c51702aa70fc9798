// SPDX-License-Identifier: GPL-3.0-or-later
// Finds the tokenizer of a Hugging Face folder. Private to engine/text.
#pragma once

#include <string>

#include "engine/core/status.h"
#include "engine/text/tokenizer_config.h"

namespace weft {

// The text of tokenizer.json, or one built from vocab.json + merges.txt (byte-level BPE) or vocab.txt (WordPiece).
// NotFound names the files looked for.
[[nodiscard]] Result<std::string> tokenizer_json_of_folder(const std::string& folder, const TokenizerConfig& config);

}  // namespace weft
