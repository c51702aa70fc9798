// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/said_sentence.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace weft {
namespace {

bool has_clauses(std::string_view value) {
  for (std::size_t at = value.find("; "); at != std::string_view::npos; at = value.find("; ", at + 1))
    if (std::count(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(at), '"') % 2 == 0) return true;
  return false;
}

}  // namespace

SentenceBook::SentenceBook(const std::vector<std::string>& patterns) {
  for (const auto& pattern : patterns) {
    Sentence sentence{.pattern = pattern, .fixed = {}};
    std::string piece;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (pattern[i] != '%' || i + 1 == pattern.size() || std::isdigit(static_cast<unsigned char>(pattern[i + 1])) == 0) {
        piece += pattern[i];
        continue;
      }
      sentence.fixed_size += piece.size();
      sentence.fixed.push_back(std::exchange(piece, {}));
      while (i + 1 < pattern.size() && std::isdigit(static_cast<unsigned char>(pattern[i + 1])) != 0) ++i;
    }
    sentence.fixed_size += piece.size();
    sentence.fixed.push_back(piece);
    if (sentence.fixed.size() > 1) sentences_.push_back(std::move(sentence));
  }
  std::stable_sort(sentences_.begin(), sentences_.end(), [](const auto& a, const auto& b) { return a.fixed_size > b.fixed_size; });
}

std::optional<std::vector<std::string>> SentenceBook::values_of(const Sentence& sentence, std::string_view text) {
  const std::string& first = sentence.fixed.front();
  const std::string& last = sentence.fixed.back();
  if (text.size() < sentence.fixed_size || !text.starts_with(first) || !text.ends_with(last)) return std::nullopt;
  text.remove_prefix(first.size());
  text.remove_suffix(last.size());
  std::vector<std::string> values;
  for (std::size_t i = 1; i + 1 < sentence.fixed.size(); ++i) {
    const std::size_t at = text.find(sentence.fixed[i]);
    if (at == std::string_view::npos) return std::nullopt;
    values.emplace_back(text.substr(0, at));
    text.remove_prefix(at + sentence.fixed[i].size());
  }
  values.emplace_back(text);
  if (std::any_of(values.begin(), values.end(), has_clauses)) return std::nullopt;
  return values;
}

std::optional<SaidSentence> SentenceBook::find(std::string_view text) const {
  for (const auto& sentence : sentences_)
    if (auto values = values_of(sentence, text)) return SaidSentence{sentence.pattern, std::move(*values)};
  return std::nullopt;
}

}  // namespace weft
