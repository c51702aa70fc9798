// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/live_curves.h"

#include <algorithm>

#include <QStackedWidget>

#include "ui/plots/series_plot.h"
#include "ui/widgets/chart_card.h"

namespace weft::ui {
namespace {

constexpr int kHeight = 208;   // at least, of the cards: below that the page scrolls
constexpr double kSmoothing[] = {0, 0.6, 0.85, 0.95};

}  // namespace

LiveCurves::LiveCurves(Theme& theme, QWidget* parent) : QWidget(parent) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(12);
  row->addWidget(makeLossCard(theme), 4);
  row->addWidget(makeOtherCard(theme), 3);
  for (SeriesPlot* plot : m_plots) connect(plot, &PlotFrame::cursorMoved, this, &LiveCurves::shareCursor);
  connect(m_axis, &QComboBox::currentIndexChanged, this, &LiveCurves::drawAlong);
}

QWidget* LiveCurves::makeLossCard(Theme& theme) {
  const auto card = makeChartCard(tr("Loss"), nullptr, this);
  card.frame->setMinimumHeight(kHeight);
  m_loss = new SeriesPlot(theme, QStringLiteral("loss"), tr("loss, nats a token"), {}, card.frame);
  m_loss->addSeries({.name = tr("train"), .color = 0, .smooth = true});
  m_loss->addSeries({.name = tr("hold-out"), .color = 3, .dash = Qt::DashLine, .points = true});
  m_loss->setEmptyText(tr("The loss appears from the first step."));
  m_axis = makeTool({tr("step"), tr("epoch"), tr("tokens"), tr("time")}, tr("axis of the curves"), card.frame);
  m_scale = makeTool({tr("linear"), tr("log")}, tr("scale of the loss axis"), card.frame);
  m_smoothing = makeTool({tr("no smoothing"), tr("smoothing 0.60"), tr("smoothing 0.85"), tr("smoothing 0.95")}, tr("smoothing of the training loss"), card.frame);
  m_smoothing->setCurrentIndex(2);
  connect(m_scale, &QComboBox::currentIndexChanged, this, [this](int i) { m_loss->setLogY(i == 1); });
  connect(m_smoothing, &QComboBox::currentIndexChanged, this, [this](int i) { m_loss->setSmoothing(kSmoothing[std::clamp(i, 0, 3)]); });
  for (QComboBox* tool : {m_axis, m_scale, m_smoothing}) card.header->addWidget(tool);
  card.body->addWidget(m_loss);
  return card.frame;
}

QWidget* LiveCurves::makeOtherCard(Theme& theme) {
  const auto card = makeChartCard({}, nullptr, this);
  card.frame->setMinimumHeight(kHeight);
  m_charts = new QStackedWidget(card.frame);
  m_rates = new SeriesPlot(theme, QStringLiteral("gradient-norm-and-learning-rate"), tr("gradient 2-norm"), tr("learning rate"), m_charts);
  m_rates->addSeries({.name = tr("gradient"), .color = 2, .digits = 3});
  m_rates->addSeries({.name = tr("rate"), .color = 1, .dash = Qt::DashLine, .rightAxis = true, .scientific = true});
  m_rates->setEmptyText(tr("Both appear from the first step."));
  m_speed = new SeriesPlot(theme, QStringLiteral("throughput-and-memory"), tr("tokens / s"), tr("memory, GB"), m_charts);
  m_speed->addSeries({.name = tr("throughput"), .color = 0, .digits = 0});
  m_speed->addSeries({.name = tr("memory"), .color = 1, .dash = Qt::DashLine, .rightAxis = true});
  m_speed->setEmptyText(tr("Both appear from the first step."));
  m_ranks = new SeriesPlot(theme, QStringLiteral("ranks-in-use"), tr("ranks, all matrices"), tr("ranks, the chosen matrix"), m_charts);
  m_ranks->addSeries({.name = tr("all"), .color = 0, .points = true, .digits = 0});
  m_ranks->addSeries({.name = tr("chosen"), .color = 3, .dash = Qt::DashLine, .points = true, .rightAxis = true, .digits = 0});
  m_passes = new SeriesPlot(theme, QStringLiteral("divergence-of-passes"), tr("divergence, nats a token"), {}, m_charts);
  m_passes->addSeries({.name = tr("passes apart"), .color = 0, .smooth = true, .digits = 4});
  for (SeriesPlot* plot : {m_rates, m_speed, m_ranks, m_passes}) m_charts->addWidget(plot);   // in the order of Chart
  m_plots = {m_loss, m_rates, m_speed, m_ranks, m_passes};
  m_title = card.title;
  m_chart = makeTool({}, tr("what is drawn over the steps"), card.frame);
  connect(m_chart, &QComboBox::currentIndexChanged, this, [this] {
    const int chart = m_chart->currentData().toInt();
    const QString titles[] = {tr("Gradient norm, learning rate"), tr("Throughput, memory"), tr("Ranks in use"), tr("Divergence of the two passes")};
    m_title->setWholeText(titles[chart]);
    m_charts->setCurrentIndex(chart);
    fill(*m_plots[static_cast<std::size_t>(chart) + 1]);
  });
  m_chart->addItem(tr("rates"), Rates);
  m_chart->addItem(tr("speed"), Speed);
  card.header->addWidget(m_chart);
  card.body->addWidget(m_charts);
  return card.frame;
}

