// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/spectrum_plot.h"

#include <algorithm>
#include <cmath>

#include <QMouseEvent>

#include "ui/plots/chart_table.h"
#include "ui/plots/index_ticker.h"
#include "ui/plots/log_ticker.h"

namespace weft::ui {
namespace {

constexpr double kGrip = 6;              // px around the cut where it can be taken
constexpr int kAxisRoom = 76, kTickRoom = 30;   // of the vertical axis with title and numbers; of a number along the index
constexpr double kDecadesBelow = 1e-5;   // values further below the largest are drawn at the axis

}  // namespace

SpectrumPlot::SpectrumPlot(Theme& theme, QWidget* parent) : PlotFrame(theme, parent) {
  setAccessibleName(tr("Spectrum of the update"));
  m_plot->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new IndexTicker));
  m_plot->yAxis->setScaleType(QCPAxis::stLogarithmic);
  m_plot->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new LogTicker));
  m_plot->xAxis->setRange(0.5, 16.5);
  m_plot->yAxis->setRange(1e-3, 3);
  m_plot->setBackground(QBrush(theme.palette().surface));
  connect(m_plot, &QCustomPlot::beforeReplot, this, [this] { m_plot->xAxis->ticker()->setTickCount(std::clamp((width() - kAxisRoom) / kTickRoom, 2, 6)); });
  restyle();
}

void SpectrumPlot::restyle() {
  styleAxis(m_plot->xAxis, tr("index"), false);
  styleAxis(m_plot->yAxis, tr("singular value"), true);
}

void SpectrumPlot::setView(SpectrumView view) {
  m_view = std::move(view);
  if (follows()) resetRange();
  replotSoon();
}

void SpectrumPlot::clear() { setView({}); }

void SpectrumPlot::setCut(int rank) {
  if (rank == m_cut) return;
  m_cut = rank;
  replotSoon();
}

double SpectrumPlot::xOf(double index) const { return m_plot->xAxis->coordToPixel(index); }

bool SpectrumPlot::isNearCut(double x) const { return m_cut > 0 && std::abs(xOf(m_cut + 0.5) - x) <= kGrip; }

bool SpectrumPlot::eventFilter(QObject* object, QEvent* event) {
  if (object == m_plot && (event->type() == QEvent::MouseButtonPress || event->type() == QEvent::MouseMove || event->type() == QEvent::MouseButtonRelease)) {
    const auto* mouse = static_cast<QMouseEvent*>(event);
    const double x = mouse->position().x();
    if (event->type() == QEvent::MouseButtonPress && mouse->button() == Qt::LeftButton && isNearCut(x)) m_drags = true;
    if (event->type() == QEvent::MouseMove && !m_drags) m_plot->setCursor(isNearCut(x) ? Qt::SplitHCursor : Qt::ArrowCursor);
    if (m_drags) {
      const int rank = std::clamp(static_cast<int>(std::lround(m_plot->xAxis->pixelToCoord(x) - 0.5)), 1, std::max(1, static_cast<int>(m_view.values.size())));
      if (rank != m_cut) {
        setCut(rank);
        Q_EMIT cutMoved(rank);
      }
      if (event->type() == QEvent::MouseButtonRelease) m_drags = false;
      return true;
    }
  }
  return PlotFrame::eventFilter(object, event);
}

void SpectrumPlot::resetRange() {
  const std::size_t count = std::max({m_view.values.size(), m_view.ghost.size(), std::size_t{4}});
  m_plot->xAxis->setRange(0.5, static_cast<double>(count) + 0.5);
  double top = m_view.top;
  for (const float v : m_view.values) top = std::max(top, static_cast<double>(v));
  if (!(top > 0)) {
    m_plot->yAxis->setRange(1e-3, 3);
    return;
  }
  double low = top;
  for (const auto* values : {&m_view.values, &m_view.ghost})
    for (const float v : *values)
      if (v > top * kDecadesBelow) low = std::min(low, static_cast<double>(v));
  m_plot->yAxis->setRange(std::min(low / 1.6, top / 10), top * 1.6);
}

void SpectrumPlot::paintOver(QCPPainter& painter) {
  painter.setClipRect(plotRect().adjusted(-6, 0, 6, 0));
  paintNoise(painter);
  paintMarks(painter);
  paintStems(painter);
  paintGhost(painter);
  paintCut(painter);
  paintWords(painter);
}

void SpectrumPlot::paintNoise(QCPPainter& painter) {
  if (!(m_view.noise.upper > 0)) return;
  const QRect box = plotRect();
  const double upper = m_plot->yAxis->coordToPixel(m_view.noise.upper);
  const double lower = m_view.noise.lower > 0 ? std::min<double>(m_plot->yAxis->coordToPixel(m_view.noise.lower), box.bottom()) : box.bottom();
  if (upper >= box.bottom()) return;
  QColor band = m_theme.palette().secondary;
  band.setAlphaF(0.14F);
  painter.fillRect(QRectF(box.left(), upper, box.width(), std::max(1.0, lower - upper)), band);
  painter.setPen(QPen(m_theme.palette().secondary, 1, Qt::DotLine));
  painter.drawLine(QPointF(box.left(), upper), QPointF(box.right(), upper));
}

void SpectrumPlot::paintCut(QCPPainter& painter) {
  if (m_cut <= 0 || m_view.values.empty()) return;
  const QRect box = plotRect();
  const double x = xOf(m_cut + 0.5);
  QColor beyond = m_theme.palette().surface;
  beyond.setAlphaF(0.45F);
  painter.fillRect(QRectF(x, box.top(), std::max(0.0, box.right() - x + 6), box.height()), beyond);   // what the cut takes away fades
  painter.setPen(QPen(m_theme.palette().accent, 1.5));
  painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()));
  painter.setPen(Qt::NoPen);
  painter.setBrush(m_theme.palette().accent);
  painter.drawRoundedRect(QRectF(x - 3, box.center().y() - 9, 6, 18), 3, 3);
}

