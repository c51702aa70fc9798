// SPDX-License-Identifier: GPL-3.0-or-later
// How a sentence that has values in it is found again, for those who say it in another language. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

struct SaidSentence {
  std::string pattern;               // as it was given
  std::vector<std::string> values;   // of %1, %2, …
};

// Sentences by what stands around their values.
class SentenceBook {
 public:
  // "Rank %1": places in order, one or more each, and something around them; others are left out.
  explicit SentenceBook(const std::vector<std::string>& patterns);

  // The sentence that the text says, the one that leaves least to its values; none for a text without values. No value has "; " in it but between quotes: that parts sentences.
  [[nodiscard]] std::optional<SaidSentence> find(std::string_view text) const;

 private:
  struct Sentence {
    std::string pattern;
    std::vector<std::string> fixed;   // what stands around the values: one more than there are
    std::size_t fixed_size = 0;
  };
  [[nodiscard]] static std::optional<std::vector<std::string>> values_of(const Sentence& sentence, std::string_view text);

  std::vector<Sentence> sentences_;   // those with most to be known by first
};

}  // namespace weft