RunAxis LiveCurves::axis() const { return static_cast<RunAxis>(m_axis->currentIndex()); }

void LiveCurves::show(std::shared_ptr<RunHistory> run) {
  m_run = std::move(run);
  m_site = -1;
  for (SeriesPlot* plot : m_plots) plot->clear();
  offer();
}

void LiveCurves::chooseSite(int site) {
  m_site = site;
  m_ranks->setCurve(1, {});   // another matrix's
  refresh();
}

void LiveCurves::drawAlong() {
  const RunAxis axis = this->axis();
  const QString titles[] = {tr("step"), tr("epoch"), tr("tokens"), tr("time in steps, s")};
  for (SeriesPlot* plot : m_plots) {
    plot->clear();
    plot->setX(titles[static_cast<int>(axis)], axis == RunAxis::Step || axis == RunAxis::Tokens);
    plot->setAlong(axis == RunAxis::Step ? SeriesPlot::Along() : [this, axis](double step) { return m_run ? m_run->progress.along(axis, step) : step; });
    plot->setCursor({});
  }
  refresh();
}

// A chart that a run has not is not to be chosen.
void LiveCurves::offer() {
  const std::pair<QString, Chart> charts[] = {{tr("ranks"), Ranks}, {tr("passes"), Passes}};
  for (const auto& [name, chart] : charts) {
    const bool wanted = m_run && (chart == Ranks ? !m_run->ranks.empty() : !m_run->consistency.steps.empty());
    const int at = m_chart->findData(chart);
    if (wanted && at < 0) m_chart->addItem(name, chart);
    if (!wanted && at >= 0) m_chart->removeItem(at);
  }
}

void LiveCurves::refresh() {
  offer();
  fill(*m_loss);
  fill(*m_plots[static_cast<std::size_t>(m_charts->currentIndex()) + 1]);
}

void LiveCurves::fill(SeriesPlot& plot) {
  if (m_run) {
    if (&plot == m_loss) {
      plot.setCurve(0, m_run->loss);
      plot.setCurve(1, m_run->evalLoss);
    } else if (&plot == m_rates) {
      plot.setCurve(0, m_run->gradNorm);
      plot.setCurve(1, m_run->lr);
    } else if (&plot == m_speed) {
      plot.setCurve(0, m_run->tokensPerS);
      plot.setCurve(1, m_run->memory);
    } else if (&plot == m_ranks) {
      plot.setCurve(0, m_run->ranksInUse);
      plot.setCurve(1, m_run->ranksOf(m_site));
    } else {
      plot.setCurve(0, m_run->consistency);
    }
    plot.setTotalSteps(m_run->totalSteps);
    plot.setFlags(m_run->flags);
  }
  plot.refresh();
}

void LiveCurves::shareCursor(std::optional<double> x) {
  for (SeriesPlot* plot : m_plots) plot->setCursor(x);
}

}  // namespace weft::ui
