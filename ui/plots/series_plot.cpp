// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/series_plot.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include <QMenu>

#include "ui/plots/chart_table.h"
#include "ui/plots/curve_line.h"
#include "ui/plots/index_ticker.h"
#include "ui/plots/log_ticker.h"

namespace weft::ui {
namespace {

constexpr int kRowHeight = 14;   // of the words above the curves
constexpr int kLegendGap = 6;    // from the legend to the numbers of the axes below it
constexpr int kAxisRoom = 64, kTickRoom = 48;   // of an axis with title and numbers; of a number along x
constexpr int kKeyWidth = 16;    // a line's sample beside its name
constexpr double kNextFlag = 3;      // pixels between two checkpoints that are drawn

// Tick labels such as 2e-4 where fixed ones would be long.
class ShortTicker final : public QCPAxisTicker {
 protected:
  QString getTickLabel(double tick, const QLocale&, QChar, int) override { return shortNumber(std::abs(tick) < 1e-15 ? 0.0 : tick); }
};

class StepTicker final : public QCPAxisTicker {
 protected:
  double getTickStep(const QCPRange& range) override {
    const double step = QCPAxisTicker::getTickStep(range);
    return step == 2.5 ? 4 : std::max(1.0, std::floor(step));   // 2 would crowd them
  }
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
  // as many marks along x as there is room for their numbers
  connect(m_plot, &QCustomPlot::beforeReplot, this, [this] {
    const int inner = width() - kAxisRoom - m_plot->axisRect()->minimumMargins().right() - (hasRightAxis() ? kAxisRoom : 0);
    m_plot->xAxis->ticker()->setTickCount(std::clamp(inner / kTickRoom, 2, 7));
  });
  restyle();
}

int SeriesPlot::addSeries(const SeriesStyle& style) {
  Series& series = m_series.emplace_back();
  series.style = style;
  QCPAxis* y = style.rightAxis ? m_plot->yAxis2 : m_plot->yAxis;
  if (style.smooth) series.raw = new CurveLine(m_plot->xAxis, y, series.steps, series.values);
  series.line = new CurveLine(m_plot->xAxis, y, series.steps, series.shown());
  if (style.digits == 0) y->setTicker(QSharedPointer<QCPAxisTicker>(new StepTicker));   // counts
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
    series.line->setPen(series.style.run ? m_theme.runPen(series.style.color, 1.5) : QPen(color, 1.5, series.style.dash));
    series.line->setAntialiased(true);
    if (series.style.points) series.line->setCircles(p.surface);
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
  for (std::size_t i = series.steps.size(); i < curve.steps.size(); ++i) {
    const double value = curve.values[i];
    if (i == 0) series.firstStep = curve.steps[i];
    series.lastStep = curve.steps[i];
    series.steps.push_back(xOf(curve.steps[i]));
    series.values.append(value);
    if (value > 0 && std::isfinite(value)) series.lowPositive = std::min(series.lowPositive, value);
  }
  if (series.style.smooth) smoothOn(series);
}

void SeriesPlot::smoothOn(Series& series) {
  for (std::size_t i = series.smoothed.size(); i < series.values.size(); ++i) {
    double value = series.values[i];
    if (std::isfinite(value)) {
      series.ema = m_smoothing * series.ema + (1 - m_smoothing) * value;
      series.weight = m_smoothing * series.weight + (1 - m_smoothing);
      value = series.ema / series.weight;
    }
    series.smoothed.append(value);
  }
}

void SeriesPlot::empty(Series& series) {
  series.steps.clear();
  series.values.clear();
  series.smoothed.clear();
  series.ema = series.weight = 0;
  series.lowPositive = std::numeric_limits<double>::infinity();
}

void SeriesPlot::setCurve(int index, const Curve& curve) {
  auto& series = m_series[static_cast<std::size_t>(index)];
  const std::size_t had = series.steps.size();
  const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  const bool grown = curve.steps.size() >= had &&
                     (had == 0 || (curve.steps[had - 1] == series.lastStep && curve.steps.front() == series.firstStep &&
                                   same(curve.values[had - 1], series.values.back())));
  if (!grown) empty(series);
  append(series, curve);
}

void SeriesPlot::setFlags(const std::vector<Flag>& flags) {
  if (flags.size() == m_knownFlags && !flags.empty()) return;
  m_knownFlags = flags.size();
  m_flags.clear();
  std::copy_if(flags.begin(), flags.end(), std::back_inserter(m_flags), [](const Flag& flag) { return flag.kind != Flag::Kind::Evaluation; });
}

void SeriesPlot::setName(int series, const QString& name, const QString& reading) {
  Series& named = m_series[static_cast<std::size_t>(series)];
  named.style.name = name;
  named.reading = reading;
}

void SeriesPlot::setX(const QString& title, bool whole, int first) {
  m_xTitle = title;
  m_firstX = first;
  m_wholeX = whole;
  m_plot->xAxis->setTicker(whole && first == 1 ? QSharedPointer<QCPAxisTicker>(new IndexTicker)
                           : whole             ? QSharedPointer<QCPAxisTicker>(new StepTicker)
                                               : QSharedPointer<QCPAxisTicker>(new ShortTicker));
  restyle();
}

double SeriesPlot::cursorAt() const { return m_wholeX ? std::round(*cursorX()) : *cursorX(); }

void SeriesPlot::setTotalSteps(std::int64_t steps) { m_totalSteps = steps; }

void SeriesPlot::setSmoothing(double factor) {
  m_smoothing = std::clamp(factor, 0.0, 0.999);
  for (auto& series : m_series)
    if (series.style.smooth) {
      series.smoothed.clear();
      series.ema = series.weight = 0;
      smoothOn(series);
    }
  refresh();
}

void SeriesPlot::setLogY(bool on) {
  m_logY = on;
  m_plot->yAxis->setScaleType(on ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
  m_plot->yAxis->setTicker(on ? QSharedPointer<QCPAxisTicker>(new LogTicker) : QSharedPointer<QCPAxisTicker>(new ShortTicker));
  m_plot->yAxis->ticker()->setTickCount(5);
  resetRange();
  replotSoon();
}

void SeriesPlot::setHidden(int index, bool hidden) {
  Series& series = m_series[static_cast<std::size_t>(index)];
  series.hidden = hidden;
  for (CurveLine* line : {series.raw, series.line})
    if (line) line->setVisible(!hidden);
  refresh();
}

int SeriesPlot::seriesAt(const QPoint& at) const {
  for (std::size_t i = 0; i < m_series.size(); ++i)
    if (m_series[i].nameRect.contains(at)) return static_cast<int>(i);
  return -1;
}

void SeriesPlot::toggle(int series) {
  const bool hidden = !isHidden(series);
  setHidden(series, hidden);
  Q_EMIT hiddenByHand(series, hidden);
}

void SeriesPlot::clicked(const QPoint& at) {
  if (const int series = seriesAt(at); series >= 0) toggle(series);
}

void SeriesPlot::addActions(QMenu& menu) {
  menu.addSeparator();
  for (std::size_t i = 0; i < m_series.size(); ++i) {
    if (m_series[i].steps.empty()) continue;
    auto* shown = menu.addAction(tr("Show %1").arg(m_series[i].style.name), this, [this, i] { toggle(static_cast<int>(i)); });
    shown->setCheckable(true);
    shown->setChecked(!m_series[i].hidden);
  }
}

QColor SeriesPlot::colorOf(const Series& series) const {
  return series.hidden ? m_theme.palette().disabled : m_theme.seriesColor(series.style.color);
}

void SeriesPlot::clear() {
  for (auto& series : m_series) empty(series);
  m_flags.clear();
  m_knownFlags = 0;
  m_totalSteps = 0;
}

void SeriesPlot::refresh() {
  if (follows()) resetRange();
  makeRoom();
  replotSoon();
}

int SeriesPlot::wordRows() const {
  if (m_knownFlags == 0) return 0;   // a run has some from its first evaluation on: the curves do not jump later
  const auto edits = std::count_if(m_flags.begin(), m_flags.end(), [](const Flag& f) { return f.kind == Flag::Kind::Edit; });
  return edits > 1 ? 2 : edits > 0 || !hasRightAxis() ? 1 : 0;
}

QColor SeriesPlot::toneOf(const Flag& flag) const { return flag.series < 0 ? m_theme.palette().text : m_theme.seriesColor(flag.series); }

std::size_t SeriesPlot::countTo(const Series& series, double x) {
  return static_cast<std::size_t>(std::upper_bound(series.steps.begin(), series.steps.end(), x) - series.steps.begin());
}

QString SeriesPlot::nameOf(const Series& series) const {
  QString value = series.reading.isEmpty() ? number(series, series.shown().back()) : series.reading;
  if ((m_readAtNames || hasRightAxis()) && cursorX()) {
    const std::size_t count = countTo(series, cursorAt());
    value = count == 0 ? QStringLiteral("–") : number(series, series.shown()[count - 1]);
  }
  return QStringLiteral("%1 %2").arg(series.style.name, value);
}

void SeriesPlot::makeRoom() {
  constexpr int kLeft = 8, kTop = 8, kRight = 12, kBottom = 8;
  int top = kTop + wordRows() * kRowHeight, right = kRight;
  if (hasRightAxis()) {
    top += kRowHeight + kLegendGap;
  } else {
    const QFontMetrics metrics(m_theme.text(11));
    int widest = 0;
    for (const auto& series : m_series)
      if (!series.steps.empty()) widest = std::max(widest, metrics.horizontalAdvance(nameOf(series)));
    if (widest > 0) right = (widest + 14 + 7) / 8 * 8;   // in steps, so that a digit more does not move the curves
  }
  m_plot->axisRect()->setMinimumMargins(QMargins(kLeft, top, right, kBottom));
}

void SeriesPlot::resetRange() {
  double last = xOf(static_cast<double>(m_totalSteps));
  for (const bool right : {false, true}) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const auto& series : m_series) {
      if (!series.steps.empty()) last = std::max(last, series.steps.back());
      if (series.style.rightAxis != right || series.hidden) continue;
      const ValueSpan span = m_lastX ? series.values.over(0, countTo(series, *m_lastX)) : series.values.whole();
      low = std::min(low, !m_logY || (m_lastX && span.low > 0) ? span.low : series.lowPositive);
      high = std::max(high, span.high);
    }
    QCPAxis* axis = right ? m_plot->yAxis2 : m_plot->yAxis;
    if (low > high) continue;             // nothing to show, or nothing above 0 on a logarithmic axis
    if (m_logY && !right) {
      const double room = std::max(1.1, std::pow(high / low, 0.05));   // the same share of the axis, however many decades it spans
      axis->setRange(low / room, high * room);
      continue;
    }
    if (right) low = std::min(low, 0.0);
    const double pad = high > low ? (high - low) * 0.07 : std::max(std::abs(high) * 0.1, 1e-9);
    axis->setRange(right && low == 0 ? 0 : low - pad, high + pad);
  }
  const double end = std::max(m_lastX ? std::min(last, *m_lastX) : last, m_firstX + 1.0);
  m_plot->xAxis->setRange(m_firstX > 0 ? m_firstX - 0.5 : -0.015 * end, m_firstX > 0 ? end + 0.5 : end * 1.015);
}

bool SeriesPlot::isEmpty() const {
  return std::all_of(m_series.begin(), m_series.end(), [](const Series& s) { return s.steps.empty(); });
}

QString SeriesPlot::number(const Series& series, double value) const {
  return series.style.scientific ? shortNumber(value) : fixed(value, series.style.digits);
}

void SeriesPlot::paintOver(QCPPainter& painter) {
  paintFlags(painter);
  if (cursorX()) paintCursor(painter);
  if (hasRightAxis())
    paintLegend(painter);
  else if (m_readAtNames || !cursorX())
    paintNames(painter);
  else
    for (auto& series : m_series) series.nameRect = {};   // what is not seen is not clicked
}

void SeriesPlot::paintFlags(QCPPainter& painter) {
  const QRect box = plotRect();
  const Palette& p = m_theme.palette();
  double drawn = -1e9;
  for (const auto& flag : m_flags) {
    const double x = m_plot->xAxis->coordToPixel(placeOf(flag));
    if (x < box.left() || x > box.right()) continue;
    const bool edit = flag.kind == Flag::Kind::Edit;
    if (flag.kind == Flag::Kind::Checkpoint && flag.label.isEmpty() && x - drawn < kNextFlag) continue;   // hundreds of them are one band anyway
    drawn = x;
    painter.setPen(edit ? QPen(toneOf(flag), 1) : QPen(p.disabled, 1, Qt::DotLine));
    painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()));
    painter.setPen(Qt::NoPen);
    painter.setBrush(flag.kind == Flag::Kind::Warning ? p.warning : edit ? toneOf(flag) : p.accent);
    if (edit)
      painter.drawPolygon(QPolygonF({QPointF(x, box.bottom() - 9), QPointF(x + 4, box.bottom() - 5), QPointF(x, box.bottom() - 1), QPointF(x - 4, box.bottom() - 5)}));
    else
      painter.drawPolygon(QPolygonF({QPointF(x, box.bottom() - 9), QPointF(x + 6, box.bottom() - 5), QPointF(x, box.bottom() - 1)}));
  }
  paintFlagWords(painter);
}

