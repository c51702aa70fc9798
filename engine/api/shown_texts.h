// SPDX-License-Identifier: GPL-3.0-or-later
// All words of the engine that a window shows, for those who say them in another language: the source texts of a translation, and how a sentence that has
// values in it is found again. Errors and lines of the log are not among them. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

// Of methods, their parts, presets and exports, settings, phases and sentences (sentences.h, with %1, %2, … where values stand); each once, in a fixed order.
[[nodiscard]] std::vector<std::string> shown_texts();

struct SaidSentence {
  std::string pattern;               // as in shown_texts()
  std::vector<std::string> values;   // of %1, %2, …
};
// The sentence that the text says, the one that leaves least to its values; none for a text without values.
[[nodiscard]] std::optional<SaidSentence> sentence_in(std::string_view text);

}  // namespace weft
