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
#include "engine/api/said_sentence.h"
#include "engine/api/sentences.h"
#include "engine/api/train_request.h"

namespace weft {
namespace {

// "Rank {}" as "Rank %1".
std::string with_places(std::string_view format) {
  std::string pattern;
  int places = 0;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '{') {
      pattern += format[i];
      continue;
    }
    i = format.find('}', i);
    pattern += "%" + std::to_string(++places);
  }
  return pattern;
}

const SentenceBook& sentences_with_values() {
  static const SentenceBook book = [] {
    std::vector<std::string> patterns;
    for (const char* format : sentences::kAll) patterns.push_back(with_places(format));
    return SentenceBook(patterns);
  }();
  return book;
}

class Collector {
 public:
  void add(const std::string& text) {
    const bool words = std::any_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
    if (words && known_.insert(text).second) texts_.push_back(text);
  }

  // What may have values in it: those are among the sentences.
  void add_made(const std::string& text) {
    if (!sentences_with_values().find(text)) add(text);
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
      if (std::string pattern = with_places(format); known_.insert(pattern).second) texts_.push_back(std::move(pattern));
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

}  // namespace weft
