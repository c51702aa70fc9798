// SPDX-License-Identifier: GPL-3.0-or-later
// The tokenizer stored in GGUF metadata, rebuilt as the text of a tokenizer.json. Private to engine/text; plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/status.h"

namespace weft {

class GgufFile;

// tokenizer.ggml.*; views live as long as the file.
struct GgufVocabulary {
  std::string model;                       // "gpt2": byte-level BPE, "llama": SentencePiece BPE, "bert": WordPiece
  std::string pre;                         // which words a byte-level vocabulary cuts
  std::vector<std::string_view> tokens;    // by id
  std::vector<std::int64_t> types;         // TokenType, one per token, or empty
  std::vector<float> scores;               // SentencePiece: one per token
  std::vector<std::string_view> merges;    // byte-level BPE: "left right", by rank
  std::int64_t bos = -1, eos = -1, unknown = -1, separator = -1, classifier = -1;  // -1: none
  std::optional<bool> add_bos, add_eos, add_sep, add_space_prefix;
};

enum class TokenType : std::int64_t { Normal = 1, Unknown = 2, Control = 3, UserDefined = 4, Unused = 5, Byte = 6 };

// NotFound names the missing key; Corrupt names the key whose kind or length is wrong.
[[nodiscard]] Result<GgufVocabulary> read_gguf_vocabulary(const GgufFile& file);

// Unsupported: a model or .pre that we cannot rebuild exactly, by name. Corrupt: ids, texts or merges that do not fit.
[[nodiscard]] Result<std::string> tokenizer_json_of(const GgufVocabulary& vocabulary);

// SentencePiece's merges by rank as a JSON array: every pair of pieces that joins to a piece, best score first.
[[nodiscard]] std::string merges_from_scores(const GgufVocabulary& vocabulary);

}  // namespace weft
