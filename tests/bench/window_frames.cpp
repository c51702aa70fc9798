// SPDX-License-Identifier: GPL-3.0-or-later
// What a new step costs the charts: from the new value until all is painted and handed to the display.
#include <cmath>

#include <QDir>
#include <QWheelEvent>

#include "app/gui/workbench.h"
#include "tests/bench/window_bench.h"
#include "tests/gui/gui_test.h"
#include "tests/gui/scripted_engine.h"
#include "ui/panels/live_page.h"
#include "ui/plots/heat_map.h"
#include "ui/plots/series_plot.h"
#include "ui/shell/main_window.h"

namespace weft::bench {
namespace {

constexpr int kSeries = 4, kFrames = 150, kPauseMs = 12;
constexpr std::int64_t kLayers = 143;         // with 7 modules each: 1,001 matrices

// A loss that falls, with noise and now and then an outlier.
double loss_at(int series, std::int64_t step) {
  const double noise = std::sin(static_cast<double>(step) * 12.9898 + series * 78.233) * 43758.5453;
  const double t = static_cast<double>(step) / 3e5;
  return 1.4 + 0.15 * series + 1.1 * std::exp(-3 * t) + 0.25 * (noise - std::floor(noise) - 0.5) + (step % 50021 == 0 ? 0.9 : 0);
}

// Milliseconds from `change` until what it changed is on the display.
double painted_after(PaintWatch& watch, const std::function<void()>& change) {
  QElapsedTimer clock;
  clock.start();
  const long before = watch.count();
  change();
  while (watch.count() == before && !clock.hasExpired(5000)) QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
  return ms_of(clock);
}

void roll(QWidget& chart, int clicks) {
  const QPointF at(chart.width() * 0.6, chart.height() * 0.5);
  QWheelEvent wheel(at, chart.mapToGlobal(at), {}, {0, 120 * clicks}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
  QApplication::sendEvent(&chart, &wheel);
}

void measure_chart(ui::Theme& theme, std::int64_t points, const QString& folder) {
  ui::SeriesPlot plot(theme, QStringLiteral("loss"), QStringLiteral("loss, nats a token"), {}, nullptr);
  ui::Curve curves[kSeries];
  for (int s = 0; s < kSeries; ++s) {
    plot.addSeries({.name = QStringLiteral("r%1").arg(s + 1), .color = s, .dash = s % 2 ? Qt::DashLine : Qt::SolidLine, .smooth = true});
    for (std::int64_t i = 1; i <= points; ++i) curves[s].put(static_cast<double>(i), loss_at(s, i));
    plot.setCurve(s, curves[s]);
  }
  plot.setTotalSteps(points + kFrames);
  plot.resize(1000, 560);
  plot.refresh();
  plot.show();
  QTest::qWait(300);
  PaintWatch watch;
  const auto grow = [&] {
    for (int s = 0; s < kSeries; ++s) {
      const auto step = static_cast<std::int64_t>(curves[s].steps.size()) + 1;
      curves[s].put(static_cast<double>(step), loss_at(s, step));
      plot.setCurve(s, curves[s]);
    }
    plot.refresh();
  };
  const auto frames = [&](const char* how, const std::function<void(int)>& change) {
    std::vector<double> ms;
    for (int i = 0; i < kFrames; ++i) {
      ms.push_back(painted_after(watch, [&] { change(i); }));
      QTest::qWait(kPauseMs);
    }
    Json line = spread_of("frame", std::move(ms));
    line["points"] = points;
    line["how"] = how;
    print_line(line);
  };
  frames("growing", [&](int) { grow(); });
  if (!folder.isEmpty())
    for (const auto choice : {ui::ThemeChoice::Light, ui::ThemeChoice::Dark}) {
      theme.choose(choice);
      QTest::qWait(300);
      plot.grab().save(QDir(folder).filePath(QStringLiteral("chart-%1-%2.png").arg(points).arg(choice == ui::ThemeChoice::Dark ? QStringLiteral("dark") : QStringLiteral("light"))));
    }
  auto* chart = plot.findChild<QWidget*>();
  frames("zooming", [&](int i) { roll(*chart, i % 8 < 4 ? 1 : -1); });
}

// The whole Live page of a run that is long already: from a step's event until all is painted.
void measure_page(ui::Theme& theme, std::int64_t steps) {
  gui::Workbench workbench([] { return Result<std::unique_ptr<Engine>>(not_found("no engine here")); });
  ui::MainWindow window(theme, workbench, {});
  window.resize(1440, 900);
  window.show();
  window.desk().adopt(1, QStringLiteral("r1"), Json::object(), /*resumed=*/false, [] {});
  window.showPage(ui::Page::Live);
  for (const auto& event : test::plausible_run(1, 30, 1, 1))
    if (!std::holds_alternative<FinishedEvent>(event) && !std::holds_alternative<StateEvent>(event)) Q_EMIT workbench.eventsArrived({event}, 0);
  const auto step_at = [](std::int64_t step) { return StepEvent{.step = step, .loss = loss_at(0, step), .grad_norm = loss_at(1, step), .lr = 2e-4 * loss_at(2, step / 1000), .tokens_per_s = 300, .ms = 5}; };
  std::vector<Event> chunk;
  for (std::int64_t step = 2; step <= steps; ++step) {
    chunk.emplace_back(step_at(step));
    if (step % 1000 == 0) chunk.emplace_back(EvalEvent{step, loss_at(3, step), 2048, 400});
    if (step % 10000 == 0) chunk.emplace_back(CheckpointEvent{step, "step.safetensors", {}, 58700000});
    if (chunk.size() < 10000 && step < steps) continue;
    Q_EMIT workbench.eventsArrived(chunk, 0);
    chunk.clear();
  }
  QTest::qWait(2500);                // the notices look at it, too
  PaintWatch watch;
  test::LoopWatch loop;
  std::vector<double> ms;
  for (int i = 1; i <= kFrames / 2; ++i) {
    QElapsedTimer clock;
    clock.start();
    Q_EMIT workbench.eventsArrived({step_at(steps + i)}, 0);
    window.livePage()->refreshNow();
    ms.push_back(watch.until_still(clock, 20).second);
  }
  Json line = spread_of("live page", std::move(ms));
  line["points"] = steps;
  line["longest_gap"] = loop.longest_wall_ms;
  print_line(line);
}

}  // namespace

int measure_frames(const QStringList& arguments) {
  ui::Theme theme(*qApp);
  const QString folder = arguments.value(0);
  if (!folder.isEmpty()) QDir().mkpath(folder);
  const std::int64_t only = arguments.value(1, QStringLiteral("0")).toLongLong();
  for (const std::int64_t points : {1000, 10000, 100000, 1000000})
    if (only == 0 || only == points) measure_chart(theme, points, folder);
  if (only != 0) return 0;
  for (const std::int64_t steps : {1000, 1000000}) measure_page(theme, steps);
  return 0;
}

int measure_map(const QStringList&) {
  ui::Theme theme(*qApp);
  gui::Workbench workbench([] { return Result<std::unique_ptr<Engine>>(not_found("no engine here")); });
  ui::MainWindow window(theme, workbench, {});
  window.resize(1440, 900);
  window.show();
  window.desk().adopt(1, QStringLiteral("r1"), Json::object(), /*resumed=*/false, [] {});
  window.showPage(ui::Page::Live);
  std::vector<Event> spectra;
  for (auto& event : test::plausible_run(200, kLayers, 1, 0)) {
    if (std::holds_alternative<SpectraEvent>(event))
      spectra.push_back(std::move(event));
    else if (!std::holds_alternative<FinishedEvent>(event) && !std::holds_alternative<StateEvent>(event))
      Q_EMIT workbench.eventsArrived({event}, 0);
  }
  Q_EMIT workbench.eventsArrived({spectra.front()}, 0);
  QTest::qWait(500);
  PaintWatch watch;
  auto* map = window.livePage()->heatMap();
  std::vector<double> alone, page;
  for (std::size_t i = 1; i < spectra.size(); ++i) {
    QElapsedTimer clock;
    clock.start();
    Q_EMIT workbench.eventsArrived({spectra[i]}, 0);
    window.livePage()->refreshNow();
    page.push_back(watch.until_still(clock).second);
    ui::HeatMapData data = map->shownData();
    for (double& value : data.values) value *= 0.999;
    alone.push_back(painted_after(watch, [&] { map->setData(data); }));
    QTest::qWait(kPauseMs);
  }
  const auto sites = window.desk().live()->sites.size();
  for (auto& [name, ms] : {std::pair("heat map", &alone), std::pair("heat map with its page", &page)}) {
    Json line = spread_of(name, std::move(*ms));
    line["sites"] = sites;
    print_line(line);
  }
  return 0;
}

}  // namespace weft::bench
