// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/dropout.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include <fmt/format.h>

#include "engine/core/counter_random.h"

namespace weft {
namespace {

using T = SettingType;

// The paper searches rates of 0.01 to 0.2 and weights of 0.01 to 10; which were best is not published. The weight stands in the middle. A small
// decoder bears less: of SmolLM2-135M, 0.1 of the hidden values raises the loss of a batch from 2.1 to 3.5, 0.02 to 2.2; 0.1 of the keys to 2.25.
constexpr double kPresetKeyRate = 0.05, kPresetHiddenRate = 0.02, kPresetWeight = 0.2;
constexpr double kHighestRate = 0.999;

SettingSpec rate(const char* key, const char* title, const char* help, bool advanced) {
  return {.key = key, .title = title, .type = T::Real, .initial = 0.0, .min = 0.0, .max = kHighestRate, .help = help, .advanced = advanced};
}
SettingSpec pattern(const char* key, const char* title, const char* help) {
  return {.key = key, .title = title, .type = T::Choice, .initial = "element", .choices = {"element", "column", "span"}, .help = help, .advanced = true};
}

// What a preset says of its own.
const std::map<std::string, SettingValues>& preset_values() {
  static const std::map<std::string, SettingValues> values = [] {
    const SettingValues less = {{"key_rate", kPresetKeyRate}, {"key_pattern", "column"}, {"hidden_rate", kPresetHiddenRate}, {"hidden_pattern", "element"}};
    SettingValues whole = less;
    whole["consistency"] = "kl";
    return std::map<std::string, SettingValues>{{"hiddenkey-", less}, {"hiddenkey", whole}};
  }();
  return values;
}

DropPattern pattern_of(const SettingValues& s, const char* key) {
  const auto name = s.at(key).get<std::string>();
  return name == "element" ? DropPattern::Element : name == "column" ? DropPattern::Column : DropPattern::Span;
}

// A preset is what its name says: another setting beside it would be another method under that name.
Status check_preset(const SettingValues& s) {
  const auto preset = s.at("preset").get<std::string>();
  if (preset == "custom") return {};
  const auto given = preset_values().find(preset);
  const SettingValues own = given == preset_values().end() ? SettingValues(Json::object()) : given->second;
  for (const auto& spec : dropout_settings()) {
    const Json& value = s.at(spec.key);
    const bool is_rate = spec.type == T::Real && spec.key != "consistency_weight";
    const bool named = own.contains(spec.key);
    const bool free = named && is_rate ? value.get<double>() > 0 : !is_rate && spec.key != "consistency" && !named;
    if (free || value == (named ? own[spec.key] : spec.initial)) continue;
    return invalid_argument(fmt::format("[dropout] preset = \"{}\" {}, but {} = {}: leave that out or take preset = \"custom\"", preset,
                                        preset == "none"             ? "drops nothing"
                                        : preset == "hiddenkey-"     ? "is keys dropped by columns and hidden values by elements, without a second pass"
                                                                     : "is keys dropped by columns and hidden values by elements, with consistency = \"kl\"",
                                        spec.key, to_json_line(value)));
  }
  return {};
}

}  // namespace

std::vector<SettingSpec> dropout_settings() {
  return {
      {.key = "preset", .title = "Dropout", .type = T::Choice, .initial = "none", .choices = {"none", "hiddenkey-", "hiddenkey", "custom"},
       .help = "Against overfitting, with any method: hiddenkey- drops keys of attention and hidden values of the later layers (arXiv:2403.00812); hiddenkey "
               "also makes two passes with different masks agree, which takes about a quarter more time; custom takes the settings below."},
      rate("key_rate", "Keys", "DropKey: share of the keys that attention does not see; a token always sees itself. The paper searches 0.01 to 0.2; its best is not published.", false),
      pattern("key_pattern", "Keys by", "column drops a key for all queries of a head, span a stretch of neighbouring keys, element each pair of query and key."),
      rate("hidden_rate", "Hidden values", "HiddenCut: share of what the feed-forward module adds that is left out. The paper searches 0.01 to 0.2; its best is not published.", false),
      pattern("hidden_pattern", "Hidden by", "element drops single values, column a channel for a whole row, span a stretch of neighbouring tokens."),
      {.key = "hidden_place", .title = "Hidden where", .type = T::Choice, .initial = "output", .choices = {"output", "inner"},
       .help = "output is what down_proj gives, as HiddenCut's own code has it; inner what it reads.", .advanced = true},
      rate("attention_rate", "Attention weights", "DropAttention: share of attention's weights left out after the softmax, the others made to sum to 1.", true),
      pattern("attention_pattern", "Weights by", "As for keys."),
      rate("input_rate", "Embedded tokens", "Share of the embedded tokens' values that is left out.", true),
      pattern("input_pattern", "Embedded by", "As for hidden values."),
      rate("output_rate", "Last layer", "Share of the values left out that the output layer reads.", true),
      pattern("output_pattern", "Last by", "As for hidden values."),
      rate("adapter_rate", "Adapter input", "lora_dropout of PEFT: share of the values left out that an adapter reads, while the frozen matrix reads them all.", true),
      {.key = "rescale", .title = "Rescale", .type = T::Choice, .initial = "auto", .choices = {"auto", "on", "off"},
       .help = "Hidden, embedded and last values that stay grow by 1 / (1 - rate). Auto: by element only; for columns and spans the paper does not say, and HiddenCut's own code does not.",
       .advanced = true},
      {.key = "layers", .title = "Layers", .type = T::Choice, .initial = "later-half", .choices = {"later-half", "all"},
       .help = "Where keys, attention weights and hidden values are dropped; decoders suffer from it in their first half.", .advanced = true},
      {.key = "keep_first_key", .title = "Keep the first key", .type = T::Boolean, .initial = false,
       .help = "Never drops the first token of a row as a key: many decoders rest their attention there.", .advanced = true},
      {.key = "consistency", .title = "Consistency", .type = T::Choice, .initial = "none", .choices = {"none", "kl", "js"},
       .help = "Adds to the loss how far two passes are apart over the trained tokens: kl between two masks, in both directions (R-Drop); js from the pass without "
               "dropout (Jensen-Shannon; the paper's exact form is not published).", .advanced = true},
      {.key = "consistency_weight", .title = "Weight of consistency", .type = T::Real, .initial = kPresetWeight, .min = 1e-6, .max = 1000.0,
       .help = "Factor of that term, a mean over the trained tokens. The paper searches 0.01 to 10; its best is not published.", .advanced = true},
      {.key = "both_passes", .title = "Train both passes", .type = T::Boolean, .initial = false,
       .help = "Sends gradients through both passes (R-Drop), at twice the time of a step; else through the first alone, as HiddenKey does.", .advanced = true},
  };
}

Json dropout_initial(const SettingValues& given, const SettingSpec& spec) {
  const Json preset = given.is_object() && given.contains("preset") ? given["preset"] : Json();
  const auto found = preset.is_string() ? preset_values().find(preset.get<std::string>()) : preset_values().end();
  return found != preset_values().end() && found->second.contains(spec.key) ? found->second[spec.key] : spec.initial;
}

Result<Dropout> dropout_of(const SettingValues& s) {
  WEFT_RETURN_IF_ERROR(check_preset(s));
  const auto rescale = s.at("rescale").get<std::string>();
  const auto values = [&](const std::string& name) {
    DropRule rule{s.at(name + "_rate").get<double>(), pattern_of(s, (name + "_pattern").c_str())};
    if (rescale == "on" || (rescale == "auto" && rule.pattern == DropPattern::Element)) rule.scale = 1 / (1 - rule.rate);
    return rule;
  };
  Dropout d;
  d.key = {s.at("key_rate").get<double>(), pattern_of(s, "key_pattern")};
  d.attention = {s.at("attention_rate").get<double>(), pattern_of(s, "attention_pattern")};
  d.hidden = values("hidden");
  d.input = values("input");
  d.output = values("output");
  d.adapter.rate = s.at("adapter_rate").get<double>();
  d.adapter.scale = 1 / (1 - d.adapter.rate);
  d.inner_hidden = s.at("hidden_place") == "inner";
  d.later_half = s.at("layers") == "later-half";
  d.keep_first_key = s.at("keep_first_key").get<bool>();
  const auto consistency = s.at("consistency").get<std::string>();
  d.consistency = consistency == "kl" ? Consistency::Kl : consistency == "js" ? Consistency::Js : Consistency::None;
  d.consistency_weight = d.consistency == Consistency::None ? 0 : s.at("consistency_weight").get<double>();
  d.both_passes = s.at("both_passes").get<bool>();
  if (s.at("preset") == "custom" && !d.active()) return invalid_argument("[dropout] preset = \"custom\" but every rate is 0: set one, for example key_rate = 0.1, or take preset = \"none\"");
  if (d.both_passes && d.consistency != Consistency::Kl)
    return invalid_argument("[dropout] both_passes = true goes with consistency = \"kl\": without it there is no second pass whose gradient could count");
  return d;
}

const DropRule& Dropout::rule(DropPosition position) const {
  switch (position) {
    case DropPosition::Key: return key;
    case DropPosition::Attention: return attention;
    case DropPosition::Hidden: return hidden;
    case DropPosition::Input: return input;
    case DropPosition::Output: return output;
    case DropPosition::Adapter: break;
  }
  return adapter;
}

bool Dropout::active() const {
  return key.active() || attention.active() || hidden.active() || input.active() || output.active() || adapter.active();
}

std::int64_t Dropout::first_layer(std::int64_t layers) const {
  if (!key.active() && !attention.active() && !hidden.active()) return layers;
  return later_half ? (layers + 1) / 2 : 0;
}

std::int64_t Dropout::shared_layers(std::int64_t layers) const { return input.active() || adapter.active() ? 0 : first_layer(layers); }

std::uint64_t DropPlace::stream_of(std::int64_t row, std::int64_t part) const {
  return substream(substream(stream, static_cast<std::uint64_t>(row)), static_cast<std::uint64_t>(part));
}

DropPlace DropPass::place(DropPosition position, std::int64_t layer, std::int64_t layers, std::int64_t part) const {
  const bool by_layer = position == DropPosition::Key || position == DropPosition::Attention || position == DropPosition::Hidden;
  if (by_layer && layer < dropout.first_layer(layers)) return {};
  std::uint64_t stream = seed;
  for (const std::int64_t index : {step, batch, pass, static_cast<std::int64_t>(position), layer, part}) stream = substream(stream, static_cast<std::uint64_t>(index));
  return {dropout.rule(position), stream};
}

std::vector<std::uint8_t> dropped_of_line(const DropRule& rule, std::uint64_t stream, std::int64_t count) {
  std::vector<std::uint8_t> dropped(static_cast<std::size_t>(count));
  if (rule.pattern == DropPattern::Column) {
    const std::uint32_t threshold = threshold_of(rule.rate);
    for (std::size_t i = 0; i < dropped.size(); ++i) dropped[i] = bits_at(stream, static_cast<std::uint32_t>(i)) < threshold;
    return dropped;
  }
  // as long as the rate wants on average: what is left of a whole number of places is left to chance
  const double wanted = rule.rate * static_cast<double>(count), whole = std::floor(wanted);
  const auto length = static_cast<std::int64_t>(whole) + (bits_at(stream, 0) < threshold_of(wanted - whole) ? 1 : 0);
  const auto begin = static_cast<std::int64_t>((static_cast<std::uint64_t>(bits_at(stream, 1)) * static_cast<std::uint64_t>(count - length + 1)) >> 32);
  std::fill_n(dropped.begin() + begin, length, std::uint8_t{1});
  return dropped;
}

double DropMask::share() const {
  return candidates > 0 ? static_cast<double>(std::count(dropped.begin(), dropped.end(), 1)) / static_cast<double>(candidates) : 0;
}

DropMask drop_mask(const DropPass& pass, DropPosition position, std::int64_t layer, std::int64_t layers, std::int64_t row, std::int64_t head,
                   std::int64_t length, std::int64_t width) {
  const bool keys = position == DropPosition::Key || position == DropPosition::Attention;
  DropMask mask{length, keys ? length : width, {}, 0};
  mask.dropped.resize(static_cast<std::size_t>(mask.rows * mask.columns));
  const DropPlace place = pass.place(position, layer, layers, position == DropPosition::Adapter ? head : 0);
  const std::uint64_t stream = place.stream_of(row, keys ? head : 0);
  const DropPattern pattern = place.rule.pattern;
  const std::vector<std::uint8_t> line = !place.active() || pattern == DropPattern::Element
                                             ? std::vector<std::uint8_t>()
                                             : dropped_of_line(place.rule, stream, keys || pattern == DropPattern::Column ? mask.columns : mask.rows);
  const std::uint32_t threshold = threshold_of(place.rule.rate);
  for (std::int64_t i = 0; i < mask.rows; ++i) {
    const std::uint64_t own = substream(stream, static_cast<std::uint64_t>(i));
    for (std::int64_t j = 0; j < (keys ? i : mask.columns); ++j) {
      const bool exempt = keys && pass.dropout.keep_first_key && j == 0;
      mask.candidates += !exempt;
      if (!place.active() || exempt) continue;
      const bool dropped = line.empty() ? bits_at(own, static_cast<std::uint32_t>(j)) < threshold
                                        : line[static_cast<std::size_t>(keys || pattern == DropPattern::Column ? j : i)] != 0;
      mask.dropped[static_cast<std::size_t>(i * mask.columns + j)] = dropped;
    }
  }
  return mask;
}

}  // namespace weft
