// SPDX-License-Identifier: GPL-3.0-or-later
// What the small JSON files of a Hugging Face folder say about the tokenizer: which tokens begin and end a text, which are
// special, the chat template. Private to engine/text; plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/json.h"
#include "engine/core/status.h"
#include "engine/text/tokenizer_json.h"

namespace weft {

struct TokenizerConfig {
  std::optional<std::string> bos, eos;      // texts; nullopt: the folder names none
  std::int64_t bos_id = -1, eos_id = -1;    // from config.json, used when no text is named anywhere
  std::string tokenizer_class;              // "Qwen2Tokenizer"; "" when unsaid
  std::vector<AddedToken> added;            // added_tokens_decoder, by id
  bool lowercase = true;                    // do_lower_case of WordPiece
  std::optional<std::string> chat_template; // chat_template.jinja, or the one in tokenizer_config.json
};

// Files that are absent leave the defaults; a file that is there and broken is Corrupt with its name.
[[nodiscard]] Result<TokenizerConfig> read_tokenizer_config(const std::string& folder);

}  // namespace weft
