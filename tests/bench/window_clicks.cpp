// SPDX-License-Identifier: GPL-3.0-or-later
// From a click until its whole answer stands painted: pages, tiles, cells, switches of a window that shows a model, data and a run.
#include <algorithm>
#include <map>

#include <QAbstractButton>
#include <QCheckBox>
#include <QSlider>

#include "app/gui/workbench.h"
#include "tests/bench/window_bench.h"
#include "tests/gui/gui_test.h"
#include "tests/gui/scripted_engine.h"
#include "ui/panels/live_page.h"
#include "ui/panels/setup_cards.h"
#include "ui/plots/heat_map.h"
#include "ui/shell/main_window.h"

namespace weft::bench {
namespace {

constexpr int kRounds = 6;
constexpr int kStillMs = 25;      // without paint: what comes later answers no click (the memory bar, once a second)

}  // namespace

int measure_clicks(const QStringList& arguments) {
  if (arguments.size() < 2) return 2;
  QTemporaryDir folder;
  ui::Theme theme(*qApp);
  gui::Workbench workbench([] { return Result<std::unique_ptr<Engine>>(not_found("no engine here")); });
  ui::MainWindow window(theme, workbench, {});
  window.resize(1440, 900);
  window.show();
  bool opened = false;
  window.openProject(folder.filePath(QStringLiteral("bench.weft")), true, [&](bool ok) { opened = ok; });
  if (!test::wait_until([&] { return opened; })) return 1;
  window.openPath(arguments[0]);
  window.openPath(arguments[1]);
  if (!test::wait_until([&] { return window.draft().ready(); }, 60000)) return 1;
  window.desk().adopt(1, QStringLiteral("r1"), to_json(window.draft().request()), /*resumed=*/false, [] {});
  Q_EMIT workbench.eventsArrived(test::plausible_run(4000, 30, 100, 200), 0);
  QTest::qWait(800);

  PaintWatch watch;
  std::map<std::string, std::vector<double>> seen, whole;
  std::vector<double> all;
  int unanswered = 0;
  const auto click = [&](const std::string& what, QWidget* target, const QPoint& at) {
    if (!target || !target->isVisible()) return void(++unanswered);
    QElapsedTimer clock;
    clock.start();
    QTest::mouseClick(target, Qt::LeftButton, Qt::NoModifier, at);
    const auto [first, last] = watch.until_still(clock, kStillMs);
    if (first == 0) return void(++unanswered);
    seen[what].push_back(first);
    whole[what].push_back(last);
    all.push_back(last);
  };
  const auto press = [&](const std::string& what, QWidget* target) { click(what, target, target ? target->rect().center() : QPoint()); };
  const auto page_button = [&](int page) -> QWidget* {
    for (auto* button : window.findChildren<QAbstractButton*>())
      if (button->toolTip() == QStringLiteral("Ctrl+%1").arg(page + 1)) return button;
    return nullptr;
  };
  for (int round = 0; round < kRounds; ++round) {
    for (const int page : {1, 0, 2, 3, 4, 5, 6, 1, 2, 1, 0}) press("page " + std::to_string(page + 1), page_button(page));
    const auto tiles = window.setupPage()->findChildren<ui::MethodTile*>();
    for (int i = 0; i < 4; ++i) press("method", tiles.value((round * 4 + i) % std::max<int>(1, static_cast<int>(tiles.size()))));
    press("page 2", page_button(1));
    auto* live = window.livePage();
    for (int i = 0; i < 4; ++i) click("heat-map cell", live->heatMap(), live->heatMap()->cellRect((round * 5 + i * 7) % 30, i % 7).center());
    for (int i = 0; i < 3; ++i) click("spectra of another step", live->scrubber(), {live->scrubber()->width() * (1 + (round + i) % 7) / 9, live->scrubber()->height() / 2});
    press("spectra of another step", live->findChild<QCheckBox*>());
  }
  for (auto& [what, ms] : whole) {
    Json line = spread_of("click: " + what, std::move(ms));
    line["first_paint"] = spread_of("", seen[what])["longest"];
    print_line(line);
  }
  Json line = spread_of("click", std::move(all));
  line["unanswered"] = unanswered;
  print_line(line);
  return 0;
}

}  // namespace weft::bench
