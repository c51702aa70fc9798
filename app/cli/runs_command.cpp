// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <cmath>
#include <map>

#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/runs_settings.h"
#include "app/run/best_step.h"
#include "engine/api/events.h"
#include "engine/core/files.h"
#include "engine/core/text_util.h"
#include "projects/api/project.h"

namespace weft::cli {
namespace {

struct Options {
  std::shared_ptr<std::string> project = std::make_shared<std::string>();
  std::string run, csv;
  bool spectra = false;
};

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json to_json(const RunRecord& run) {
  return {{"id", run.id},
          {"run", "r" + std::to_string(run.id)},
          {"name", run.name},
          {"state", run.state},
          {"created_at", run.created_at},
          {"finished_at", run.finished_at},
          {"last_step", run.last_step},
          {"total_steps", run.total_steps},
          {"last_loss", number(run.last_loss)},
          {"last_eval_loss", number(run.last_eval_loss)},
          {"message", run.message},
          {"note", run.note}};
}

std::string method_of(const RunRecord& run) {
  const Json& config = run.config;
  if (config.is_object() && config.contains("method") && config["method"].is_object())
    return config["method"].value("name", "-");
  return "-";
}

int list_runs(Project& project, const Call& call) {
  const auto runs = project.runs();
  if (!runs.ok()) return failed(runs.status());
  if (call.json) {
    Json all = Json::array();
    for (const auto& run : *runs) all.push_back(to_json(run));
    print_document({{"project", project.path()}, {"runs", all}});
    return kDone;
  }
  if (runs->empty()) {
    print("no runs yet\n");
    return kDone;
  }
  Table table({"run", "name", "state", "method", "step", "loss", "held out", "best", "started"},
              {false, false, false, false, true, true, true, true, false});
  for (const auto& run : *runs) {
    const auto events = project.events(run.id);
    if (!events.ok()) return failed(events.status());
    const auto best = best_step(*events);
    table.add({"r" + std::to_string(run.id), run.name, run.state, method_of(run),
               fmt::format("{}/{}", run.last_step, run.total_steps), significant(run.last_loss),
               significant(run.last_eval_loss), best ? fmt::format("{} @{}", significant(best->loss), best->step) : "", run.created_at});
  }
  print(table.text());
  return kDone;
}

// Metrics as columns by name, in order of first appearance; steps as rows.
struct Wide {
  std::vector<std::string> names;
  std::map<std::int64_t, std::map<std::string, double>> rows;
};

Wide widen(const std::vector<MetricRow>& metrics) {
  Wide wide;
  for (const auto& row : metrics) {
    if (std::find(wide.names.begin(), wide.names.end(), row.name) == wide.names.end()) wide.names.push_back(row.name);
    wide.rows[row.step][row.name] = row.value;
  }
  return wide;
}

std::string to_csv(const Wide& wide) {
  std::string text = "step";
  for (const auto& name : wide.names) text += "," + name;
  text += "\n";
  for (const auto& [step, values] : wide.rows) {
    text += std::to_string(step);
    for (const auto& name : wide.names) {
      const auto at = values.find(name);
      text += at == values.end() ? "," : fmt::format(",{:.9g}", at->second);
    }
    text += "\n";
  }
  return text;
}

Json metrics_json(const std::vector<MetricRow>& metrics) {
  Json all = Json::object();
  for (const auto& row : metrics) {
    Json& series = all[row.name];
    if (series.is_null()) series = {{"step", Json::array()}, {"value", Json::array()}};
    series["step"].push_back(row.step);
    series["value"].push_back(number(row.value));
  }
  return all;
}

Json spectra_json(const std::vector<SpectrumRow>& spectra) {
  Json all = Json::array();
  for (const auto& s : spectra)
    all.push_back({{"step", s.step},
                   {"site", s.site},
                   {"singular_values", s.values},
                   {"effective_rank", number(s.effective_rank)},
                   {"stable_rank", number(s.stable_rank)},
                   {"energy_rank_90", s.energy_rank_90},
                   {"energy_rank_95", s.energy_rank_95},
                   {"energy_rank_99", s.energy_rank_99},
                   {"frobenius", number(s.frobenius)},
                   {"magnitude_change", number(s.magnitude_change)},
                   {"direction_change", number(s.direction_change)}});
  return all;
}

Result<Json> run_json(Project& project, const RunRecord& run, const std::vector<MetricRow>& metrics, bool spectra) {
  Json json = to_json(run);
  json["config"] = run.config;
  json["started"] = run.started;
  json["metrics"] = metrics_json(metrics);
  WEFT_ASSIGN_OR_RETURN(const auto events, project.events(run.id));
  json["events"] = Json::array();
  for (const auto& e : events)
    json["events"].push_back({{"step", e.step}, {"type", e.type}, {"at", e.at}, {"detail", e.detail}});
  WEFT_ASSIGN_OR_RETURN(const auto checkpoints, project.checkpoints(run.id));
  const auto best = best_step(events);
  json["best"] = best ? Json{{"step", best->step}, {"loss", number(best->loss)}} : Json();
  json["checkpoints"] = Json::array();
  for (const auto& c : checkpoints)
    json["checkpoints"].push_back(
        {{"step", c.step}, {"path", c.path}, {"bytes", c.bytes}, {"sha256", c.sha256}, {"present", c.present}});
  WEFT_ASSIGN_OR_RETURN(const auto artifacts, project.artifacts(run.id));
  json["artifacts"] = Json::array();
  for (const auto& a : artifacts)
    json["artifacts"].push_back({{"step", a.step},
                                 {"format", a.format},
                                 {"path", a.path},
                                 {"at", a.at},
                                 {"bytes", a.bytes},
                                 {"max_difference", number(a.max_difference)}});
  if (spectra) {
    WEFT_ASSIGN_OR_RETURN(const auto rows, project.spectra(run.id, ""));
    json["spectra"] = spectra_json(rows);
  }
  return json;
}

// What a table of metrics does not say.
void print_changes(const std::vector<EventRow>& events) {
  for (const auto& event : events)
    if (event.type == "edit") {
      const EditEvent edit = edit_from_json(event.step, event.detail);
      print(fmt::format("edit {}: {}\n", printable(to_text(edit.edit)), printable(edit.text)));
    }
  if (const auto best = best_step(events)) print(fmt::format("best: {} on held-out rows at step {} (@best)\n", significant(best->loss, 5), best->step));
}

// What of it lies in files.
void print_files(const std::vector<CheckpointRow>& checkpoints, const std::vector<ArtifactRow>& exports) {
  std::vector<std::string> steps;
  for (const auto& checkpoint : checkpoints)
    if (checkpoint.present) steps.push_back(std::to_string(checkpoint.step));
  if (!steps.empty()) print(fmt::format("checkpoints: {}\n", join(steps, ", ")));
  for (const auto& each : exports)
    print(fmt::format("export {} of step {}: {}, {}\n", printable(each.format), each.step, printable(each.path), human_bytes(static_cast<double>(each.bytes))));
}

void print_run(const RunRecord& run, const std::vector<EventRow>& events, const Wide& wide) {
  print(fmt::format("r{} {}: {}, {} at step {} of {}, started {}{}\n", run.id, printable(run.name), method_of(run),
                    run.state, run.last_step, run.total_steps, run.created_at,
                    (run.message.empty() ? "" : "\n" + printable(run.message)) + (run.note.empty() ? "" : "\nnote: " + printable(run.note))));
  print_changes(events);
  static const std::vector<std::string> shown = {"loss", "eval_loss", "grad_norm", "lr", "tokens_per_s", "ms"};
  std::vector<std::string> heading{"step"};
  for (const auto& name : shown) heading.push_back(name);
  Table table(heading, std::vector<bool>(heading.size(), true));
  for (const auto& [step, values] : wide.rows) {
    std::vector<std::string> row{std::to_string(step)};
    for (const auto& name : shown) {
      const auto at = values.find(name);
      row.push_back(at == values.end() ? "" : significant(at->second, 5));
    }
    table.add(row);
  }
  print(table.text());
}

int work(const Options& options, const Call& call) {
  auto project = Project::open(*options.project, /*create_if_missing=*/false);
  if (!project.ok()) return failed(project.status());
  if (options.run.empty()) {
    if (!options.csv.empty())
      return wrong_call(invalid_argument("--csv needs a RUN: weft-cli runs P.weft r1 --csv FILE"));
    return list_runs(**project, call);
  }
  const auto id = (*project)->find_run(options.run);
  if (!id.ok()) return failed(id.status());
  const auto run = (*project)->run(*id);
  if (!run.ok()) return failed(run.status());
  const auto metrics = (*project)->metrics(*id, "");
  if (!metrics.ok()) return failed(metrics.status());
  const Wide wide = widen(*metrics);
  if (options.csv == "-") {
    print(to_csv(wide));
    return kDone;
  }
  if (!options.csv.empty())
    if (Status status = write_file_atomically(options.csv, to_csv(wide)); !status.ok()) return failed(status);
  if (call.json) {
    const auto json = run_json(**project, *run, *metrics, options.spectra);
    if (!json.ok()) return failed(json.status());
    print_document(*json);
  } else if (options.csv.empty()) {
    const auto events = (*project)->events(*id);
    if (!events.ok()) return failed(events.status());
    const auto checkpoints = (*project)->checkpoints(*id);
    const auto exports = (*project)->artifacts(*id);
    if (!checkpoints.ok() || !exports.ok()) return failed(checkpoints.ok() ? exports.status() : checkpoints.status());
    print_run(*run, *events, wide);
    print_files(*checkpoints, *exports);
  }
  return kDone;
}

}  // namespace

void add_runs(CLI::App& app, Call& call) {
  const Arguments command(app, "runs", "the runs of a project, or one run's metrics",
                          "weft-cli runs my.weft r1 --csv r1.csv");
  auto options = set_work<Options>(command, call, work);
  command.text_required("PROJECT", *options->project, "the project file");
  command.text("RUN", options->run, "r3, 3 or its name");
  command.text("--csv", options->csv, "write the run's metrics as CSV, one row a step; - is standard output");
  command.flag("--spectra", options->spectra, "with --json: every spectrum of the run too");
  command.json_flag(call);
  add_run_changes(command, call, options->project);
  add_run_settings(command, call, options->project);
}

}  // namespace weft::cli
