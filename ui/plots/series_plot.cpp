// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/series_plot.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/models/number_text.h"
#include "ui/plots/chart_table.h"
#include "ui/plots/qcustomplot.h"

namespace weft::ui {
namespace {

// Tick labels such as 2e-4 where fixed ones would be long.
class ShortTicker final : public QCPAxisTicker {
 protected:
  QString getTickLabel(double tick, const QLocale&, QChar, int) override { return shortNumber(std::abs(tick) < 1e-15 ? 0.0 : tick); }
};

class ShortLogTicker final : public QCPAxisTickerLog {
 protected:
  QString getTickLabel(double tick, const QLocale&, QChar, int) override { return shortNumber(tick); }
};

class StepTicker final : public QCPAxisTicker {
 protected:
  double getTickStep(const QCPRange& range) override { return std::max(1.0, QCPAxisTicker::getTickStep(range)); }
  QString getTickLabel(double tick, const QLocale&, QChar, int) override { return grouped(static_cast<std::int64_t>(std::llround(tick))); }
};

}  // namespace

SeriesPlot::SeriesPlot(Theme& theme, const QString& name, const QString& yTitle, const QString& rightTitle, QWidget* parent)
    : PlotFrame(theme, parent), m_name(name), m_xTitle(tr("step")), m_yTitle(yTitle), m_rightTitle(rightTitle) {
  setAccessibleName(name);
  m_plot->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new StepTicker));
  m_plot->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new ShortTicker));
  m_plot->yAxis2->setTicker(QSharedPointer<QCPAxisTicker>(new ShortTicker));
  m_plot->yAxis2->setVisible(!rightTitle.isEmpty());
  m_plot->axisRect()->setRangeDragAxes({m_plot->xAxis}, {m_plot->yAxis, m_plot->yAxis2});
  m_plot->axisRect()->setRangeZoomAxes({m_plot->xAxis}, {m_plot->yAxis, m_plot->yAxis2});
  m_plot->xAxis->setRange(0, 60);
  m_plot->yAxis->setRange(0, 4);
  m_plot->setBackground(QBrush(theme.palette().surface));
  restyle();
}

int SeriesPlot::addSeries(const SeriesStyle& style) {
  Series series;
  series.style = style;
  QCPAxis* y = style.rightAxis ? m_plot->yAxis2 : m_plot->yAxis;
  if (style.smooth) series.raw = m_plot->addGraph(m_plot->xAxis, y);
  series.line = m_plot->addGraph(m_plot->xAxis, y);
  m_series.push_back(std::move(series));
  restyle();
  return static_cast<int>(m_series.size()) - 1;
}

void SeriesPlot::restyle() {
  const Palette& p = m_theme.palette();
  styleAxis(m_plot->xAxis, m_xTitle, false);
  styleAxis(m_plot->yAxis, m_yTitle, true);
  styleAxis(m_plot->yAxis2, m_rightTitle, false);
  m_plot->yAxis->ticker()->setTickCount(5);
  m_plot->yAxis2->ticker()->setTickCount(5);
  for (auto& series : m_series) {
    const QColor color = m_theme.seriesColor(series.style.color);
    series.line->setPen(QPen(color, 1.5, series.style.dash));
    series.line->setAntialiased(true);
    if (series.style.points)
      series.line->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(color, 1.5), QBrush(p.surface), 7));
    if (series.raw) {
      QColor faint = color;
      faint.setAlphaF(p.dark ? 0.40F : 0.35F);
      series.raw->setPen(QPen(faint, 1));
      series.raw->setAntialiased(true);
    }
  }
}