// In the rows above the curves: what was changed comes first, then what there is room for.
void SeriesPlot::paintFlagWords(QCPPainter& painter) {
  const QRect box = plotRect();
  const Palette& p = m_theme.palette();
  const int rows = wordRows();
  std::vector<std::vector<std::pair<double, double>>> taken(static_cast<std::size_t>(rows));
  painter.setFont(m_theme.text(11));
  for (const bool edits : {true, false}) {
    double full = -1e9;                 // up to here the row of the others is taken
    for (const auto& flag : m_flags) {
      if ((flag.kind == Flag::Kind::Edit) != edits) continue;
      if (!edits && hasRightAxis()) continue;   // a small chart beside one that says it
      const double x = m_plot->xAxis->coordToPixel(placeOf(flag));
      if (x < box.left() || x > box.right() || x + 4 < full) continue;
      const QString word = !flag.label.isEmpty() ? flag.label : flag.kind == Flag::Kind::Warning ? tr("warning") : tr("checkpoint");
      const double wide = QFontMetrics(painter.font()).horizontalAdvance(word);
      const double begin = std::min(x + 4, width() - wide - 4);
      for (int row = rows - 1; row >= (edits ? 0 : rows - 1); --row) {
        auto& there = taken[static_cast<std::size_t>(row)];
        const auto meets = [&](const auto& other) { return begin < other.second + 8 && other.first < begin + wide + 8; };
        if (std::any_of(there.begin(), there.end(), meets)) continue;
        painter.setPen(edits ? toneOf(flag) : p.secondary);
        painter.drawText(QPointF(begin, box.top() - (rows - 1 - row) * kRowHeight - 4), word);
        there.emplace_back(begin, begin + wide);
        if (!edits) full = begin + wide;
        break;
      }
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
  if (m_readAtNames) return;
  painter.setFont(m_theme.mono(11));
  const int line = QFontMetrics(painter.font()).height() + 2;
  const bool left = x > box.center().x();
  const Qt::Alignment side = left ? Qt::AlignLeft : Qt::AlignRight;
  const int at = static_cast<int>(x) + (left ? -6 : 6);
  int y = box.top() + line / 2;
  paintLabel(painter, {at, y}, QStringLiteral("%1 %2").arg(m_xTitle, m_wholeX ? grouped(std::llround(cursorAt())) : fixed(cursorAt(), 1)), p.text, side);
  for (const auto& flag : m_flags)
    if (flag.kind == Flag::Kind::Edit && std::abs(placeOf(flag) - cursorAt()) < 1) paintLabel(painter, {at, y += line}, flag.text, p.text, side);
  if (hasRightAxis()) return;   // the legend reads the values
  for (const auto& series : m_series) {
    const std::size_t count = countTo(series, cursorAt());
    if (count == 0 || series.hidden) continue;
    const std::size_t i = count - 1;
    QString text = QStringLiteral("%1 %2").arg(series.style.name, number(series, series.shown()[i]));
    if (series.style.smooth) text += tr(" (raw %1)").arg(number(series, series.values[i]));
    y += line;
    paintLabel(painter, {at, y}, text, m_theme.seriesColor(series.style.color), side);
  }
}

// At the lines' ends; in the margin beside the curves once these have come to their end.
void SeriesPlot::paintNames(QCPPainter& painter) {
  struct Name {
    int x, y;
    Series* series;
  };
  std::vector<Name> names;
  const QRect box = plotRect();
  for (auto& series : m_series) {
    series.nameRect = {};
    if (series.steps.empty()) continue;
    // beside the curves: where the last of it is that is seen
    const std::size_t last = std::max<std::size_t>(1, m_readAtNames ? countTo(series, m_plot->xAxis->range().upper) : series.steps.size()) - 1;
    const double x = m_plot->xAxis->coordToPixel(series.steps[last]);
    double y = series.line->valueAxis()->coordToPixel(series.shown()[last]);
    if (series.hidden) y = std::isfinite(y) ? std::clamp<double>(y, box.top(), box.bottom()) : box.top();   // not lost with the range of the others
    if (!box.adjusted(-2, -2, 2, 2).contains(static_cast<int>(x), static_cast<int>(y))) continue;
    names.push_back({m_readAtNames ? box.right() + 8 : static_cast<int>(x) + 9, static_cast<int>(y), &series});
  }
  std::sort(names.begin(), names.end(), [](const Name& a, const Name& b) { return a.y < b.y; });
  painter.setFont(m_theme.text(11));
  const QFontMetrics metrics(painter.font());
  const int line = metrics.height();
  for (std::size_t i = 1; i < names.size(); ++i) names[i].y = std::max(names[i].y, names[i - 1].y + line);
  int lowest = box.bottom() - line / 2;
  for (std::size_t i = names.size(); i-- > 0; lowest = names[i].y - line) names[i].y = std::min(names[i].y, lowest);
  for (const auto& name : names) {
    const QString text = nameOf(*name.series);
    const int wide = metrics.horizontalAdvance(text);
    const QRect at(std::min(name.x, width() - wide - 4), name.y - line / 2, wide + 2, line);
    if (at.left() < box.right()) {
      QColor back = m_theme.palette().surface;
      back.setAlpha(215);
      painter.fillRect(at.adjusted(-2, 0, 2, 0), back);
    }
    name.series->nameRect = at;
    painter.setPen(colorOf(*name.series));
    painter.drawText(at, Qt::AlignLeft | Qt::AlignVCenter, text);
  }
}

void SeriesPlot::paintLegend(QCPPainter& painter) {
  const QRect box = plotRect();
  painter.setFont(m_theme.text(11));
  const QFontMetrics metrics(painter.font());
  const int middle = box.top() - wordRows() * kRowHeight - kLegendGap - kRowHeight / 2 - 1;
  int x = box.left();
  for (auto& series : m_series) {
    series.nameRect = {};
    if (series.steps.empty()) continue;
    const QString text = nameOf(series);
    QPen sample = series.line->pen();
    if (series.hidden) sample.setColor(colorOf(series));
    painter.setPen(sample);
    const int begin = x;
    painter.drawLine(QPointF(x, middle), QPointF(x + kKeyWidth, middle));
    x += kKeyWidth + 4;
    painter.setPen(colorOf(series));
    const int wide = metrics.horizontalAdvance(text);
    series.nameRect = QRect(begin, middle - metrics.height() / 2, x - begin + wide + 2, metrics.height());
    painter.drawText(series.nameRect.adjusted(x - begin, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, text);
    x += wide + 12;
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
  QString text = QStringLiteral("series,%1,value\n").arg(m_xTitle == tr("step") ? QStringLiteral("step") : csvField(m_xTitle));
  for (const auto& series : m_series)
    for (std::size_t i = 0; i < series.steps.size(); ++i)
      text += QStringLiteral("%1,%2,%3\n").arg(csvField(series.style.name)).arg(series.steps[i], 0, 'g', 12).arg(series.values[i], 0, 'g', 9);
  return text;
}

}  // namespace weft::ui
