// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/point_plot.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <QHelpEvent>
#include <QMouseEvent>
#include <QToolTip>

#include "engine/api/close_up.h"
#include "ui/models/number_text.h"
#include "ui/plots/chart_table.h"
#include "ui/plots/qcustomplot.h"

namespace weft::ui {
namespace {

constexpr double kReach = 8;        // pixels

class ShortTicker final : public QCPAxisTicker {
 protected:
  QString getTickLabel(double tick, const QLocale&, QChar, int) override { return tick == 0 ? QStringLiteral("0") : shortNumber(tick); }
};

}  // namespace

PointPlot::PointPlot(Theme& theme, const QString& name, QWidget* parent) : PlotFrame(theme, parent), m_name(name) {
  setAccessibleName(name);
  m_plot->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new ShortTicker));
  m_plot->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new ShortTicker));
  m_plot->xAxis->ticker()->setTickCount(4);
  m_plot->setBackground(QBrush(theme.palette().surface));
  restyle();
}

void PointPlot::restyle() {
  styleAxis(m_plot->xAxis, m_view.xTitle, false);
  styleAxis(m_plot->yAxis, m_view.yTitle, true);
}

void PointPlot::setView(PointView view) {
  m_view = std::move(view);
  restyle();
  if (follows()) resetRange();
  replotSoon();
}

bool PointPlot::isEmpty() const {
  return std::all_of(m_view.groups.begin(), m_view.groups.end(), [](const PointGroup& g) { return g.x.empty(); });
}

void PointPlot::resetRange() {
  double lowX = std::numeric_limits<double>::infinity(), highX = -lowX, lowY = lowX, highY = -lowX;
  for (const auto& g : m_view.groups)
    for (std::size_t i = 0; i < std::min(g.x.size(), g.y.size()); ++i) {
      if (!std::isfinite(g.x[i]) || !std::isfinite(g.y[i])) continue;
      lowX = std::min(lowX, g.x[i]);
      highX = std::max(highX, g.x[i]);
      lowY = std::min(lowY, g.y[i]);
      highY = std::max(highY, g.y[i]);
    }
  if (!(lowX <= highX)) {
    m_plot->xAxis->setRange(0, 1);
    m_plot->yAxis->setRange(0, 1);
    return;
  }
  if (m_view.level) {
    lowY = std::min(lowY, *m_view.level);
    highY = std::max(highY, *m_view.level);
  }
  const auto room = [](double low, double high) { return high > low ? (high - low) * 0.06 : std::max(1e-9, std::abs(high) * 0.05); };
  m_plot->xAxis->setRange(lowX - room(lowX, highX), highX + room(lowX, highX));
  m_plot->yAxis->setRange(lowY - room(lowY, highY), highY + 2 * room(lowY, highY));
}

