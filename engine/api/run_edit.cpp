// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/run_edit.h"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "engine/adapter/presets/preset.h"
#include "engine/api/activations.h"
#include "engine/api/dropout.h"
#include "engine/api/train_request.h"
#include "engine/core/text_util.h"
#include "engine/plan/evaluation_order.h"

namespace weft {
namespace {

constexpr const char* kForm = "write STEP:key=value, such as 40:lr=1e-4; keys are lr, steps, dropout, alpha, rank, freeze, spectra, activations and keep";

Result<double> number_of(const std::string& key, const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return invalid_argument(key + " = " + quoted_excerpt(text) + " is not a number");
  return value;
}

Result<std::int64_t> count_of(const std::string& key, const std::string& text) {
  WEFT_ASSIGN_OR_RETURN(const double value, number_of(key, text));
  if (value != std::floor(value) || std::abs(value) > 1e15) return invalid_argument(key + " = " + quoted_excerpt(text) + " is not a whole number");
  return static_cast<std::int64_t>(value);
}

Result<FrozenSide> side_of(const std::string& text) {
  for (const auto side : {FrozenSide::None, FrozenSide::Left, FrozenSide::Right})
    if (text == frozen_side_name(side)) return side;
  return invalid_argument("freeze = " + quoted_excerpt(text) + ": it may be left, right or none");
}

Status put(RunEdit& edit, const std::string& key, const std::string& value) {
  const auto dot = key.find('.');
  const std::string head = key.substr(0, dot), tail = dot == std::string::npos ? "" : key.substr(dot + 1);
  const bool divided = head == "dropout" || head == "rank";
  if (!divided && dot != std::string::npos) return invalid_argument("there is nothing called " + quoted_excerpt(key) + " to change; " + kForm);
  if (divided && dot != std::string::npos && tail.empty()) return invalid_argument(quoted_excerpt(key) + " names nothing after the dot");
  bool twice = false;
  if (head == "lr") {
    twice = edit.lr.has_value();
    WEFT_ASSIGN_OR_RETURN(edit.lr, number_of(key, value));
  } else if (head == "steps") {
    twice = edit.steps.has_value();
    WEFT_ASSIGN_OR_RETURN(edit.steps, count_of(key, value));
  } else if (head == "dropout") {
    twice = edit.dropout.has_value();
    WEFT_ASSIGN_OR_RETURN(const double rate, number_of(key, value));
    edit.dropout = RunEdit::DropoutRate{tail.empty() ? "adapter" : tail, rate};
  } else if (head == "alpha") {
    twice = edit.alpha.has_value();
    WEFT_ASSIGN_OR_RETURN(edit.alpha, number_of(key, value));
  } else if (head == "rank") {
    twice = edit.prune.has_value();
    WEFT_ASSIGN_OR_RETURN(const std::int64_t rank, count_of(key, value));
    edit.prune = RunEdit::Prune{tail, rank};
  } else if (head == "freeze") {
    twice = edit.freeze.has_value();
    WEFT_ASSIGN_OR_RETURN(edit.freeze, side_of(value));
  } else if (head == "spectra") {
    twice = edit.spectra.has_value();
    WEFT_ASSIGN_OR_RETURN(edit.spectra, count_of(key, value));
  } else if (head == "activations") {
    twice = edit.activations.has_value();
    edit.activations = value;
  } else if (head == "keep") {
    twice = edit.keep.has_value();
    WEFT_ASSIGN_OR_RETURN(edit.keep, count_of(key, value));
  } else {
    return invalid_argument("there is nothing called " + quoted_excerpt(key) + " to change; " + kForm);
  }
  return twice ? invalid_argument(quoted_excerpt(head) + " stands twice in one edit: make two of them") : Status();
}

const SettingSpec* spec_of(const std::vector<SettingSpec>& specs, const std::string& key) {
  for (const auto& spec : specs)
    if (spec.key == key) return &spec;
  return nullptr;
}

const SettingSpec* section_spec(const std::string& name, const std::string& key) {
  for (const auto& section : run_sections())
    if (section.name == name) return spec_of(section.specs, key);
  return nullptr;
}

const SettingSpec* train_spec(const std::string& key) { return section_spec("train", key); }

Status check_value(const SettingSpec* spec, const Json& value) { return spec ? check_setting(*spec, value) : Status(); }

bool is_planned_by_steps(const MethodPreset& preset) {
  return preset.controller == "rank-budget" || preset.controller == "chain" || preset.controller == "growth" || preset.controller == "beams";
}

std::string factors_refusal(const MethodPreset& preset, const TrainRequest& request, const char* what) {
  const std::string& title = preset.descriptor.title;
  if (!preset.controller.empty()) return fmt::format("{} decides by itself what of its factors is trained and how many ranks there are, so {}", title, what);
  if (preset.delta != "low-rank" && preset.delta != "low-rank-in-part") return fmt::format("{} has no pair of factors B A at each matrix, so {}", title, what);
  if (const auto optimizer = request.train.value("optimizer", "adamw"); optimizer != "adamw")
    return fmt::format("optimizer = \"{}\" works on the pairs of factors as they were at the start, so {}", optimizer, what);
  return "";
}

bool is_taken_off_base(const std::string& start) {
  return start == "pissa" || start == "pissa-exact" || start == "olora" || start == "loftq" || start == "lq";
}

}  // namespace

const char* frozen_side_name(FrozenSide side) {
  switch (side) {
    case FrozenSide::None: return "none";
    case FrozenSide::Left: return "left";
    case FrozenSide::Right: return "right";
  }
  return "none";
}

Result<RunEdit> parse_edit(const std::string& text) {
  RunEdit edit;
  std::size_t at = 0;
  const auto colon = text.find(':');
  if (colon != std::string::npos && colon < text.find('=')) {
    WEFT_ASSIGN_OR_RETURN(edit.step, count_of("step", text.substr(0, colon)));
    if (edit.step < 1) return invalid_argument(quoted_excerpt(text) + ": steps count from 1");
    at = colon + 1;
  }
  while (at <= text.size()) {
    const auto end = std::min(text.find(',', at), text.size());
    const std::string part = text.substr(at, end - at);
    const auto equals = part.find('=');
    if (equals == std::string::npos || equals == 0) return invalid_argument(quoted_excerpt(text) + " is no edit: " + kForm);
    if (Status status = put(edit, part.substr(0, equals), part.substr(equals + 1)); !status.ok()) return status;
    at = end + 1;
  }
  return edit;
}

std::string to_text(const RunEdit& edit) {
  std::string text = edit.step > 0 ? fmt::format("{}:", edit.step) : "";
  const auto add = [&](const std::string& part) { text += (text.empty() || text.back() == ':' ? "" : ",") + part; };
  if (edit.lr) add(fmt::format("lr={}", *edit.lr));
  if (edit.steps) add(fmt::format("steps={}", *edit.steps));
  if (edit.dropout) add(fmt::format("dropout{}={}", edit.dropout->place == "adapter" ? "" : "." + edit.dropout->place, edit.dropout->rate));
  if (edit.alpha) add(fmt::format("alpha={}", *edit.alpha));
  if (edit.prune) add(fmt::format("rank{}={}", edit.prune->site.empty() ? "" : "." + edit.prune->site, edit.prune->rank));
  if (edit.freeze) add(fmt::format("freeze={}", frozen_side_name(*edit.freeze)));
  if (edit.spectra) add(fmt::format("spectra={}", *edit.spectra));
  if (edit.activations) add(fmt::format("activations={}", *edit.activations));
  if (edit.keep) add(fmt::format("keep={}", *edit.keep));
  return text;
}

Json to_json(const RunEdit& edit) {
  Json json = Json::object();
  if (edit.step > 0) json["step"] = edit.step;
  if (edit.lr) json["lr"] = *edit.lr;
  if (edit.steps) json["steps"] = *edit.steps;
  if (edit.dropout) json["dropout"] = {{"place", edit.dropout->place}, {"rate", edit.dropout->rate}};
  if (edit.alpha) json["alpha"] = *edit.alpha;
  if (edit.prune) json["prune"] = {{"site", edit.prune->site}, {"rank", edit.prune->rank}};
  if (edit.freeze) json["freeze"] = frozen_side_name(*edit.freeze);
  if (edit.spectra) json["spectra"] = *edit.spectra;
  if (edit.activations) json["activations"] = *edit.activations;
  if (edit.keep) json["keep"] = *edit.keep;
  return json;
}

Result<RunEdit> run_edit_from_json(const Json& json) {
  RunEdit edit;
  try {
    edit.step = json.value("step", std::int64_t{0});
    if (json.contains("lr")) edit.lr = json.at("lr").get<double>();
    if (json.contains("steps")) edit.steps = json.at("steps").get<std::int64_t>();
    if (json.contains("dropout")) edit.dropout = RunEdit::DropoutRate{json.at("dropout").at("place").get<std::string>(), json.at("dropout").at("rate").get<double>()};
    if (json.contains("alpha")) edit.alpha = json.at("alpha").get<double>();
    if (json.contains("prune")) edit.prune = RunEdit::Prune{json.at("prune").at("site").get<std::string>(), json.at("prune").at("rank").get<std::int64_t>()};
    if (json.contains("freeze")) {
      WEFT_ASSIGN_OR_RETURN(edit.freeze, side_of(json.at("freeze").get<std::string>()));
    }
    if (json.contains("spectra")) edit.spectra = json.at("spectra").get<std::int64_t>();
    if (json.contains("activations")) edit.activations = json.at("activations").get<std::string>();
    if (json.contains("keep")) edit.keep = json.at("keep").get<std::int64_t>();
  } catch (const Json::exception& error) {
    return corrupt(std::string("an edit of a run cannot be read: ") + error.what());
  }
  return edit;
}

EditLimits edit_limits(const TrainRequest& request) {
  EditLimits limits;
  const auto preset = request.method.is_object() && request.method.contains("name") && request.method["name"].is_string()
                          ? find_preset(request.method["name"].get<std::string>())
                          : Result<const MethodPreset*>(nullptr);
  if (!preset.ok() || !*preset) return limits;
  const MethodPreset& method = **preset;
  const std::string& title = method.descriptor.title;
  const std::string start = request.method.value("start", "");
  const auto optimizer = request.train.value("optimizer", "adamw");
  if (is_planned_by_steps(method)) limits.steps = title + " has planned what it does to its ranks over the steps it was started with, so their number stays";
  if (!spec_of(method.descriptor.settings, "alpha"))
    limits.alpha = title + " has no scale that alpha sets";
  else if (method.controller == "fixed-right" || optimizer != "adamw")
    limits.alpha = (optimizer != "adamw" ? "optimizer = \"" + optimizer + "\"" : title) + " measures gradients by the scale it was started with, so alpha stays";
  else if (start == "loftq" || start == "lq")
    limits.alpha = "start = \"" + start + "\" gives back what nf4 took from the weights, at the scale it was started with, so alpha stays";
  limits.prune = factors_refusal(method, request, "none can be taken away from outside");
  if (limits.prune.empty() && is_taken_off_base(start))
    limits.prune = "start = \"" + start + "\" is taken off the weights, so the factors hold more than the update: ranks cannot be taken away";
  limits.freeze = factors_refusal(method, request, "no side of them can be frozen");
  return limits;
}

Result<Json> dropout_with(const Json& complete, const RunEdit::DropoutRate& rate) {
  const std::string key = rate.place + "_rate";
  const auto specs = dropout_settings();
  const SettingSpec* spec = spec_of(specs, key);
  if (!spec) return invalid_argument("dropout." + rate.place + ": places are key, attention, hidden, input, output and adapter");
  if (Status status = check_setting(*spec, rate.rate); !status.ok()) return status.with_context("[dropout]");
  Json settings = complete;
  settings[key] = rate.rate;
  if (dropout_of(settings).ok()) return settings;
  settings["preset"] = "custom";
  if (dropout_of(settings).ok()) return settings;
  settings["preset"] = "none";
  const auto none = dropout_of(settings);
  if (!none.ok()) return none.status();
  return settings;
}

Status check_edit(const RunEdit& edit, const TrainRequest& request) {
  if (edit.empty()) return invalid_argument(std::string("an edit that changes nothing: ") + kForm);
  if (edit.step < 0) return invalid_argument("steps count from 1");
  const EditLimits limits = edit_limits(request);
  const std::pair<bool, const std::string&> refused[] = {{edit.lr.has_value(), limits.lr},       {edit.steps.has_value(), limits.steps}, {edit.dropout.has_value(), limits.dropout},
                                                         {edit.alpha.has_value(), limits.alpha}, {edit.prune.has_value(), limits.prune}, {edit.freeze.has_value(), limits.freeze}};
  for (const auto& [wanted, why] : refused)
    if (wanted && !why.empty()) return unsupported(why);
  if (edit.lr) WEFT_RETURN_IF_ERROR(check_value(train_spec("lr"), *edit.lr));
  if (edit.steps) {
    if (*edit.steps < std::max<std::int64_t>(1, edit.step))
      return invalid_argument(fmt::format("steps = {}: the edit holds from step {} on, so the run cannot end before it", *edit.steps, std::max<std::int64_t>(1, edit.step)));
    WEFT_RETURN_IF_ERROR(check_value(train_spec("steps"), *edit.steps));
  }
  if (edit.alpha)
    if (const auto method = find_method(request.method.value("name", "lora")); method.ok())
      WEFT_RETURN_IF_ERROR(check_value(spec_of((*method)->settings, "alpha"), *edit.alpha));
  if (edit.spectra) WEFT_RETURN_IF_ERROR(check_value(section_spec("probe", "spectra_every"), *edit.spectra));
  if (edit.activations) {
    WEFT_RETURN_IF_ERROR(check_value(train_spec("activations"), *edit.activations));
    if (!named_policy(*edit.activations)) return invalid_argument(fmt::format("activations = \"{}\": a run that goes on needs a level by its name: keep, cheap, drop or checkpoint", *edit.activations));
  }
  if (edit.keep) WEFT_RETURN_IF_ERROR(check_value(train_spec("keep_checkpoints"), *edit.keep));
  if (edit.prune && edit.prune->rank < 1) return invalid_argument(fmt::format("rank = {}: at least 1 must stay", edit.prune->rank));
  if (!edit.dropout) return {};
  WEFT_ASSIGN_OR_RETURN(const Json settings, dropout_with(request.dropout, *edit.dropout));
  WEFT_ASSIGN_OR_RETURN(const Dropout dropout, dropout_of(settings));
  if (const auto preset = find_preset(request.method.value("name", "lora")); preset.ok()) WEFT_RETURN_IF_ERROR(check_dropout(**preset, dropout));
  WEFT_ASSIGN_OR_RETURN(const EvaluationPolicy evaluation, evaluation_policy(request.train.value("evaluation", "auto")));
  if (const std::string why = refusal(evaluation.fixed, {.bf16 = request.model.value("compute", "") == "bf16", .dropout = dropout.adapter.active()}); !why.empty())
    return invalid_argument("[train] evaluation: " + why);
  return {};
}

}  // namespace weft
