// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/shown_texts.h"

#include <algorithm>
#include <unordered_set>

#include "engine/api/events.h"
#include "engine/api/method_catalogue.h"
#include "engine/api/method_exports.h"
#include "engine/api/method_sizes.h"
#include "engine/api/phases.h"
#include "engine/api/sampling_settings.h"
#include "engine/api/sentences.h"
#include "engine/api/train_request.h"

namespace weft {
namespace {

struct Sentence {
  std::string pattern;                  // "Rank %1"
  std::vector<std::string> fixed;       // what stands around the values: one more than there are
  std::size_t fixed_size = 0;
};

Sentence taken_apart(std::string_view format) {
  Sentence sentence;
  std::string piece;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '{') {
      piece += format[i];
      continue;
    }
    i = format.find('}', i);
    sentence.fixed_size += piece.size();
    sentence.pattern += piece;
    sentence.fixed.push_back(std::exchange(piece, {}));
    sentence.pattern += "%" + std::to_string(sentence.fixed.size());
  }
  sentence.fixed_size += piece.size();
  sentence.pattern += piece;
  sentence.fixed.push_back(piece);
  return sentence;
}

// Those with most to be known by come first.
const std::vector<Sentence>& sentences_with_values() {
  static const std::vector<Sentence> all = [] {
    std::vector<Sentence> made;
    for (const char* format : sentences::kAll)
      if (Sentence sentence = taken_apart(format); sentence.fixed.size() > 1) made.push_back(std::move(sentence));
    std::stable_sort(made.begin(), made.end(), [](const auto& a, const auto& b) { return a.fixed_size > b.fixed_size; });
    return made;
  }();
  return all;
}

std::optional<std::vector<std::string>> values_of(const Sentence& sentence, std::string_view text) {
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
  for (const auto& value : values)
    if (value.find("; ") != std::string::npos) return std::nullopt;   // two sentences, one after another
  return values;
}

class Collector {
 public:
  void add(const std::string& text) {
    const bool words = std::any_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
    if (words && known_.insert(text).second) texts_.push_back(text);
  }

  // What may have values in it: those are among the sentences.
  void add_made(const std::string& text) {
    if (!sentence_in(text)) add(text);
  }

  void add(const SettingSpec& spec) {
    add(spec.title);
    add(spec.help);
    add(spec.unit);
    for (const auto& choice : spec.choices) add(choice);
  }

  // Parts and exports under settings that may be refused together.
  void add(const MethodDescriptor& method, const SettingValues& given) {
    static const AdapterSite site{.path = "model.layers.0.self_attn.q_proj", .module = "q_proj", .layer = 0, .out = 576, .in = 576, .head_size = 64};
    const auto settings = complete_settings(method.settings, given, "method");
    if (!settings.ok() || (!given.empty() && !count_method(method, *settings, {site}).ok())) return;
    for (const auto& part : method.parts(site, *settings)) add_made(part.title);
    for (const auto& way : export_ways(method, *settings, {site})) {
      add_made(way.term);
      add_made(way.note);
    }
  }

  void add(const MethodDescriptor& method) {
    add(method.summary);
    add(method.family);
    add(method.formula);
    for (const auto& spec : method.settings) add(spec);
    for (const auto& size : method_sizes(method)) {
      add(size.title);
      add(size.help);
    }
    add(method, Json::object());
    for (const auto& spec : method.settings) {
      for (const auto& choice : spec.choices) add(method, {{spec.key, choice}});
      if (spec.type == SettingType::Boolean) add(method, {{spec.key, !spec.initial.get<bool>()}});
    }
  }

  void add_sentences() {
    for (const char* format : sentences::kAll)
      if (const std::string pattern = taken_apart(format).pattern; known_.insert(pattern).second) texts_.push_back(pattern);
  }

  std::vector<std::string> take() { return std::move(texts_); }

 private:
  std::unordered_set<std::string> known_;
  std::vector<std::string> texts_;
};

}  // namespace

std::vector<std::string> shown_texts() {
  Collector all;
  for (const auto& method : method_catalogue()) all.add(method);
  for (const auto& section : run_sections()) {
    all.add(section.title);
    for (const auto& spec : section.specs) all.add(spec);
  }
  for (const auto& spec : sampling_settings()) all.add(spec);
  for (std::size_t i = 0; i < kPhases; ++i) all.add(phase_name(static_cast<Phase>(i)));
  for (int state = 0; state <= static_cast<int>(RunState::Abandoned); ++state) all.add(run_state_name(static_cast<RunState>(state)));
  all.add_sentences();
  return all.take();
}

std::optional<SaidSentence> sentence_in(std::string_view text) {
  for (const auto& sentence : sentences_with_values())
    if (auto values = values_of(sentence, text)) return SaidSentence{sentence.pattern, std::move(*values)};
  return std::nullopt;
}

}  // namespace weft
