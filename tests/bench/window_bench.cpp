// SPDX-License-Identifier: GPL-3.0-or-later
// How long the window keeps a person waiting, figure by figure: window_bench WHAT [...], as window_bench.h lists it.
#include "tests/bench/window_bench.h"

#include <algorithm>
#include <cstdio>

#include "app/gui/workbench.h"
#include "engine/api/engine_loader.h"
#include "tests/gui/gui_test.h"
#include "ui/bridge/text.h"
#include "ui/shell/main_window.h"

namespace weft::bench {
namespace {

struct Window {
  explicit Window(gui::EngineFactory factory) : theme(*qApp), workbench(std::move(factory)), window(theme, workbench, {}) {
    window.resize(1440, 900);
    window.show();
    workbench.loadEngine();
  }
  bool open() {
    bool opened = false;
    window.openProject(folder.filePath(QStringLiteral("bench.weft")), true, [&](bool ok) { opened = ok; });
    return test::wait_until([&] { return opened; });
  }
  QTemporaryDir folder;
  ui::Theme theme;
  gui::Workbench workbench;
  ui::MainWindow window;
};

}  // namespace

std::pair<double, double> PaintWatch::until_still(const QElapsedTimer& clock, int settle_ms) {
  QTimer beat;                       // ends a turn that nothing else would
  beat.start(2);
  double first = 0, last = 0;
  QElapsedTimer still;
  still.start();
  while (!still.hasExpired(settle_ms)) {
    const long before = count_;
    QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
    if (count_ == before) continue;
    last = ms_of(clock);
    if (first == 0) first = last;
    still.restart();
  }
  return {first, last};
}

bool PaintWatch::eventFilter(QObject*, QEvent* event) {
  count_ += event->type() == QEvent::Paint;
  return false;
}

Json spread_of(const std::string& figure, std::vector<double> ms) {
  std::sort(ms.begin(), ms.end());
  const auto at = [&](double share) { return ms.empty() ? 0 : ms[static_cast<std::size_t>(share * static_cast<double>(ms.size() - 1) + 0.5)]; };
  return {{"figure", figure}, {"median", at(0.5)}, {"p99", at(0.99)}, {"longest", at(1)}, {"times", ms.size()}};
}

void print_line(const Json& line) {
  std::printf("%s\n", line.dump().c_str());
  std::fflush(stdout);
}

int measure_opening(const QStringList& arguments) {
  if (arguments.isEmpty()) return 2;
  Window w([] { return Result<std::unique_ptr<Engine>>(not_found("no engine here")); });
  if (!w.open()) return 1;
  QElapsedTimer clock;
  clock.start();
  w.window.openPath(arguments[0]);
  if (!test::wait_until([&] { return w.window.draft().model().has_value(); })) return 1;
  const double known = ms_of(clock);
  (void)w.window.grab();             // lays out and paints what changed
  print_line({{"figure", "model card"}, {"known", known}, {"painted", ms_of(clock)}});
  return 0;
}

int measure_stalls(const QStringList& arguments) {
  if (arguments.size() < 2) return 2;
  Window w(load_engine);
  if (!w.open()) return 1;
  w.window.openPath(arguments[0]);
  w.window.openPath(arguments[1]);
  auto& draft = w.window.draft();
  draft.set("train", "steps", arguments.value(2, QStringLiteral("20")).toInt());
  draft.set("train", "batch_tokens", 512);
  draft.set("train", "eval_every", 10);
  draft.set("train", "checkpoint_every", 10);
  draft.set("probe", "spectra_every", 5);
  if (!test::wait_until([&] { return draft.ready() && w.workbench.hasEngine(); }, 60000)) return 1;
  w.window.showPage(ui::Page::Live);
  QTest::qWait(300);
  test::LoopWatch watch;
  w.window.train();
  const auto live = [&] { return w.window.desk().live(); };
  if (!test::wait_until([&] { return live() && !live()->running(); }, 600000)) return 1;
  const auto& speed = live()->tokensPerS.values;
  print_line({{"figure", "event loop"}, {"state", ui::ss(live()->stateWord)}, {"longest", watch.longest_wall_ms}, {"longest_work", watch.longest_cpu_ms},
              {"steps", live()->loss.steps.size()}, {"tokens_per_s", speed.empty() ? 0 : speed.back()}});
  return 0;
}

}  // namespace weft::bench

int main(int argc, char** argv) {
  using namespace weft::bench;
  weft::ensure_quiet_openmp(argv);
  const std::pair<const char*, int (*)(const QStringList&)> parts[] = {
      {"opening", measure_opening}, {"stalls", measure_stalls}, {"frames", measure_frames},    {"map", measure_map},
      {"clicks", measure_clicks},   {"slowdown", measure_slowdown}, {"journey", measure_journey}};
  QApplication application(argc, argv);
  QApplication::setOrganizationName(QStringLiteral("weft"));
  QApplication::setApplicationName(QStringLiteral("weft"));
  const QStringList arguments = QApplication::arguments();
  for (const auto& [name, measure] : parts)
    if (arguments.value(1) == QLatin1String(name)) return measure(arguments.mid(2));
  std::fprintf(stderr, "usage: window_bench opening|stalls|frames|map|clicks|slowdown|journey [...] (window_bench.h says what each takes)\n");
  return 2;
}
