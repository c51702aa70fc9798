// SPDX-License-Identifier: GPL-3.0-or-later
// How byte-level BPE vocabularies cut text into words before merging, by the names GGUF files use (tokenizer.ggml.pre).
// The expressions are those of the models' own tokenizer.json files. Plain data; safe from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weft {

struct PreTokenizer {
  std::vector<std::string_view> expressions;  // applied one after the other; every match becomes a word of its own
  bool nfc = false;                           // text is brought to Unicode NFC first
  bool ignore_merges = false;                 // a word that is in the vocabulary is not split further
  bool add_bos = false;                       // unless the file says otherwise
  bool add_sep = false;
};

// nullptr for an unknown name. "" stands for "default", as in files made before the key existed.
[[nodiscard]] const PreTokenizer* find_pre_tokenizer(std::string_view name);

}  // namespace weft
