// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/events.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace weft {
namespace {

// Nine significant digits identify a float; JSON has no NaN or infinity, so those become null.
Json number(double value) {
  if (!std::isfinite(value)) return nullptr;
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return std::strtod(text, nullptr);
}

struct ToJson {
  const std::string& run;

  std::vector<Json> operator()(const StartedEvent& e) const {
    return {{{"type", "started"}, {"run", run}, {"model", e.model}, {"method", e.method}, {"trainable", e.trainable},
             {"total_parameters", e.total_parameters}, {"steps", e.total_steps}, {"first_step", e.first_step}, {"rows", e.rows},
             {"held_out_rows", e.held_out_rows}, {"sites", e.sites.size()}, {"compute", e.compute}, {"storage", e.storage},
             {"activations", e.activations}}};
  }
  std::vector<Json> operator()(const PreflightEvent& e) const {
    Json line = preflight_json(e);
    line["type"] = "preflight";
    return {line};
  }
  std::vector<Json> operator()(const StepEvent& e) const {
    Json phases = Json::object();
    for (std::size_t i = 0; i < kPhases; ++i) phases[phase_name(static_cast<Phase>(i))] = number(e.phase_ms[i]);
    Json line = {{"type", "step"}, {"step", e.step}, {"loss", number(e.loss)}, {"grad_norm", number(e.grad_norm)},
             {"lr", number(e.lr)}, {"tokens", e.tokens}, {"trained_tokens", e.trained_tokens},
             {"tokens_per_s", number(e.tokens_per_s)}, {"ms", number(e.ms)}, {"rss_bytes", e.rss_bytes},
             {"epoch", number(e.epoch)}, {"phase_ms", phases}};
    if (e.consistency) line["consistency"] = number(*e.consistency);
    return {line};
  }
  std::vector<Json> operator()(const EvalEvent& e) const {
    return {{{"type", "eval"}, {"step", e.step}, {"loss", number(e.loss)}, {"accuracy", number(e.accuracy)}, {"tokens", e.tokens},
             {"ms", number(e.ms)}}};
  }
  std::vector<Json> operator()(const SpectraEvent& e) const {
    std::vector<Json> lines;
    for (const auto& s : e.sites) {
      Json values = Json::array();
      for (const float v : s.singular_values) values.push_back(number(v));
      lines.push_back({{"type", "spectrum"}, {"step", s.step}, {"site", s.site}, {"singular_values", values},
                       {"effective_rank", number(s.effective_rank)}, {"stable_rank", number(s.stable_rank)},
                       {"energy_rank_90", s.energy_rank_90}, {"energy_rank_95", s.energy_rank_95},
                       {"energy_rank_99", s.energy_rank_99}, {"frobenius", number(s.frobenius)},
                       {"magnitude_change", number(s.magnitude_change)}, {"direction_change", number(s.direction_change)},
                       {"ms", number(e.ms / static_cast<double>(e.sites.size()))}, {"every", e.every}});
    }
    return lines;
  }
  std::vector<Json> operator()(const RanksEvent& e) const {
    Json line = ranks_json(e);
    line["type"] = "ranks";
    line["step"] = e.step;
    return {line};
  }
  std::vector<Json> operator()(const SamplesEvent& e) const {
    Json line = samples_json(e);
    line["type"] = "samples";
    line["step"] = e.step;
    return {line};
  }
  std::vector<Json> operator()(const CheckpointEvent& e) const {
    Json line = {{"type", "checkpoint"}, {"step", e.step}, {"path", e.path}, {"sha256", e.sha256}, {"bytes", e.bytes}};
    if (!e.dropped.empty()) line["dropped"] = e.dropped;
    return {line};
  }
  std::vector<Json> operator()(const BadStepEvent& e) const {
    Json line = bad_step_json(e);
    line["type"] = "bad_step";
    line["step"] = e.step;
    return {line};
  }
  std::vector<Json> operator()(const EditEvent& e) const {
    Json line = edit_json(e);
    line["type"] = "edit";
    line["step"] = e.edit.step;
    return {line};
  }
  std::vector<Json> operator()(const BestEvent& e) const {
    return {{{"type", "best"}, {"step", e.step}, {"loss", number(e.loss)}, {"replaced", e.replaced}}};
  }
  std::vector<Json> operator()(const WarningEvent& e) const {
    return {{{"type", "warning"}, {"step", e.step}, {"message", e.message}}};
  }
  std::vector<Json> operator()(const StateEvent& e) const {
    Json line = {{"type", "state"}, {"state", run_state_name(e.state)}, {"step", e.step}, {"message", e.message}};
    if (!e.cause.empty()) line["cause"] = e.cause;
    return {line};
  }
  std::vector<Json> operator()(const FinishedEvent& e) const {
    return {{{"type", "finished"}, {"outcome", e.outcome}, {"step", e.step},
             {"seconds_to_first_step", number(e.seconds_to_first_step)},
             {"process_seconds_to_first_step", number(e.process_seconds_to_first_step)}, {"seconds", number(e.seconds)},
             {"peak_rss_bytes", e.peak_rss_bytes}, {"message", e.message}, {"code", e.code}}};
  }
};

}  // namespace

