// SPDX-License-Identifier: GPL-3.0-or-later
// How long the window keeps a person waiting. MODEL alone: from the wish to open it until its card stands painted, in milliseconds. MODEL DATA [STEPS]:
// while a real model trains in it, the longest time between two turns of the event loop and the longest work in one of them, and the speed of training.
#include <cstdio>
#include <cstdlib>

#include <QElapsedTimer>

#include "app/gui/workbench.h"
#include "engine/api/engine_loader.h"
#include "tests/gui/gui_test.h"
#include "ui/bridge/text.h"
#include "ui/shell/main_window.h"

int main(int argc, char** argv) {
  using namespace weft;
  if (argc < 2) return 2;
  ensure_quiet_openmp(argv);
  QApplication application(argc, argv);
  ui::Theme theme(application);
  QTemporaryDir folder;
  gui::Workbench workbench(load_engine);
  ui::MainWindow window(theme, workbench, {});
  window.resize(1440, 900);
  window.show();
  workbench.loadEngine();
  bool opened = false;
  window.openProject(folder.filePath(QStringLiteral("bench.weft")), true, [&](bool ok) { opened = ok; });
  if (!test::wait_until([&] { return opened; })) return 1;
  QElapsedTimer clock;
  clock.start();
  window.openPath(QString::fromLocal8Bit(argv[1]));
  if (argc == 2) {
    if (!test::wait_until([&] { return window.draft().model().has_value(); })) return 1;
    const double known = static_cast<double>(clock.nsecsElapsed()) / 1e6;
    (void)window.grab();  // lays out and paints what changed
    std::printf("known after %.1f ms, painted after %.1f ms\n", known, static_cast<double>(clock.nsecsElapsed()) / 1e6);
    return 0;
  }
  window.openPath(QString::fromLocal8Bit(argv[2]));
  auto& draft = window.draft();
  draft.set("train", "steps", argc > 3 ? std::atoi(argv[3]) : 20);
  draft.set("train", "batch_tokens", 512);
  draft.set("train", "eval_every", 10);
  draft.set("train", "checkpoint_every", 10);
  draft.set("probe", "spectra_every", 5);
  if (!test::wait_until([&] { return draft.ready() && workbench.hasEngine(); }, 60000)) return 1;
  window.showPage(ui::Page::Live);
  QTest::qWait(300);
  test::LoopWatch watch;
  window.train();
  const auto live = [&] { return window.desk().live(); };
  const bool over = test::wait_until([&] { return live() && !live()->running(); }, 600000);
  const auto& speed = live()->tokensPerS.values;
  std::printf("%s: longest gap of the event loop %.1f ms, longest work %.1f ms, last step %.0f tokens/s\n", qPrintable(live()->stateWord),
              watch.longest_wall_ms, watch.longest_cpu_ms, speed.empty() ? 0 : speed.back());
  return over ? 0 : 1;
}