// Takes the curve from the series' own length on; what is there already stays, so that a frame costs what is new.
void SeriesPlot::append(Series& series, const Curve& curve) {
  const std::size_t had = series.steps.size(), fresh = curve.steps.size() - had;
  if (fresh == 0) return;
  QVector<QCPGraphData> raw, line;
  if (series.raw) raw.reserve(static_cast<qsizetype>(fresh));
  line.reserve(static_cast<qsizetype>(fresh));
  for (std::size_t i = had; i < curve.steps.size(); ++i) {
    const double step = curve.steps[i], value = curve.values[i];
    series.lastShown = value;
    if (std::isfinite(value)) {
      series.low = std::min(series.low, value);
      series.high = std::max(series.high, value);
      if (value > 0) series.lowPositive = std::min(series.lowPositive, value);
      if (series.style.smooth) {
        series.ema = m_smoothing * series.ema + (1 - m_smoothing) * value;
        series.weight = m_smoothing * series.weight + (1 - m_smoothing);
        series.lastShown = series.ema / series.weight;
      }
    }
    if (series.raw) raw.append({step, value});
    line.append({step, series.lastShown});
  }
  series.steps.insert(series.steps.end(), curve.steps.begin() + static_cast<std::ptrdiff_t>(had), curve.steps.end());
  series.values.insert(series.values.end(), curve.values.begin() + static_cast<std::ptrdiff_t>(had), curve.values.end());
  if (series.raw) series.raw->data()->add(raw, /*alreadySorted=*/true);
  series.line->data()->add(line, /*alreadySorted=*/true);
}

void SeriesPlot::rebuild(Series& series, const Curve& curve) {
  series.steps.clear();
  series.values.clear();
  series.ema = series.weight = 0;
  series.low = series.lowPositive = std::numeric_limits<double>::infinity();
  series.high = -series.low;
  if (series.raw) series.raw->data()->clear();
  series.line->data()->clear();
  append(series, curve);
}

void SeriesPlot::setCurve(int index, const Curve& curve) {
  auto& series = m_series[static_cast<std::size_t>(index)];
  const std::size_t had = series.steps.size();
  const bool grown = curve.steps.size() >= had &&
                     (had == 0 || (curve.steps[had - 1] == series.steps.back() && curve.steps.front() == series.steps.front() &&
                                   curve.values[had - 1] == series.values.back()));
  if (grown)
    append(series, curve);
  else
    rebuild(series, curve);
}

void SeriesPlot::setFlags(const std::vector<Flag>& flags) {
  if (flags.size() != m_flags.size() || flags.empty()) m_flags = flags;
}

void SeriesPlot::setName(int series, const QString& name, const QString& reading) {
  Series& named = m_series[static_cast<std::size_t>(series)];
  named.style.name = name;
  named.reading = reading;
}

void SeriesPlot::setX(const QString& title, bool whole) {
  m_xTitle = title;
  m_wholeX = whole;
  m_plot->xAxis->setTicker(whole ? QSharedPointer<QCPAxisTicker>(new StepTicker) : QSharedPointer<QCPAxisTicker>(new ShortTicker));
  restyle();
}

double SeriesPlot::cursorAt() const { return m_wholeX ? std::round(*cursorX()) : *cursorX(); }

void SeriesPlot::setTotalSteps(std::int64_t steps) { m_totalSteps = steps; }

void SeriesPlot::setSmoothing(double factor) {
  m_smoothing = std::clamp(factor, 0.0, 0.999);
  for (auto& series : m_series)
    if (series.style.smooth) rebuild(series, {.steps = std::move(series.steps), .values = std::move(series.values)});
  refresh();
}

void SeriesPlot::setLogY(bool on) {
  m_logY = on;
  m_plot->yAxis->setScaleType(on ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
  m_plot->yAxis->setTicker(on ? QSharedPointer<QCPAxisTicker>(new ShortLogTicker) : QSharedPointer<QCPAxisTicker>(new ShortTicker));
  m_plot->yAxis->ticker()->setTickCount(5);
  resetRange();
  replotSoon();
}

void SeriesPlot::clear() {
  for (auto& series : m_series) rebuild(series, {});
  m_flags.clear();
  m_totalSteps = 0;
}

void SeriesPlot::refresh() {
  if (follows()) resetRange();
  replotSoon();
}

void SeriesPlot::resetRange() {
  double last = static_cast<double>(m_totalSteps);
  for (const bool right : {false, true}) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const auto& series : m_series) {
      if (!series.steps.empty()) last = std::max(last, series.steps.back());
      if (series.style.rightAxis != right) continue;
      low = std::min(low, m_logY ? series.lowPositive : series.low);
      high = std::max(high, series.high);
    }
    QCPAxis* axis = right ? m_plot->yAxis2 : m_plot->yAxis;
    if (low > high) continue;             // nothing to show, or nothing above 0 on a logarithmic axis
    if (m_logY && !right) {
      axis->setRange(low / 1.1, high * 1.1);
      continue;
    }
    if (right) low = std::min(low, 0.0);
    const double pad = high > low ? (high - low) * 0.07 : std::max(std::abs(high) * 0.1, 1e-9);
    axis->setRange(right && low == 0 ? 0 : low - pad, high + pad);
  }
  m_plot->xAxis->setRange(-0.015 * std::max(last, 1.0), std::max(last, 1.0) * 1.015);
}

