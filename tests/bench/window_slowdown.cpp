// SPDX-License-Identifier: GPL-3.0-or-later
// What an open Live page takes from training: one run in the window, whose page is open for some steps and gone for as many, by turns. The machine's
// own speed moves by more than what is looked for, so neighbours are compared and the median of many pairs is told, with how well it is known; and, which
// hardly moves, what share of all processors the window's thread used.
#include <algorithm>
#include <cmath>

#include <QThread>

#include "app/gui/workbench.h"
#include "engine/api/engine_loader.h"
#include "tests/bench/window_bench.h"
#include "tests/gui/gui_test.h"
#include "ui/models/frame_pace.h"
#include "ui/shell/main_window.h"

namespace weft::bench {
namespace {

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Where the median of all such pairs lies, 19 times of 20, whatever their distribution: between two of the sorted values.
std::pair<double, double> range_of_median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  const auto below = static_cast<std::size_t>(std::max(0.0, std::floor((n - 1.96 * std::sqrt(n)) / 2)));
  return {values[below], values[values.size() - 1 - below]};
}

}  // namespace

int measure_slowdown(const QStringList& arguments) {
  if (arguments.size() < 2) return 2;
  const int pairs = arguments.value(2, QStringLiteral("6")).toInt();
  const auto block = static_cast<std::size_t>(arguments.value(3, QStringLiteral("8")).toInt());
  QTemporaryDir folder;
  ui::Theme theme(*qApp);
  gui::Workbench workbench(load_engine);
  ui::MainWindow window(theme, workbench, {});
  window.resize(1440, 900);
  window.show();
  workbench.loadEngine();
  bool opened = false;
  window.openProject(folder.filePath(QStringLiteral("bench.weft")), true, [&](bool ok) { opened = ok; });
  if (!test::wait_until([&] { return opened; })) return 1;
  window.openPath(arguments[0]);
  window.openPath(arguments[1]);
  auto& draft = window.draft();
  draft.set("train", "steps", 1000000);
  draft.set("train", "batch_tokens", 512);
  draft.set("train", "eval_every", 0);
  draft.set("train", "checkpoint_every", 0);
  if (!test::wait_until([&] { return draft.ready() && workbench.hasEngine(); }, 60000)) return 1;
  std::vector<double> speeds;
  QObject::connect(&workbench, &ui::Backend::eventsArrived, &window, [&](const std::vector<Event>& events, quint64) {
    for (const auto& event : events)
      if (const auto* step = std::get_if<StepEvent>(&event)) speeds.push_back(step->tokens_per_s);
  });
  window.train();
  std::vector<double> shares[2];
  const auto speed_of = [&](bool open) {
    window.setVisible(open);
    if (open) window.showPage(ui::Page::Live);
    speeds.clear();
    if (!test::wait_until([&] { return !speeds.empty(); }, 300000)) return 0.0;
    QElapsedTimer clock;
    clock.start();
    const double cpu = ui::threadCpuMs();
    if (!test::wait_until([&] { return speeds.size() > block + 1; }, 300000)) return 0.0;
    shares[open].push_back(100 * (ui::threadCpuMs() - cpu) / ms_of(clock) / QThread::idealThreadCount());
    return median({speeds.begin() + 1, speeds.end()});   // the first was under way when the page changed
  };
  (void)speed_of(true);
  std::vector<double> slower;
  double open_speed = 0;
  for (int i = 0; i < pairs; ++i) {
    const bool open_first = i % 2 == 0;
    const double a = speed_of(open_first), b = speed_of(!open_first);
    if (a <= 0 || b <= 0) return 1;
    open_speed = open_first ? a : b;
    slower.push_back(100 * ((open_first ? b / a : a / b) - 1));
  }
  window.desk().control(Control::Abandon);
  (void)test::wait_until([&] { return !window.desk().isLive(); }, 60000);
  const auto [least, most] = range_of_median(slower);
  print_line({{"figure", "training slowed"}, {"percent", median(slower)}, {"least", least}, {"most", most}, {"pairs", pairs}, {"steps", block}, {"tokens_per_s", open_speed},
              {"thread_open", median(shares[true])}, {"thread_gone", median(shares[false])}});
  return 0;
}

}  // namespace weft::bench
