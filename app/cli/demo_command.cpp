// SPDX-License-Identifier: GPL-3.0-or-later
// The sample run from start to end, for a first look where there is no display.
#include <fmt/format.h>

#include <filesystem>

#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/session.h"
#include "app/run/locations.h"
#include "app/run/report/report_page.h"
#include "app/run/run_file.h"

namespace weft::cli {
namespace fs = std::filesystem;
namespace {

struct Options {
  std::string out, model, data, project;
  std::int64_t steps = 0;
};

Result<TrainRequest> sample_request(const Options& options) {
  const fs::path samples = fs::path(resource_folder()) / "samples";
  WEFT_ASSIGN_OR_RETURN(TrainRequest request, read_run_file((samples / "first-light.toml").string()));
  std::error_code error;
  if (!options.model.empty()) {
    WEFT_ASSIGN_OR_RETURN(request.model["path"], find_model(options.model, ""));
  }
  if (!options.data.empty()) {
    WEFT_ASSIGN_OR_RETURN(request.data["path"], find_data(options.data, ""));
  }
  if (options.steps > 0)
    WEFT_RETURN_IF_ERROR(apply_settings(request, {"train.steps=" + std::to_string(options.steps)}));
  if (Status status = resolve_paths(request, samples.string()); !status.ok())
    return status.with_context(
        "the sample is not complete; ./run fetches it, or name your own with --model and --data");
  WEFT_ASSIGN_OR_RETURN(TrainRequest complete, validate(request));
  return complete;
}

// What there is to see afterwards.
void print_places(const std::string& project, const std::string& report, const std::string& adapter, RunId run,
                  const Call& call) {
  if (call.json)
    return print_json_line({{"type", "demo"},
                            {"run", "r" + std::to_string(run)},
                            {"project", project},
                            {"adapter", adapter},
                            {"report", report}});
  print(fmt::format("run      r{}\nproject  {}\nadapter  {}\nreport   {}\n", run, project,
                    adapter.empty() ? "not written" : adapter, report));
}

int work(const Options& options, const Call& call) {
  const auto request = sample_request(options);
  if (!request.ok()) return failed_or_wrong(request.status());
  std::error_code error;
  const fs::path project =
      fs::absolute(options.project.empty() ? fs::path(user_data_folder()) / "demo.weft" : fs::path(options.project),
                   error)
          .lexically_normal();
  fs::create_directories(project.parent_path(), error);
  if (error)
    return failed(io_error("cannot create the folder " + project.parent_path().string() + ": " + error.message()));
  auto session = Session::open(project.string(), Session::For::NewRun);
  if (!session.ok()) return failed(session.status());
  const auto followed = (*session)->follow(
      RunPrinter::mode_for(call.json, call.quiet), [&](RunService& service) { return service.start(*request); },
      [](RunId) {});
  if (!followed.ok()) return failed_or_wrong(followed.status());
  int code = conclude(**session, *followed, call.quiet || call.json);
  if (code != kDone && code != kInterrupted) return code;

  const fs::path out = options.out.empty() ? project.parent_path() / fmt::format("demo-r{}", followed->run)
                                           : fs::absolute(options.out, error).lexically_normal();
  fs::create_directories(out, error);
  const std::string adapter = (out / "adapter").string();
  const Status exported = export_and_say(**session, followed->run, 0, {.format = "auto", .out = adapter}, call.json, call.quiet);
  if (!exported.ok()) code = failed(exported);
  const auto report = write_report((*session)->project(), followed->run, (out / "report").string());
  if (!report.ok()) return failed(report.status());
  print_places(project.string(), *report, exported.ok() ? adapter : "", followed->run, call);
  return code;
}

}  // namespace

void add_demo(CLI::App& app, Call& call) {
  const Arguments command(app, "demo", "the sample run from start to end: trains, exports, writes a report",
                          "weft-cli demo --steps 20");
  auto options = set_work<Options>(command, call, work);
  command.number("--steps", options->steps, 1, 10000000, "fewer or more steps than the sample's");
  command.text("--out", options->out, "folder for adapter and report; beside the project when left out");
  command.text("--model", options->model, "another model");
  command.text("--data", options->data, "other data");
  command.text("--project", options->project, "another project than demo.weft in your data folder");
  command.json_flag(call, "print every event as one JSON object a line");
  command.quiet_flag(call);
}

}  // namespace weft::cli
