// SPDX-License-Identifier: GPL-3.0-or-later
// What is drawn of long curves: the pyramid against looking at every value, and the picture itself.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include <QBuffer>
#include <QComboBox>
#include <QImage>
#include <QSignalSpy>
#include <QSvgGenerator>
#include <QTest>

#include "tests/gui/gui_test.h"
#include "ui/models/frame_pace.h"
#include "ui/panels/live_curves.h"
#include "ui/plots/series_plot.h"
#include "ui/plots/value_pyramid.h"

namespace weft::test {
namespace {

using namespace weft::ui;

Theme& theme() {
  static auto* shared = new Theme(*qApp);   // lives as long as the application does
  return *shared;
}

constexpr double kNan = std::numeric_limits<double>::quiet_NaN(), kInf = std::numeric_limits<double>::infinity();

struct Points {
  std::vector<double> x;
  ValuePyramid y;
};

// Unevenly spaced, with runs of what is no number and some that are beyond all bounds.
Points some_points(std::mt19937& random, std::size_t count) {
  Points points;
  std::uniform_real_distribution<double> unit(0, 1);
  std::normal_distribution<double> noise;
  double x = -3;
  bool gap = false;
  for (std::size_t i = 0; i < count; ++i) {
    if (unit(random) < 0.02) gap = !gap;
    x += unit(random) < 0.01 ? 5 : unit(random);
    points.x.push_back(x);
    points.y.append(gap ? kNan : unit(random) < 0.001 ? kInf : unit(random) < 0.001 ? -1e300 : noise(random));
  }
  return points;
}

ValueSpan looked_at(const ValuePyramid& values, std::size_t begin, std::size_t end) {
  ValueSpan span;
  for (std::size_t i = begin; i < end; ++i)
    if (std::isfinite(values[i])) {
      span.low = std::min(span.low, values[i]);
      span.high = std::max(span.high, values[i]);
    }
  return span;
}

TEST(Pyramid, SaysOfAnyStretchWhatEveryValueSays) {
  std::mt19937 random(7);
  ValuePyramid values;
  EXPECT_TRUE(values.whole().empty());
  const Points points = some_points(random, 70000);   // four levels
  std::size_t next = 1;
  for (std::size_t i = 0; i < points.y.size(); ++i) {
    values.append(points.y[i]);
    if (i + 1 != next && i + 1 != points.y.size()) continue;
    next = next < 300 ? next + 1 : next * 2;           // as it grows, not only when it is whole
    ASSERT_EQ(values.whole(), looked_at(values, 0, values.size())) << values.size();
    std::uniform_int_distribution<std::size_t> any(0, values.size());
    for (int tries = 0; tries < 40; ++tries) {
      const std::size_t one = any(random), other = any(random), begin = std::min(one, other), end = std::max(one, other);
      ASSERT_EQ(values.over(begin, end), looked_at(values, begin, end)) << begin << " to " << end << " of " << values.size();
    }
  }
  values.clear();
  EXPECT_EQ(values.size(), 0U);
  values.append(2);
  EXPECT_EQ(values.whole(), (ValueSpan{2, 2}));
}

// Every column by itself: all its points, and the line's height at its two edges.
std::vector<ValueSpan> columns_looked_at(const Points& points, double from, double to, std::size_t columns) {
  std::vector<ValueSpan> spans(columns);
  const auto edge = [&](std::size_t c) { return c == 0 ? from : from + (to - from) * (static_cast<double>(c) / static_cast<double>(columns)); };
  for (std::size_t c = 0; c < columns; ++c) {
    for (std::size_t i = 0; i < points.x.size(); ++i)
      if (points.x[i] >= edge(c) && points.x[i] < edge(c + 1)) spans[c].take(points.y[i]);
    for (const double at : {edge(c), edge(c + 1)})
      for (std::size_t i = 1; i < points.x.size(); ++i)
        if (points.x[i - 1] < at && points.x[i] >= at)
          spans[c].take(points.y[i - 1] + (points.y[i] - points.y[i - 1]) * ((at - points.x[i - 1]) / (points.x[i] - points.x[i - 1])));
  }
  return spans;
}

TEST(Pyramid, CoversInEveryColumnWhatTheLineDoes) {
  std::mt19937 random(11);
  for (const std::size_t count : {1U, 2U, 17U, 900U, 5000U}) {
    const Points points = some_points(random, count);
    const double first = points.x.front(), last = points.x.back();
    std::uniform_real_distribution<double> any(first - 2, last + 2);
    for (int tries = 0; tries < 12; ++tries) {
      const double one = any(random), other = any(random);
      const double from = tries == 0 ? first - 1 : std::min(one, other), to = tries == 0 ? last + 1 : std::max(one, other);
      for (const std::size_t columns : {1U, 7U, 130U}) {
        const auto drawn = coveredColumns(points.x, points.y, from, to, columns), all = columns_looked_at(points, from, to, columns);
        for (std::size_t c = 0; c < columns; ++c) ASSERT_EQ(drawn[c], all[c]) << count << " points, column " << c << " of " << columns << ", " << from << " to " << to;
      }
    }
  }
  EXPECT_TRUE(coveredColumns({}, {}, 0, 1, 3)[1].empty());
}

constexpr int kLong = 200000, kOutlier = 123456, kGapFrom = 50000, kGapTo = 60000;

// A level line with one outlier far above it and one stretch without numbers.
Curve with_outlier_and_gap() {
  Curve curve;
  for (int i = 0; i < kLong; ++i) {
    curve.steps.push_back(i + 1);
    curve.values.push_back(i == kOutlier ? 9 : i >= kGapFrom && i < kGapTo ? kNan : 1 + 0.1 * (i % 7));
  }
  return curve;
}

// Columns of the picture in which the line's colour stands, and its highest row.
std::pair<std::vector<bool>, int> inked(const QImage& picture, const QColor& color) {
  std::vector<bool> columns(static_cast<std::size_t>(picture.width()));
  int top = picture.height();
  for (int y = 0; y < picture.height(); ++y)
    for (int x = 0; x < picture.width(); ++x)
      if (const QColor at = picture.pixelColor(x, y); std::abs(at.red() - color.red()) + std::abs(at.green() - color.green()) + std::abs(at.blue() - color.blue()) < 12) {
        columns[static_cast<std::size_t>(x)] = true;
        top = std::min(top, y);
      }
  return {columns, top};
}

TEST(Charts, KeepOutliersAndGapsOfLongCurves) {
  for (const double ratio : {1.0, 1.5}) {
    SeriesPlot plot(theme(), QStringLiteral("loss"), QStringLiteral("loss"), {}, nullptr);
    plot.addSeries({.name = QStringLiteral("train"), .color = 0});
    plot.resize(600, 300);
    plot.setCurve(0, with_outlier_and_gap());
    plot.refresh();
    QImage picture(QSize(600, 300) * ratio, QImage::Format_RGB32);
    picture.setDevicePixelRatio(ratio);
    picture.fill(theme().palette().surface);
    plot.paintChart(picture, QSize(600, 300));
    const auto [columns, top] = inked(picture, theme().seriesColor(0));
    EXPECT_LT(top, picture.height() / 4) << "the outlier, at " << ratio;
    // what is drawn before and after the gap; the name beside the line's end is letters, none as wide
    std::vector<std::pair<long, long>> parts;
    for (long x = 0, end = 0; x < static_cast<long>(columns.size()); x = end + 1) {
      for (end = x; end < static_cast<long>(columns.size()) && columns[static_cast<std::size_t>(end)];) ++end;
      if (end - x > 100 * ratio) parts.emplace_back(x, end);
    }
    ASSERT_EQ(parts.size(), 2U);
    const long whole = parts[1].second - parts[0].first, longest = parts[1].first - parts[0].second;
    ASSERT_GT(whole, 400 * ratio);
    const double expected = static_cast<double>(kGapTo - kGapFrom) / kLong * static_cast<double>(whole);
    EXPECT_NEAR(static_cast<double>(longest), expected, 2.5) << "the gap, at " << ratio;
  }
}

TEST(Charts, OfLongCurvesAreSmallFiles) {
  SeriesPlot plot(theme(), QStringLiteral("loss"), QStringLiteral("loss"), {}, nullptr);
  plot.addSeries({.name = QStringLiteral("train"), .color = 0, .smooth = true});
  plot.resize(600, 300);
  plot.setCurve(0, with_outlier_and_gap());
  plot.refresh();
  QBuffer file;
  QSvgGenerator svg;
  svg.setOutputDevice(&file);
  svg.setSize({600, 300});
  plot.paintChart(svg, {600, 300});
  EXPECT_LT(file.size(), 1000000);
  EXPECT_GT(file.buffer().count("<path"), 3) << "the line is drawn, on both sides of the gap, not a picture of it";
  EXPECT_FALSE(file.buffer().contains("<image"));
}

// A frame costs what is new: a curve whose last value is no number is not taken for another one.
TEST(Charts, GrowAfterALossThatIsNoNumber) {
  SeriesPlot plot(theme(), QStringLiteral("loss"), QStringLiteral("loss"), {}, nullptr);
  plot.addSeries({.name = QStringLiteral("train"), .smooth = true});
  Curve curve;
  for (int i = 1; i <= 40; ++i) {
    curve.put(i, i % 10 == 0 ? kNan : 1.0 / i);
    plot.setCurve(0, curve);
    ASSERT_EQ(plot.pointCount(0), static_cast<std::size_t>(i));
  }
  curve.values[39] = 3;    // the last step again
  plot.setCurve(0, curve);
  EXPECT_NE(text_of(plot.csv()).find("train,40,3\n"), std::string::npos);
  curve.cutFrom(21);
  curve.put(21, 7);
  plot.setCurve(0, curve);
  EXPECT_EQ(plot.pointCount(0), 21U);
  EXPECT_NE(text_of(plot.csv()).find("train,21,7\n"), std::string::npos);
  plot.setSmoothing(0);
  EXPECT_EQ(plot.pointCount(0), 21U);
}

// A run of four steps, the third of which took longer.
std::shared_ptr<RunHistory> short_run() {
  auto run = std::make_shared<RunHistory>();
  run->totalSteps = 8;
  for (int step = 1; step <= 4; ++step)
    run->apply(StepEvent{.step = step, .loss = 4.0 - step, .grad_norm = 1, .lr = 1e-3, .tokens = 100, .tokens_per_s = 50, .ms = step == 3 ? 5000.0 : 2000.0,
                         .rss_bytes = 1'500'000'000, .epoch = 0.25 * step});
  run->flags.push_back({.kind = Flag::Kind::Edit, .step = 3, .text = QStringLiteral("learning rate 0.001 to 0.0001"), .label = QStringLiteral("lr=0.0001")});
  return run;
}

TEST(LiveCurves, AreDrawnAlongStepsEpochsTokensOrTime) {
  LiveCurves curves(theme(), nullptr);
  curves.show(short_run());
  curves.refresh();
  const auto xs = [&](SeriesPlot* plot) {
    std::vector<double> x;
    for (const auto& line : plot->csv().split(u'\n', Qt::SkipEmptyParts).mid(1)) x.push_back(line.split(u',')[1].toDouble());
    return x;
  };
  EXPECT_EQ(xs(curves.lossPlot()), (std::vector<double>{1, 2, 3, 4}));
  EXPECT_TRUE(curves.lossPlot()->csv().startsWith(QLatin1String("series,step,value\n")));
  curves.chartChoice()->setCurrentIndex(curves.chartChoice()->findData(LiveCurves::Speed));
  const std::vector<std::vector<double>> wanted = {{0.25, 0.5, 0.75, 1}, {100, 200, 300, 400}, {2, 4, 9, 11}};
  for (int axis = 1; axis <= 3; ++axis) {
    curves.axisChoice()->setCurrentIndex(axis);
    EXPECT_EQ(xs(curves.lossPlot()), wanted[static_cast<std::size_t>(axis) - 1]) << axis;
    EXPECT_EQ(xs(curves.speedPlot()).size(), 8u);   // throughput and memory
  }
  EXPECT_TRUE(curves.lossPlot()->csv().startsWith(QLatin1String("series,\"time in steps, s\",value\n")));
  curves.axisChoice()->setCurrentIndex(0);
  EXPECT_EQ(xs(curves.lossPlot()), (std::vector<double>{1, 2, 3, 4}));
}

TEST(LiveCurves, GrowAlongTheChosenAxis) {
  LiveCurves curves(theme(), nullptr);
  const auto run = short_run();
  curves.show(run);
  curves.axisChoice()->setCurrentIndex(2);
  EXPECT_EQ(curves.lossPlot()->pointCount(0), 4u);
  run->apply(StepEvent{.step = 5, .loss = 1, .tokens = 50, .ms = 1000, .epoch = 1.1});
  curves.refresh();
  EXPECT_EQ(curves.lossPlot()->pointCount(0), 5u);
  EXPECT_TRUE(curves.lossPlot()->csv().contains(QLatin1String(",450,1")));
  // resumed at step 4: what followed is written anew, tokens counted from there
  run->apply(Event(StartedEvent{.first_step = 4}));
  run->apply(StepEvent{.step = 4, .loss = 2, .tokens = 70, .ms = 1000, .epoch = 0.9});
  curves.refresh();
  EXPECT_EQ(curves.lossPlot()->pointCount(0), 4u);
  EXPECT_TRUE(curves.lossPlot()->csv().contains(QLatin1String(",370,2")));
}

TEST(Charts, ANameHidesItsCurveAndBringsItBack) {
  LiveCurves curves(theme(), nullptr);
  curves.resize(1200, 260);
  curves.show(short_run());
  curves.QWidget::show();
  curves.refresh();
  auto* rates = curves.chartChoice();
  rates->setCurrentIndex(rates->findData(LiveCurves::Speed));
  for (SeriesPlot* plot : {curves.lossPlot(), curves.speedPlot()}) {
    ASSERT_TRUE(wait_until([&] { return plot->nameRect(0).isValid(); }));
    QSignalSpy told(plot, &SeriesPlot::hiddenByHand);
    const auto inside = plot->findChildren<QWidget*>();
    QWidget* canvas = *std::find_if(inside.begin(), inside.end(), [](const QWidget* w) { return w->inherits("QCustomPlot"); });
    QTest::mouseClick(canvas, Qt::LeftButton, {}, plot->nameRect(0).center());
    EXPECT_TRUE(plot->isHidden(0));
    plot->grab();
    ASSERT_TRUE(plot->nameRect(0).isValid());   // greyed, where it can be clicked again
    QTest::mouseClick(canvas, Qt::LeftButton, {}, plot->nameRect(0).center());
    EXPECT_FALSE(plot->isHidden(0));
    EXPECT_EQ(told.size(), 2);
    // a drag that ends on a name is none
    QTest::mousePress(canvas, Qt::LeftButton, {}, plot->nameRect(0).center() - QPoint(60, 0));
    QTest::mouseRelease(canvas, Qt::LeftButton, {}, plot->nameRect(0).center());
    EXPECT_FALSE(plot->isHidden(0));
  }
}

TEST(FramePace, KeepsToItsShareOfTheMachine) {
  FramePace pace(2);                 // 3 % of one processor
  double wall = 0, cpu = 0;
  int frames = 0;
  while (wall < 60000) {             // a frame costs 6 ms, whatever the steps do
    wall += 33;
    if (const int ms = pace.wait(wall, cpu); ms > 0) {
      wall += ms;
      ASSERT_EQ(pace.wait(wall, cpu), 0) << "it waits once";
    }
    cpu += 6;
    ++frames;
  }
  EXPECT_LE(cpu / wall, 2 * FramePace::kShare * 1.01);   // the last frame's pause is not over
  EXPECT_GT(frames, 250);
  FramePace cheap(2);                // half a millisecond: nobody waits
  for (int i = 0; i < 100; ++i) EXPECT_EQ(cheap.wait(33.0 * i, 0.5 * i), 0);
  FramePace dear(2);                 // not even one of a second stops the page
  EXPECT_EQ(dear.wait(0, 0), 0);
  EXPECT_EQ(dear.wait(100, 1000), FramePace::kLongestMs - 100);
}

}  // namespace
}  // namespace weft::test
