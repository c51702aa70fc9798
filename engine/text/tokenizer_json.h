// SPDX-License-Identifier: GPL-3.0-or-later
// Writes the text of a tokenizer.json from a vocabulary that came in another form. Text is appended, not built as a Json
// value: ordered objects of 150,000 keys would take minutes. Private to engine/text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/status.h"
#include "engine/text/pre_tokenizer.h"

namespace weft {

struct AddedToken {
  std::string content;
  std::int64_t id = 0;
  bool special = true;
};

// What surrounds a text when special tokens are asked for; empty: nothing.
struct Surround {
  std::vector<std::pair<std::string, std::int64_t>> before, after;
};

// `text` as a JSON string with its quotes; bytes above 0x7F pass through unchanged.
void append_json_string(std::string& out, std::string_view text);

// vocabulary: a JSON object text {"piece":id,...}; merges: a JSON array text [["a","b"],...].
struct BpeParts {
  std::string vocabulary, merges;
  std::vector<AddedToken> added;
  Surround surround;
};
[[nodiscard]] std::string byte_level_bpe_json(const BpeParts& parts, const PreTokenizer& pre);
// unknown: piece for what the vocabulary lacks ("" for none).
[[nodiscard]] std::string byte_fallback_bpe_json(const BpeParts& parts, const std::string& unknown, bool add_space_prefix);

struct WordPieceParts {
  std::string vocabulary;
  std::string unknown = "[UNK]";
  std::vector<AddedToken> added;
  Surround surround;
  bool lowercase = true;
};
[[nodiscard]] std::string word_piece_json(const WordPieceParts& parts);

}  // namespace weft