const char* run_state_name(RunState state) {
  switch (state) {
    case RunState::Queued: return "queued";
    case RunState::Preparing: return "preparing";
    case RunState::Running: return "running";
    case RunState::Pausing: return "pausing";
    case RunState::Paused: return "paused";
    case RunState::Stopping: return "stopping";
    case RunState::Stopped: return "stopped";
    case RunState::Done: return "done";
    case RunState::Failed: return "failed";
    case RunState::Abandoned: return "abandoned";
  }
  return "unknown";
}

bool is_final(RunState state) {
  return state == RunState::Stopped || state == RunState::Done || state == RunState::Failed || state == RunState::Abandoned;
}

Json ranks_json(const RanksEvent& event) {
  Json ranks = Json::object();
  std::int64_t sum = 0;
  for (const auto& [site, count] : event.sites) {
    ranks[site] = count;
    sum += count;
  }
  return {{"sum", sum}, {"ranks", ranks}};
}

Json preflight_json(const PreflightEvent& e) {
  return {{"tokens", e.tokens}, {"longest", e.longest}, {"batches", e.batches}, {"loss", number(e.loss)}, {"grad_norm", number(e.grad_norm)},
          {"ms", number(e.ms)}, {"peak_bytes", e.peak_bytes}, {"planned_bytes", e.planned_bytes}};
}

RanksEvent ranks_from_json(std::int64_t step, const Json& json) {
  RanksEvent event{step, {}};
  if (!json.is_object() || !json.contains("ranks") || !json["ranks"].is_object()) return event;
  for (const auto& [site, count] : json["ranks"].items())
    if (count.is_number_integer()) event.sites.push_back({site, count.get<std::int64_t>()});
  return event;
}

Json edit_json(const EditEvent& event) {
  Json change = to_json(event.edit);
  change.erase("step");
  return {{"edit", change}, {"text", event.text}, {"total_steps", event.total_steps}};
}

EditEvent edit_from_json(std::int64_t step, const Json& json) {
  EditEvent event;
  if (json.is_object() && json.contains("edit"))
    if (auto edit = run_edit_from_json(json["edit"]); edit.ok()) event.edit = *std::move(edit);
  event.edit.step = step;
  if (json.is_object() && json.contains("text") && json["text"].is_string()) event.text = json["text"].get<std::string>();
  if (json.is_object() && json.contains("total_steps") && json["total_steps"].is_number_integer()) event.total_steps = json["total_steps"].get<std::int64_t>();
  return event;
}

Json bad_step_json(const BadStepEvent& event) {
  Json rows = Json::array();
  for (const auto& row : event.rows) rows.push_back({{"tokens", row.tokens}, {"trained", row.trained}, {"text", row.text}});
  return {{"what", event.what}, {"site", event.site}, {"lr", number(event.lr)}, {"grad_norm_before", number(event.grad_norm_before)}, {"rows", rows},
          {"more_rows", event.more_rows}};
}

BadStepEvent bad_step_from_json(std::int64_t step, const Json& json) {
  BadStepEvent event;
  event.step = step;
  try {
    event.what = json.at("what").get<std::string>();
    event.site = json.at("site").get<std::string>();
    event.lr = json.at("lr").is_number() ? json.at("lr").get<double>() : 0;
    event.grad_norm_before = json.at("grad_norm_before").is_number() ? json.at("grad_norm_before").get<double>() : 0;
    event.more_rows = json.at("more_rows").get<std::int64_t>();
    for (const auto& row : json.at("rows"))
      event.rows.push_back({row.at("tokens").get<std::int64_t>(), row.at("trained").get<std::int64_t>(), row.at("text").get<std::string>()});
  } catch (const Json::exception&) {  // what could be read is shown
  }
  return event;
}

Json samples_json(const SamplesEvent& event) {
  Json answers = Json::array();
  for (const auto& a : event.answers)
    answers.push_back({{"prompt", a.prompt}, {"base", a.base}, {"tuned", a.tuned}, {"base_end", a.base_end}, {"tuned_end", a.tuned_end}});
  return {{"ms", number(event.ms)}, {"answers", answers}};
}

SamplesEvent samples_from_json(std::int64_t step, const Json& json) {
  SamplesEvent event{step, {}, 0};
  if (!json.is_object() || !json.contains("answers") || !json["answers"].is_array()) return event;
  if (json.contains("ms") && json["ms"].is_number()) event.ms = json["ms"].get<double>();
  for (const auto& answer : json["answers"]) {
    const auto text = [&](const char* key) { return answer.contains(key) && answer[key].is_string() ? answer[key].get<std::string>() : std::string(); };
    if (answer.is_object() && answer.contains("tuned") && answer["tuned"].is_string())
      event.answers.push_back({text("prompt"), text("base"), text("tuned"), text("base_end"), text("tuned_end")});
  }
  return event;
}

std::vector<Json> to_json_lines(const Event& event, const std::string& run) { return std::visit(ToJson{run}, event); }

}  // namespace weft
