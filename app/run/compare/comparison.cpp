// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run/compare/comparison.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <numeric>

#include "app/run/report/page_parts.h"
#include "engine/api/events.h"
#include "engine/api/run_edit.h"
#include "engine/api/sentences.h"
#include "engine/core/text_util.h"

namespace weft {
namespace {

constexpr const char* kNone = "–";
const double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Recorded {  // of one run, beside what a ComparedRun keeps
  std::map<std::string, std::vector<double>> metrics;
  std::vector<EventRow> events;
};

Result<ComparedRun> read_run(Project& project, RunId id, Recorded& recorded) {
  ComparedRun all;
  WEFT_ASSIGN_OR_RETURN(all.run, project.run(id));
  WEFT_ASSIGN_OR_RETURN(const auto rows, project.metrics(id, ""));
  WEFT_ASSIGN_OR_RETURN(all.spectra, project.spectra(id, ""));
  WEFT_ASSIGN_OR_RETURN(recorded.events, project.events(id));
  if (all.run.config.is_object() && all.run.config.contains("method"))
    all.method = all.run.config["method"].is_string() ? all.run.config["method"].get<std::string>() : text_of(all.run.config["method"], "name");
  for (const auto& row : rows) recorded.metrics[row.name].push_back(row.value);
  const RunProgress progress(rows);
  const std::pair<const char*, ComparedCurve*> curves[] = {
      {"loss", &all.loss}, {"eval_loss", &all.held_out}, {"lr", &all.lr}, {"grad_norm", &all.grad_norm}};
  for (const auto& row : rows)
    for (const auto& [name, curve] : curves) {
      if (row.name != name) continue;
      const auto step = static_cast<double>(row.step);
      curve->steps.push_back(step);
      curve->epochs.push_back(progress.along(RunAxis::Epoch, step));
      curve->tokens.push_back(progress.along(RunAxis::Tokens, step));
      curve->seconds.push_back(progress.along(RunAxis::Seconds, step));
      curve->values.push_back(row.value);
    }
  for (const auto& event : recorded.events) {
    if (event.type != "edit") continue;
    const EditEvent edit = edit_from_json(event.step, event.detail);
    RunEdit bare = edit.edit;
    bare.step = 0;   // it stands where the flag does
    const auto at = static_cast<double>(event.step), before = at - 1;
    all.edits.push_back({at, progress.along(RunAxis::Epoch, before), progress.along(RunAxis::Tokens, before), progress.along(RunAxis::Seconds, before), to_text(bare), edit.text});
  }
  return all;
}

std::string remark_on(const ComparedRun& run) {
  std::vector<std::string> said;
  const auto& loss = run.loss.values;
  const auto wrong = std::find_if(loss.begin(), loss.end(), [](double v) { return !std::isfinite(v); });
  if (wrong != loss.end()) said.push_back(fmt::format(sentences::kLossNotFinite, run.loss.steps[static_cast<std::size_t>(wrong - loss.begin())]));
  if (loss.empty())
    said.emplace_back(sentences::kNoSteps);
  else if (run.run.last_step < run.run.total_steps)
    said.push_back(fmt::format(sentences::kEndedAtStep, run.run.state, run.run.last_step, run.run.total_steps));
  if (!run.run.message.empty()) said.push_back(run.run.message);
  if (run.spectra.empty()) said.emplace_back(sentences::kNoSpectra);
  return join(said, "; ");
}

std::string setting_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : to_json_line(value);
}

// As `train --edit` is given them, not as they are kept.
std::string edits_text(const Json& edits) {
  std::vector<std::string> texts;
  for (const auto& json : edits) {
    const auto edit = run_edit_from_json(json);
    if (!edit.ok()) return setting_text(edits);
    texts.push_back(to_text(*edit));
  }
  return join(texts, ", then ");
}

// {"train": {"lr": 1}} -> "train.lr", in the order of the snapshot.
void flatten(const Json& value, const std::string& key, const std::function<void(const std::string&, const std::string&)>& put) {
  if (value.is_array() && value.empty()) return;   // nothing of it is there
  if (!value.is_object()) return put(key, key == "edits" && value.is_array() ? edits_text(value) : setting_text(value));
  for (const auto& [name, inner] : value.items()) flatten(inner, key.empty() ? name : key + "." + name, put);
}

struct LastSpectra {  // over all matrices of the last step that has spectra
  double energy = kNaN, stable = kNaN, effective = kNaN;
};

LastSpectra last_spectra(const ComparedRun& run) {
  if (run.spectra.empty()) return {};
  LastSpectra sum{0, 0, 0};
  double count = 0;
  for (auto row = run.spectra.rbegin(); row != run.spectra.rend() && row->step == run.spectra.back().step; ++row, ++count) {
    sum.energy += row->frobenius * row->frobenius;
    sum.stable += row->stable_rank;
    sum.effective += row->effective_rank;
  }
  return {sum.energy, sum.stable / count, sum.effective / count};
}

double last_finite(const std::vector<double>& values) {
  const auto at = std::find_if(values.rbegin(), values.rend(), [](double v) { return std::isfinite(v); });
  return at == values.rend() ? kNaN : *at;
}

double extreme(const std::vector<double>& values, double sign) {
  double best = kNaN;
  for (const double v : values)
    if (std::isfinite(v) && !(sign * v <= sign * best)) best = v;
  return best;
}

double seconds_of(const ComparedRun& run, const Recorded& recorded) {
  for (auto event = recorded.events.rbegin(); event != recorded.events.rend(); ++event)
    if (event->type == "finished" && value_of(event->detail, "seconds") > 0) return value_of(event->detail, "seconds");
  return run.loss.seconds.empty() ? kNaN : run.loss.seconds.back();
}

double peak_memory(const Recorded& recorded, const std::vector<double>& rss) {
  double most = extreme(rss, 1);
  for (const auto& event : recorded.events)
    if (event.type == "finished") most = extreme({most, value_of(event.detail, "peak_rss_bytes")}, 1);
  return most > 0 ? most : kNaN;
}

std::string time_text(double seconds) {
  if (!std::isfinite(seconds)) return kNone;
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 60) return fmt::format("{:.1f} s", seconds);
  return whole < 3600 ? fmt::format("{}:{:02}", whole / 60, whole % 60) : fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

std::vector<ComparedRow> figures_of(const std::vector<ComparedRun>& runs, std::vector<Recorded>& recorded) {
  std::vector<ComparedRow> rows;
  const auto add = [&](const std::string& key, const std::string& title, const std::function<double(std::size_t)>& value,
                       const std::function<std::string(double)>& text) {
    ComparedRow row{key, title, {}, {}};
    for (std::size_t r = 0; r < runs.size(); ++r) {
      row.values.push_back(value(r));
      row.texts.push_back(std::isfinite(row.values.back()) ? text(row.values.back()) : kNone);
    }
    if (std::any_of(row.values.begin(), row.values.end(), [](double v) { return std::isfinite(v); })) rows.push_back(std::move(row));
  };
  const auto plain = [](double v) { return number_text(v); };
  const auto metric = [&](std::size_t r, const char* name) -> const std::vector<double>& { return recorded[r].metrics[name]; };
  add("last_step", sentences::kFigureSteps, [&](std::size_t r) { return static_cast<double>(runs[r].run.last_step); }, [](double v) { return fmt::format("{:.0f}", v); });
  add("loss", sentences::kFigureLoss, [&](std::size_t r) { return runs[r].loss.values.empty() ? kNaN : runs[r].loss.values.back(); }, plain);
  add("held_out", sentences::kFigureHeldOut, [&](std::size_t r) { return last_finite(runs[r].held_out.values); }, plain);
  add("held_out_best", sentences::kFigureHeldOutBest, [&](std::size_t r) { return extreme(runs[r].held_out.values, -1); }, plain);
  add("accuracy", sentences::kFigureAccuracy, [&](std::size_t r) { return last_finite(metric(r, "eval_accuracy")); },
      [](double v) { return fmt::format("{:.1f} %", 100 * v); });
  add("tokens_per_s", sentences::kFigureSpeed, [&](std::size_t r) { return middle(metric(r, "tokens_per_s")); }, [](double v) { return count_text(v); });
  add("peak_memory", sentences::kFigureMemory, [&](std::size_t r) { return peak_memory(recorded[r], metric(r, "rss_bytes")); },
      [](double v) { return human_bytes(v); });
  add("trainable", sentences::kFigureTrainable, [&](std::size_t r) { return value_of(runs[r].run.started, "trainable"); },
      [](double v) { return count_text(v); });
  add("tokens", sentences::kFigureTokens, [&](std::size_t r) { return runs[r].loss.tokens.empty() ? kNaN : runs[r].loss.tokens.back(); },
      [](double v) { return count_text(v); });
  add("seconds", sentences::kFigureDuration, [&](std::size_t r) { return seconds_of(runs[r], recorded[r]); }, time_text);
  std::vector<LastSpectra> last;
  for (const auto& run : runs) last.push_back(last_spectra(run));
  add("energy", sentences::kFigureEnergy, [&](std::size_t r) { return last[r].energy; }, plain);
  add("stable_rank", sentences::kFigureStableRank, [&](std::size_t r) { return last[r].stable; }, plain);
  add("effective_rank", sentences::kFigureEffectiveRank, [&](std::size_t r) { return last[r].effective; }, plain);
  return rows;
}

std::vector<std::string> sites_of(const std::vector<ComparedRun>& runs) {
  std::vector<std::string> sites;
  std::map<std::string, bool> seen;
  for (const auto& run : runs)
    for (const auto& row : run.spectra)
      if (!std::exchange(seen[row.site], true)) sites.push_back(row.site);
  return sites;
}

bool differs(const Comparison& comparison, const std::string& key) {
  return std::any_of(comparison.settings.begin(), comparison.settings.end(), [&](const auto& row) { return row.key == key; });
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json curve_json(const ComparedCurve& curve) {
  Json values = Json::array();
  for (const double v : curve.values) values.push_back(number(v));
  return {{"step", curve.steps}, {"epoch", curve.epochs}, {"tokens", curve.tokens}, {"seconds", curve.seconds}, {"value", values}};
}

}  // namespace

std::vector<ComparedRow> differing_settings(const std::vector<const Json*>& configs) {
  std::vector<ComparedRow> rows;
  std::map<std::string, std::size_t> index;
  for (std::size_t r = 0; r < configs.size(); ++r) {
    if (!configs[r]->is_object()) continue;
    flatten(*configs[r], "", [&](const std::string& key, const std::string& text) {
      const auto [at, fresh] = index.try_emplace(key, rows.size());
      if (fresh) rows.push_back({key, key, std::vector<std::string>(configs.size(), kNone), {}});
      rows[at->second].texts[r] = text;
    });
  }
  std::erase_if(rows, [](const ComparedRow& row) { return std::all_of(row.texts.begin(), row.texts.end(), [&](const auto& t) { return t == row.texts[0]; }); });
  // beside its section, also where only a later run has it
  std::vector<std::string> order;
  const auto section = [](const ComparedRow& row) { return row.key.substr(0, row.key.find('.')); };
  for (const auto& row : rows)
    if (std::find(order.begin(), order.end(), section(row)) == order.end()) order.push_back(section(row));
  std::stable_sort(rows.begin(), rows.end(), [&](const auto& a, const auto& b) {
    return std::find(order.begin(), order.end(), section(a)) < std::find(order.begin(), order.end(), section(b));
  });
  return rows;
}

std::string differences_of(const std::vector<ComparedRow>& rows, std::size_t config) {
  const auto method = std::find_if(rows.begin(), rows.end(), [](const ComparedRow& row) { return row.key == "method.name"; });
  // What only some methods have and those of one name have alike: the name says it.
  const auto said_by_name = [&](const ComparedRow& row) {
    if (method == rows.end() || !row.key.starts_with("method.") || std::find(row.texts.begin(), row.texts.end(), kNone) == row.texts.end()) return false;
    for (std::size_t i = 0; i < row.texts.size(); ++i)
      if (method->texts[i] == method->texts[config] && row.texts[i] != row.texts[config]) return false;
    return true;
  };
  std::vector<std::string> parts;
  for (const auto& row : rows) {
    const std::string& text = row.texts[config];
    // a method's name says by itself what it is
    if (text != kNone && !said_by_name(row)) parts.push_back(row.key == "method.name" ? text : row.key.substr(row.key.rfind('.') + 1) + " " + text);
  }
  return join(parts, ", ");
}

Result<Comparison> compare_runs(Project& project, const std::vector<RunId>& ids) {
  if (ids.size() < kFewestCompared || ids.size() > kMostCompared)
    return invalid_argument(fmt::format("a comparison takes {} to {} runs, {} {} given", kFewestCompared, kMostCompared, ids.size(),
                                        ids.size() == 1 ? "was" : "were"));
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (std::find(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(i), ids[i]) != ids.begin() + static_cast<std::ptrdiff_t>(i))
      return invalid_argument(fmt::format("run r{} is named twice; name each run once", ids[i]));
  Comparison comparison;
  std::vector<Recorded> recorded(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    WEFT_ASSIGN_OR_RETURN(ComparedRun run, read_run(project, ids[i], recorded[i]));
    run.remark = remark_on(run);
    comparison.runs.push_back(std::move(run));
  }
  std::vector<const Json*> configs;
  for (const auto& run : comparison.runs) configs.push_back(&run.run.config);
  comparison.settings = differing_settings(configs);
  comparison.figures = figures_of(comparison.runs, recorded);
  comparison.sites = sites_of(comparison.runs);
  if (differs(comparison, "model.path"))
    comparison.notes.emplace_back(sentences::kOtherModels);
  if (differs(comparison, "data.path"))
    comparison.notes.emplace_back(sentences::kOtherData);
  return comparison;
}

Result<Comparison> compare_runs(Project& project, const std::vector<std::string>& names) {
  std::vector<RunId> ids;
  for (const auto& name : names) {
    WEFT_ASSIGN_OR_RETURN(const RunId id, project.find_run(name));
    ids.push_back(id);
  }
  return compare_runs(project, ids);
}

std::string comparison_csv(const Comparison& comparison) {
  struct Column {
    std::string name;
    const ComparedCurve* curve;
    const std::vector<double>* values;
    std::size_t at = 0;
  };
  std::vector<Column> columns;
  std::vector<double> steps;
  for (const auto& run : comparison.runs) {
    for (const auto& [name, curve] : {std::pair("loss", &run.loss), {"eval_loss", &run.held_out}, {"lr", &run.lr}, {"grad_norm", &run.grad_norm}})
      columns.push_back({run.run.name + " " + name, curve, &curve->values});
    columns.push_back({run.run.name + " epoch", &run.loss, &run.loss.epochs});
    columns.push_back({run.run.name + " tokens", &run.loss, &run.loss.tokens});
    columns.push_back({run.run.name + " seconds", &run.loss, &run.loss.seconds});
    for (const auto* curve : {&run.loss, &run.held_out, &run.lr, &run.grad_norm}) steps.insert(steps.end(), curve->steps.begin(), curve->steps.end());
  }
  std::sort(steps.begin(), steps.end());
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  std::string text = "step";
  for (const auto& column : columns) text += "," + csv_field(column.name);
  text += "\n";
  for (const double step : steps) {
    text += fmt::format("{:.0f}", step);
    for (auto& column : columns) {
      const bool has = column.at < column.curve->steps.size() && column.curve->steps[column.at] == step;
      text += has ? fmt::format(",{:.9g}", (*column.values)[column.at++]) : ",";
    }
    text += "\n";
  }
  return text;
}

Json to_json(const Comparison& comparison) {
  Json json{{"runs", Json::array()}, {"settings", Json::array()}, {"figures", Json::object()}, {"notes", comparison.notes}};
  for (const auto& run : comparison.runs)
    json["runs"].push_back({{"run", fmt::format("r{}", run.run.id)},
                            {"name", run.run.name},
                            {"state", run.run.state},
                            {"method", run.method},
                            {"remark", run.remark},
                            {"loss", curve_json(run.loss)},
                            {"eval_loss", curve_json(run.held_out)}});
  for (const auto& row : comparison.settings) json["settings"].push_back({{"key", row.key}, {"values", row.texts}});
  for (const auto& row : comparison.figures) {
    Json values = Json::array();
    for (const double v : row.values) values.push_back(number(v));
    json["figures"][row.key] = values;
  }
  return json;
}

}  // namespace weft
