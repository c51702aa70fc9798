// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/runs_settings.h"

#include <fmt/format.h>

#include <filesystem>

#include "app/cli/output.h"
#include "app/run/run_file.h"
#include "app/run/run_file_changes.h"
#include "engine/core/files.h"
#include "projects/api/project.h"

namespace weft::cli {
namespace {

struct Options {
  std::shared_ptr<std::string> project;
  std::string run, out, against;
};

Result<TrainRequest> settings_of(const Options& options) {
  WEFT_ASSIGN_OR_RETURN(const auto project, Project::open(*options.project, /*create_if_missing=*/false));
  WEFT_ASSIGN_OR_RETURN(const RunId id, project->find_run(options.run));
  WEFT_ASSIGN_OR_RETURN(const RunRecord run, project->run(id));
  return train_request_from_json(run.config);
}

Result<TrainRequest> other_settings(const std::string& path) {
  WEFT_ASSIGN_OR_RETURN(TrainRequest request, read_run_file(path));
  WEFT_RETURN_IF_ERROR(resolve_paths(request, std::filesystem::absolute(path).parent_path().string()));
  return request;
}

int show_changes(const Options& options, const Call& call, const TrainRequest& settings) {
  const auto other = other_settings(options.against);
  if (!other.ok()) return failed(other.status());
  const auto rows = changed_settings(settings, *other);
  if (call.json) {
    Json all = Json::array();
    for (const auto& row : rows) all.push_back({{"key", row.key}, {"title", row.title}, {"before", row.texts[0]}, {"after", row.texts[1]}});
    print_document({{"run", options.run}, {"file", options.against}, {"changes", all}});
    return kDone;
  }
  if (rows.empty()) {
    print("no setting differs\n");
    return kDone;
  }
  Table table({"setting", options.run, options.against});
  for (const auto& row : rows) table.add({row.key, row.texts[0], row.texts[1]});
  print(table.text());
  return kDone;
}

int work(const Options& options, const Call& call) {
  const auto settings = settings_of(options);
  if (!settings.ok()) return failed(settings.status());
  if (!options.against.empty()) return show_changes(options, call, *settings);
  if (options.out.empty()) {
    if (call.json)
      print_document(to_json(*settings));
    else
      print(write_run_file(*settings));
    return kDone;
  }
  const std::string folder = std::filesystem::absolute(options.out).parent_path().string();
  const Status status = write_file_atomically(options.out, write_run_file(*settings, folder));
  return status.ok() ? kDone : failed(status);
}

}  // namespace

void add_run_settings(const Arguments& runs, Call& call, const std::shared_ptr<std::string>& project) {
  const Arguments command(runs.app(), "settings", "a run's settings as a run file, or what a run file would change of them", "weft-cli runs my.weft settings r3 --out again.toml");
  const auto options = set_work<Options>(command, call, work);
  options->project = project;
  command.text_required("RUN", options->run, "r3, 3 or its name");
  command.text("--out", options->out, "write the run file there; else it goes to standard output");
  command.text("--against", options->against, "list the settings that this run file has otherwise");
  command.json_flag(call);
}

}  // namespace weft::cli