bool SeriesPlot::isEmpty() const {
  return std::all_of(m_series.begin(), m_series.end(), [](const Series& s) { return s.steps.empty(); });
}

QString SeriesPlot::number(const Series& series, double value) const {
  return series.style.scientific ? shortNumber(value) : fixed(value, series.style.digits);
}

void SeriesPlot::paintOver(QCPPainter& painter) {
  paintFlags(painter);
  if (cursorX())
    paintCursor(painter);
  else
    paintNames(painter);
}

void SeriesPlot::paintFlags(QCPPainter& painter) {
  const QRect box = plotRect();
  const Palette& p = m_theme.palette();
  for (const auto& flag : m_flags) {
    if (flag.kind == Flag::Kind::Evaluation) continue;  // drawn as points
    const double x = m_plot->xAxis->coordToPixel(static_cast<double>(flag.step));
    if (x < box.left() || x > box.right()) continue;
    const bool edit = flag.kind == Flag::Kind::Edit;
    painter.setPen(edit ? QPen(p.text, 1) : QPen(p.disabled, 1, Qt::DotLine));
    painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()));
    painter.setPen(Qt::NoPen);
    painter.setBrush(flag.kind == Flag::Kind::Warning ? p.warning : edit ? p.text : p.accent);
    if (edit)
      painter.drawPolygon(QPolygonF({QPointF(x, box.bottom() - 9), QPointF(x + 4, box.bottom() - 5), QPointF(x, box.bottom() - 1), QPointF(x - 4, box.bottom() - 5)}));
    else
      painter.drawPolygon(QPolygonF({QPointF(x, box.bottom() - 9), QPointF(x + 6, box.bottom() - 5), QPointF(x, box.bottom() - 1)}));
  }
  paintFlagWords(painter);
}

// What was changed comes first, then what there is room for.
void SeriesPlot::paintFlagWords(QCPPainter& painter) {
  const QRect box = plotRect();
  const Palette& p = m_theme.palette();
  constexpr int kRows = 2, kRowHeight = 14;
  std::vector<std::pair<double, double>> taken[kRows];
  painter.setFont(m_theme.text(11));
  for (const bool edits : {true, false})
    for (const auto& flag : m_flags) {
      if (flag.kind == Flag::Kind::Evaluation || (flag.kind == Flag::Kind::Edit) != edits) continue;
      const double x = m_plot->xAxis->coordToPixel(static_cast<double>(flag.step));
      if (x < box.left() || x > box.right()) continue;
      const QString word = !flag.label.isEmpty() ? flag.label : flag.kind == Flag::Kind::Warning ? tr("warning") : tr("checkpoint");
      const double begin = x + 4, end = begin + QFontMetrics(painter.font()).horizontalAdvance(word);
      for (int row = 0; row < (edits ? kRows : 1) && end <= box.right(); ++row) {
        const auto meets = [&](const auto& other) { return begin < other.second + 8 && other.first < end + 8; };
        if (std::any_of(taken[row].begin(), taken[row].end(), meets)) continue;
        const double top = box.top() + row * kRowHeight;
        if (edits) painter.fillRect(QRectF(begin - 1, top, end - begin + 2, kRowHeight), p.surface);   // another flag's line may pass behind it
        painter.setPen(edits ? p.text : p.secondary);
        painter.drawText(QPointF(begin, top + 11), word);
        taken[row].emplace_back(begin, end);
        break;
      }
    }
}

