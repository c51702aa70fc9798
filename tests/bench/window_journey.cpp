// SPDX-License-Identifier: GPL-3.0-or-later
// The sample from a cold start to a verified export, by clicks on the window's own buttons; another run file in its place where one is named.
#include <QFileInfo>

#include "app/gui/startup.h"
#include "app/gui/workbench.h"
#include "app/run/run_file.h"
#include "engine/api/engine_loader.h"
#include "tests/bench/window_bench.h"
#include "tests/gui/gui_test.h"
#include "tests/gui/sample_journey.h"
#include "ui/bridge/text.h"

namespace weft::bench {

int measure_journey(const QStringList& arguments) {
  QTemporaryDir folder;
  ui::Theme theme(*qApp);
  ui::Sample sample = gui::findSample();
  if (!arguments.isEmpty()) {
    auto request = read_run_file(ui::ss(arguments[0]));
    const Status status = request.ok() ? resolve_paths(*request, ui::ss(QFileInfo(arguments[0]).absolutePath())) : request.status();
    if (status.ok())
      sample.config = to_json(*request);
    else
      sample = {.project = {}, .config = {}, .problem = ui::qs(status.message())};
  }
  if (sample.config.is_null()) {
    std::fprintf(stderr, "window_bench journey: %s\n", qPrintable(sample.problem));
    return 1;
  }
  sample.project = folder.filePath(QStringLiteral("sample.weft"));
  gui::Workbench workbench(load_engine);
  ui::MainWindow window(theme, workbench, sample);
  new gui::FirstPaint(window, [&] { workbench.loadEngine(); });
  window.show();
  const auto journey = test::walk_sample_journey(window, 600000);
  Json stages = Json::object();
  for (const auto& stage : journey.stages) stages[stage.name] = stage.seconds;
  print_line({{"figure", "journey"}, {"seconds", journey.stages.empty() ? 0 : journey.stages.back().seconds}, {"clicks", journey.clicks}, {"keys", journey.keys},
              {"stages", stages}, {"report", journey.report}, {"problem", journey.problem}});
  return journey.problem.empty() ? 0 : 1;
}

}  // namespace weft::bench
