// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/run/report/report_page.h"

namespace weft::cli {
namespace {

struct Options {
  std::string project, run, out;
};

int work(const Options& options, const Call& call) {
  auto project = Project::open(options.project, /*create_if_missing=*/false);
  if (!project.ok()) return failed(project.status());
  const auto run = (*project)->find_run(options.run);
  if (!run.ok()) return failed(run.status());
  const auto file = write_report(**project, *run, options.out);
  if (!file.ok()) return failed(file.status());
  if (call.json)
    print_json_line({{"run", "r" + std::to_string(*run)}, {"path", *file}});
  else
    print(printable(*file) + "\n");
  return kDone;
}

}  // namespace

void add_report(CLI::App& app, Call& call) {
  const Arguments command(app, "report", "one self-contained HTML page of a run: curves, spectra, settings",
                          "weft-cli report my.weft r1 --out report");
  auto options = set_work<Options>(command, call, work);
  command.text_required("PROJECT", options->project, "the project file");
  command.text_required("RUN", options->run, "r3, 3 or its name");
  command.text_required("--out", options->out, "folder for index.html; made when missing");
  command.json_flag(call);
}

}  // namespace weft::cli