void SpectrumPlot::paintMarks(QCPPainter& painter) {
  const Palette& p = m_theme.palette();
  const QRect box = plotRect();
  painter.setPen(QPen(p.disabled, 1, Qt::DashLine));
  for (const int rank : {m_view.energy90, m_view.energy95, m_view.energy99})
    if (const double x = m_plot->xAxis->coordToPixel(rank + 0.5); rank > 0) painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()));
}

// Over every line and what the cut lets fade; none over another.
void SpectrumPlot::paintWords(QCPPainter& painter) {
  const QColor color = m_theme.palette().secondary;
  const QRect box = plotRect();
  painter.setFont(m_theme.text(11));
  const int line = QFontMetrics(painter.font()).height();
  std::vector<QRect> taken;
  const std::pair<int, QString> marks[] = {{m_view.energy90, tr("90 %")}, {m_view.energy95, tr("95 %")}, {m_view.energy99, tr("99 %")}};
  QString words;
  for (std::size_t i = 0; i < std::size(marks); ++i) {
    if (marks[i].first <= 0) continue;
    words += (words.isEmpty() ? QString() : QStringLiteral(", ")) + marks[i].second;
    if (i + 1 < std::size(marks) && marks[i + 1].first == marks[i].first) continue;   // one line, one label
    const auto x = static_cast<int>(m_plot->xAxis->coordToPixel(marks[i].first + 0.5));
    const bool left = x + 60 > box.right();
    paintLabel(painter, QPoint(x + (left ? -2 : 2), box.top() + line / 2 + 1), words, color, left ? Qt::AlignLeft : Qt::AlignRight, &taken);
    words.clear();
  }
  if (m_view.step != 0 && !m_view.ghost.empty() && !(m_view.ghost.front() > 0))
    paintLabel(painter, box.topRight() + QPoint(0, 34 + line), tr("step 0: all zero"), color, Qt::AlignLeft, &taken);
  if (const auto edge = static_cast<int>(m_plot->yAxis->coordToPixel(m_view.noise.upper)); m_view.noise.upper > 0 && edge > box.top() && edge < box.bottom())
    paintLabel(painter, QPoint(box.right() - 4, edge - line / 2 - 2), tr("noise edge"), color, Qt::AlignLeft, &taken);
}

void SpectrumPlot::paintStems(QCPPainter& painter) {
  const QRect box = plotRect();
  const double spacing = m_plot->xAxis->coordToPixel(2) - m_plot->xAxis->coordToPixel(1);
  const double width = std::clamp(spacing * 0.28, 1.0, 7.0), dot = std::clamp(spacing * 0.2, 1.5, 3.5);
  QColor stem = m_theme.palette().trained;
  stem.setAlphaF(m_theme.palette().dark ? 0.40F : 0.30F);
  painter.setPen(Qt::NoPen);
  for (std::size_t i = 0; i < m_view.values.size(); ++i) {
    const double v = m_view.values[i];
    if (!(v > 0)) continue;
    const double x = m_plot->xAxis->coordToPixel(static_cast<double>(i) + 1);
    const double y = std::min<double>(m_plot->yAxis->coordToPixel(v), box.bottom());
    painter.setBrush(stem);
    painter.drawRect(QRectF(x - width / 2, y, width, box.bottom() - y));
    painter.setBrush(m_theme.palette().trained);
    painter.drawEllipse(QPointF(x, y), dot, dot);
  }
}

void SpectrumPlot::paintGhost(QCPPainter& painter) {
  if (m_view.ghost.empty() || m_view.step == 0 || !(m_view.ghost.front() > 0)) return;
  const Palette& p = m_theme.palette();
  QPolygonF line;
  for (std::size_t i = 0; i < m_view.ghost.size(); ++i)
    if (m_view.ghost[i] > 0)
      line.append(QPointF(m_plot->xAxis->coordToPixel(static_cast<double>(i) + 1), m_plot->yAxis->coordToPixel(m_view.ghost[i])));
  painter.setPen(QPen(p.secondary, 1.2, Qt::DashLine));
  painter.setBrush(Qt::NoBrush);
  painter.drawPolyline(line);
  painter.setFont(m_theme.text(11));
  paintLabel(painter, line.last().toPoint() - QPoint(4, 12), tr("step 0"), p.secondary, Qt::AlignLeft);
}

QString SpectrumPlot::summary() const {
  return tr("%1 at step %2: %3 singular values, the largest %4, 99 % of the energy in %5").arg(m_view.site, grouped(m_view.step), grouped(static_cast<std::int64_t>(m_view.values.size())),
                                                                                              shortNumber(static_cast<double>(m_view.values.front())), grouped(m_view.energy99));
}

QString SpectrumPlot::csv() const {
  QString text = QStringLiteral("site,step,index,singular_value,at_step_0\n");
  for (std::size_t i = 0; i < m_view.values.size(); ++i)
    text += QStringLiteral("%1,%2,%3,%4,%5\n").arg(csvField(m_view.site)).arg(m_view.step).arg(i + 1)
                .arg(static_cast<double>(m_view.values[i]), 0, 'g', 9)
                .arg(i < m_view.ghost.size() ? QString::number(static_cast<double>(m_view.ghost[i]), 'g', 9) : QString());
  return text;
}

}  // namespace weft::ui