void SeriesPlot::paintCursor(QCPPainter& painter) {
  const QRect box = plotRect();
  const Palette& p = m_theme.palette();
  const double x = m_plot->xAxis->coordToPixel(cursorAt());
  if (x < box.left() || x > box.right()) return;
  painter.setPen(QPen(p.secondary, 1));
  painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()));
  painter.setFont(m_theme.mono(11));
  const int line = QFontMetrics(painter.font()).height() + 2;
  const bool left = x > box.center().x();
  const Qt::Alignment side = left ? Qt::AlignLeft : Qt::AlignRight;
  const int at = static_cast<int>(x) + (left ? -6 : 6);
  int y = box.top() + line / 2 + 14;
  paintLabel(painter, {at, y}, QStringLiteral("%1 %2").arg(m_xTitle, m_wholeX ? grouped(std::llround(cursorAt())) : fixed(cursorAt(), 1)), p.text, side);
  for (const auto& flag : m_flags)
    if (flag.kind == Flag::Kind::Edit && std::abs(static_cast<double>(flag.step) - cursorAt()) < 1) paintLabel(painter, {at, y += line}, flag.text, p.text, side);
  for (const auto& series : m_series) {
    const auto after = std::upper_bound(series.steps.begin(), series.steps.end(), cursorAt());
    if (after == series.steps.begin()) continue;
    const auto i = static_cast<std::size_t>(after - series.steps.begin()) - 1;
    const double shown = series.line->data()->at(static_cast<int>(i))->value;
    QString text = QStringLiteral("%1 %2").arg(series.style.name, number(series, shown));
    if (series.style.smooth) text += tr(" (raw %1)").arg(number(series, series.values[i]));
    y += line;
    paintLabel(painter, {at, y}, text, m_theme.seriesColor(series.style.color), side);
  }
}

void SeriesPlot::paintNames(QCPPainter& painter) {
  struct Name {
    QPoint at;
    QString text;
    QColor color;
  };
  std::vector<Name> names;
  for (const auto& series : m_series) {
    if (series.steps.empty()) continue;
    const QCPAxis* y = series.line->valueAxis();
    const int px = static_cast<int>(m_plot->xAxis->coordToPixel(series.steps.back())), py = static_cast<int>(y->coordToPixel(series.lastShown));
    if (!plotRect().adjusted(-2, -2, 2, 2).contains(px, py)) continue;
    names.push_back({{px + 6, py}, QStringLiteral("%1 %2").arg(series.style.name, series.reading.isEmpty() ? number(series, series.lastShown) : series.reading),
                     m_theme.seriesColor(series.style.color)});
  }
  std::sort(names.begin(), names.end(), [](const Name& a, const Name& b) { return a.at.y() < b.at.y(); });
  painter.setFont(m_theme.text(11));
  const int line = QFontMetrics(painter.font()).height() + 3;
  // at the lines' ends while there is room beside them, else in the corner that falling curves leave free
  const bool atEdge = std::any_of(names.begin(), names.end(), [&](const Name& n) {
    return n.at.x() + QFontMetrics(painter.font()).horizontalAdvance(n.text) + 12 > plotRect().right();
  });
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (atEdge)
      names[i].at = plotRect().topRight() + QPoint(-4, 26 + static_cast<int>(i) * line);
    else if (i > 0)
      names[i].at.ry() = std::max(names[i].at.y(), names[i - 1].at.y() + line);
    paintLabel(painter, names[i].at, names[i].text, names[i].color, atEdge ? Qt::AlignLeft : Qt::AlignRight);
  }
}

QString SeriesPlot::summary() const {
  QStringList parts;
  for (const auto& series : m_series)
    if (!series.steps.empty())
      parts.append(tr("%1: %2 points, %3 %4 to %5, last %6").arg(series.style.name, grouped(static_cast<std::int64_t>(series.steps.size())), m_xTitle,
                                                                  shortNumber(series.steps.front()), shortNumber(series.steps.back()), number(series, series.values.back())));
  return parts.join(QStringLiteral("; "));
}

QString SeriesPlot::csv() const {
  QString text = QStringLiteral("series,step,value\n");
  for (const auto& series : m_series)
    for (std::size_t i = 0; i < series.steps.size(); ++i)
      text += QStringLiteral("%1,%2,%3\n").arg(csvField(series.style.name)).arg(series.steps[i], 0, 'g', 12).arg(series.values[i], 0, 'g', 9);
  return text;
}

}  // namespace weft::ui