void PointPlot::paintOver(QCPPainter& painter) {
  painter.setClipRect(plotRect());
  const Palette& p = m_theme.palette();
  if (m_view.level) {
    painter.setPen(QPen(p.secondary, 1, Qt::DashLine));
    const double y = m_plot->yAxis->coordToPixel(*m_view.level);
    painter.drawLine(QPointF(plotRect().left(), y), QPointF(plotRect().right(), y));
  }
  for (const auto& g : m_view.groups) {
    QColor color = m_theme.seriesColor(g.color);
    const bool dense = g.x.size() > 400;
    color.setAlphaF(dense ? 0.45F : 0.75F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    const double radius = dense ? 1.4 : 2.8;
    for (std::size_t i = 0; i < std::min(g.x.size(), g.y.size()); ++i)
      painter.drawEllipse(QPointF(m_plot->xAxis->coordToPixel(g.x[i]), m_plot->yAxis->coordToPixel(g.y[i])), radius, radius);
  }
  int row = 0;
  for (const auto& g : m_view.groups)
    if (!g.x.empty()) paintLine(painter, g, row++);
  if (m_view.marked < 0) return;
  for (const auto& g : m_view.groups) {
    const auto i = static_cast<std::size_t>(m_view.marked);
    if (i >= g.x.size()) continue;
    painter.setPen(QPen(p.text, 1.6));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(QPointF(m_plot->xAxis->coordToPixel(g.x[i]), m_plot->yAxis->coordToPixel(g.y[i])), 5.5, 5.5);
  }
}

void PointPlot::paintLine(QCPPainter& painter, const PointGroup& g, int row) {
  const Palette& p = m_theme.palette();
  QString text = m_view.groups.size() > 1 ? g.name : QString();
  if (g.regression && g.x.size() > 2) {
    const Regression line = regression_of(g.x, g.y);
    const auto [low, high] = std::minmax_element(g.x.begin(), g.x.end());
    painter.setPen(QPen(m_theme.seriesColor(g.color), 1.4));
    painter.drawLine(QPointF(m_plot->xAxis->coordToPixel(*low), m_plot->yAxis->coordToPixel(line.intercept + line.slope * *low)),
                     QPointF(m_plot->xAxis->coordToPixel(*high), m_plot->yAxis->coordToPixel(line.intercept + line.slope * *high)));
    text += (text.isEmpty() ? QString() : QStringLiteral(": ")) + tr("r = %1").arg(fixed(line.r, 2));
  }
  if (text.isEmpty()) return;
  painter.setFont(m_theme.text(11));
  const int height = QFontMetrics(painter.font()).height() + 4;
  paintLabel(painter, plotRect().topRight() + QPoint(-4, height / 2 + 2 + row * height), text,
             m_view.groups.size() > 1 ? m_theme.seriesColor(g.color) : p.secondary, Qt::AlignLeft);
}

QPoint PointPlot::pixelOf(double x, double y) const {
  return m_plot->mapTo(this, QPointF(m_plot->xAxis->coordToPixel(x), m_plot->yAxis->coordToPixel(y)).toPoint());
}

std::pair<int, int> PointPlot::nearest(const QPointF& at) const {
  std::pair<int, int> best{-1, -1};
  double least = kReach * kReach;
  for (std::size_t g = 0; g < m_view.groups.size(); ++g)
    for (std::size_t i = 0; i < std::min(m_view.groups[g].x.size(), m_view.groups[g].y.size()); ++i) {
      const double dx = m_plot->xAxis->coordToPixel(m_view.groups[g].x[i]) - at.x(), dy = m_plot->yAxis->coordToPixel(m_view.groups[g].y[i]) - at.y();
      if (dx * dx + dy * dy > least) continue;
      least = dx * dx + dy * dy;
      best = {static_cast<int>(g), static_cast<int>(i)};
    }
  return best;
}

bool PointPlot::eventFilter(QObject* object, QEvent* event) {
  if (object == m_plot) {
    if (event->type() == QEvent::MouseButtonPress) m_pressed = static_cast<QMouseEvent*>(event)->position();
    if (event->type() == QEvent::MouseButtonRelease) {
      const auto* mouse = static_cast<QMouseEvent*>(event);
      const auto [group, point] = nearest(mouse->position());
      if (mouse->button() == Qt::LeftButton && point >= 0 && (mouse->position() - m_pressed).manhattanLength() < 4) Q_EMIT chosen(group, point);
    }
    if (event->type() == QEvent::ToolTip) {
      const auto* help = static_cast<QHelpEvent*>(event);
      const auto [group, point] = nearest(help->pos());
      if (point >= 0) {
        const PointGroup& g = m_view.groups[static_cast<std::size_t>(group)];
        const auto i = static_cast<std::size_t>(point);
        const QString label = point < g.labels.size() ? g.labels[point] : g.name;
        QToolTip::showText(help->globalPos(), QStringLiteral("%1: %2, %3").arg(label, shortNumber(g.x[i]), shortNumber(g.y[i])), this);
      }
      return true;
    }
  }
  return PlotFrame::eventFilter(object, event);
}

QString PointPlot::summary() const {
  QStringList parts;
  for (const auto& g : m_view.groups) {
    QString part = tr("%1: %2 points").arg(g.name, grouped(static_cast<std::int64_t>(std::min(g.x.size(), g.y.size()))));
    if (g.regression && g.x.size() > 2) part += QStringLiteral(", ") + tr("r = %1").arg(fixed(regression_of(g.x, g.y).r, 2));
    parts.append(part);
  }
  return tr("%1 by %2. %3").arg(m_view.yTitle, m_view.xTitle, parts.join(QStringLiteral("; ")));
}

QString PointPlot::csv() const {
  QString text = QStringLiteral("group,label,x,y\n");
  for (const auto& g : m_view.groups)
    for (std::size_t i = 0; i < std::min(g.x.size(), g.y.size()); ++i)
      text += QStringLiteral("%1,%2,%3,%4\n").arg(csvField(g.name), static_cast<qsizetype>(i) < g.labels.size() ? csvField(g.labels[static_cast<qsizetype>(i)]) : QString())
                  .arg(g.x[i], 0, 'g', 9).arg(g.y[i], 0, 'g', 9);
  return text;
}

}  // namespace weft::ui
