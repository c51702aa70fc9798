// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/heat_map.h"

#include <algorithm>
#include <cmath>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include "ui/models/number_text.h"
#include "ui/plots/chart_focus.h"

namespace weft::ui {
namespace {

constexpr int kLeft = 40, kTop = 4, kBottom = 24, kBarWidth = 10, kBarGap = 14, kBarText = 4;

}  // namespace

HeatMap::HeatMap(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
  new ChartFocus(theme, *this, *this);
  setMouseTracking(true);
  setAccessibleName(tr("Heat map, layers by modules"));
  connect(&theme, &Theme::changed, this, [this] { update(); });
}

void HeatMap::setData(HeatMapData shown) {
  m_data = std::move(shown);
  update();
}

void HeatMap::setChosen(int row, int column) {
  m_row = row;
  m_column = column;
  if (hasFocus()) setAccessibleDescription(contents());
  update();
}

void HeatMap::setEmptyText(const QString& text) {
  m_emptyText = text;
  setAccessibleDescription(text);
  update();
}

HeatMap::Layout HeatMap::layoutFor(const QSize& size) const {
  Layout l;
  const QFontMetrics numbers(m_theme.mono(11));
  const int scale = std::max({28, numbers.horizontalAdvance(fixed(m_data.low, m_data.digits)), numbers.horizontalAdvance(fixed(m_data.high, m_data.digits))});
  l.cells = QRectF(kLeft, kTop, size.width() - kLeft - kBarGap - kBarWidth - kBarText - scale, size.height() - kTop - kBottom);
  const auto columns = std::max<qsizetype>(1, m_data.columns.size());
  const auto rows = std::max<std::size_t>(1, m_data.rows.size());
  l.cellWidth = std::min(l.cells.width() / static_cast<double>(columns), 96.0);
  l.cellHeight = std::min(l.cells.height() / static_cast<double>(rows), 40.0);
  l.gap = l.cellHeight >= 14 ? 1 : l.cellHeight >= 6 ? 0.5 : 0;
  l.cells.setWidth(l.cellWidth * static_cast<double>(columns));
  l.cells.setHeight(l.cellHeight * static_cast<double>(rows));
  l.bar = QRectF(l.cells.right() + kBarGap, l.cells.top() + l.gap, kBarWidth, l.cells.height() - 2 * l.gap);
  return l;
}

double HeatMap::value(int row, int column) const {
  const auto i = static_cast<std::size_t>(row) * static_cast<std::size_t>(m_data.columns.size()) + static_cast<std::size_t>(column);
  return i < m_data.values.size() ? m_data.values[i] : std::nan("");
}

QRect HeatMap::cellRect(int row, int column) const {
  const Layout l = layoutFor(size());
  return QRectF(l.cells.left() + column * l.cellWidth, l.cells.top() + row * l.cellHeight, l.cellWidth, l.cellHeight).toAlignedRect();
}

void HeatMap::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  paintOn(painter, size());
}

void HeatMap::paintChart(QPaintDevice& device, const QSize& size) {
  QPainter painter;
  if (painter.begin(&device)) paintOn(painter, size);
}

void HeatMap::paintOn(QPainter& painter, const QSize& size) const {
  painter.setRenderHint(QPainter::Antialiasing);
  const Palette& p = m_theme.palette();
  if (m_data.rows.empty() || m_data.columns.isEmpty()) {
    painter.setPen(p.secondary);
    painter.setFont(m_theme.text(12));
    painter.drawText(QRect(QPoint(), size).adjusted(16, 8, -16, -8), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
    return;
  }
  const Layout l = layoutFor(size);
  paintCells(painter, l);
  paintBar(painter, l);
}

void HeatMap::paintCells(QPainter& painter, const Layout& l) const {
  const Palette& p = m_theme.palette();
  const double span = m_data.high > m_data.low ? m_data.high - m_data.low : 1;
  const int px = std::clamp(static_cast<int>(l.cellHeight) - 6, 0, 11);
  const QFont numbers = m_theme.mono(std::max(px, 8));
  const bool room = px >= 8 && QFontMetrics(numbers).horizontalAdvance(QStringLiteral("88.8")) + 4 <= l.cellWidth;
  const QFont labels = m_theme.mono(11);
  const int labelStride = std::max(1, static_cast<int>(std::ceil(QFontMetrics(labels).height() / l.cellHeight)));
  for (int r = 0; r < static_cast<int>(m_data.rows.size()); ++r) {
    for (int c = 0; c < m_data.columns.size(); ++c) {
      const double v = value(r, c);
      const QRectF cell = QRectF(l.cells.left() + c * l.cellWidth, l.cells.top() + r * l.cellHeight, l.cellWidth, l.cellHeight)
                              .adjusted(l.gap, l.gap, -l.gap, -l.gap);
      const QColor color = std::isfinite(v) ? mapColor(ColorMap::Viridis, (v - m_data.low) / span) : p.grid;
      painter.setPen(Qt::NoPen);
      painter.setBrush(color);
      l.gap > 0 ? painter.drawRoundedRect(cell, 2, 2) : painter.drawRect(cell);
      if (room && std::isfinite(v)) {
        painter.setPen(readableOn(color));
        painter.setFont(numbers);
        painter.drawText(cell, Qt::AlignCenter, fixed(v, m_data.digits));
      }
    }
    if (r % labelStride == 0) {
      painter.setPen(p.secondary);
      painter.setFont(labels);
      painter.drawText(QRectF(0, l.cells.top() + r * l.cellHeight, kLeft - 8, l.cellHeight), Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip,
                       m_data.rows[static_cast<std::size_t>(r)] < 0 ? QStringLiteral("–") : QString::number(m_data.rows[static_cast<std::size_t>(r)]));
    }
  }
  if (m_row >= 0 && m_row < static_cast<int>(m_data.rows.size()) && m_column >= 0 && m_column < m_data.columns.size()) {
    const QRectF cell(l.cells.left() + m_column * l.cellWidth, l.cells.top() + m_row * l.cellHeight, l.cellWidth, l.cellHeight);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(p.surface, 3.5));   // a line around the line: seen on any colour
    painter.drawRoundedRect(cell, 2, 2);
    painter.setPen(QPen(p.text, 1.6));
    painter.drawRoundedRect(cell, 2, 2);
  }
  painter.setFont(m_theme.text(11));
  painter.setPen(p.secondary);
  for (int c = 0; c < m_data.columns.size(); ++c) {
    QString name = m_data.columns[c];
    if (name.endsWith(QLatin1String("_proj"))) name.chop(5);
    painter.drawText(QRectF(l.cells.left() + c * l.cellWidth, l.cells.bottom() + 4, l.cellWidth, 16), Qt::AlignCenter,
                     QFontMetrics(painter.font()).elidedText(name, Qt::ElideRight, static_cast<int>(l.cellWidth)));
  }
}

void HeatMap::paintBar(QPainter& painter, const Layout& l) const {
  QLinearGradient gradient(l.bar.bottomLeft(), l.bar.topLeft());
  for (int i = 0; i <= 10; ++i) gradient.setColorAt(i / 10.0, mapColor(ColorMap::Viridis, i / 10.0));
  painter.setPen(Qt::NoPen);
  painter.setBrush(gradient);
  painter.drawRoundedRect(l.bar, 2, 2);
  painter.setPen(m_theme.palette().secondary);
  painter.setFont(m_theme.mono(11));
  const QRectF text(l.bar.right() + kBarText, 0, 64, 14);
  painter.drawText(text.translated(0, l.bar.top()), Qt::AlignLeft | Qt::AlignVCenter, fixed(m_data.high, m_data.digits));
  painter.drawText(text.translated(0, l.bar.center().y() - 7), Qt::AlignLeft | Qt::AlignVCenter,
                   fixed((m_data.low + m_data.high) / 2, m_data.digits));
  painter.drawText(text.translated(0, l.bar.bottom() - 14), Qt::AlignLeft | Qt::AlignVCenter, fixed(m_data.low, m_data.digits));
}

bool HeatMap::cellAt(const QPoint& at, int& row, int& column) const {
  const Layout l = layoutFor(size());
  if (!l.cells.contains(at) || m_data.rows.empty()) return false;
  row = std::min(static_cast<int>((at.y() - l.cells.top()) / l.cellHeight), static_cast<int>(m_data.rows.size()) - 1);
  column = std::min(static_cast<int>((at.x() - l.cells.left()) / l.cellWidth), static_cast<int>(m_data.columns.size()) - 1);
  return true;
}

void HeatMap::mousePressEvent(QMouseEvent* event) {
  int row = 0, column = 0;
  if (event->button() == Qt::LeftButton && cellAt(event->pos(), row, column)) Q_EMIT chosen(row, column);
}

void HeatMap::keyPressEvent(QKeyEvent* event) {
  int row = m_row, column = m_column;
  switch (event->key()) {
    case Qt::Key_Up: --row; break;
    case Qt::Key_Down: ++row; break;
    case Qt::Key_Left: --column; break;
    case Qt::Key_Right: ++column; break;
    default: QWidget::keyPressEvent(event); return;
  }
  if (row >= 0 && column >= 0 && row < static_cast<int>(m_data.rows.size()) && column < m_data.columns.size()) Q_EMIT chosen(row, column);
}

bool HeatMap::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    int row = 0, column = 0;
    if (cellAt(help->pos(), row, column))
      QToolTip::showText(help->globalPos(), tr("layer %1, %2: %3").arg(m_data.rows[static_cast<std::size_t>(row)]).arg(m_data.columns[column], fixed(value(row, column), 2)), this);
    return true;
  }
  return QWidget::event(event);
}

QString HeatMap::contents() const {
  int row = -1, column = -1;
  for (int r = 0; r < static_cast<int>(m_data.rows.size()); ++r)
    for (int c = 0; c < m_data.columns.size(); ++c)
      if (std::isfinite(value(r, c)) && (row < 0 || value(r, c) > value(row, column))) {
        row = r;
        column = c;
      }
  if (row < 0) return m_emptyText;
  const auto cell = [this](int r, int c) { return tr("layer %1, %2: %3").arg(m_data.rows[static_cast<std::size_t>(r)]).arg(m_data.columns[c], fixed(value(r, c), 2)); };
  QString text = tr("%1 layers by %2 modules; the largest is %3.").arg(m_data.rows.size()).arg(m_data.columns.size()).arg(cell(row, column));
  if (m_row >= 0 && m_column >= 0 && m_row < static_cast<int>(m_data.rows.size()) && m_column < m_data.columns.size() && std::isfinite(value(m_row, m_column)))
    text += QLatin1Char(' ') + tr("Chosen is %1.").arg(cell(m_row, m_column));
  return text;
}

QString HeatMap::csv() const {
  QString text = QStringLiteral("layer,module,value\n");
  for (int r = 0; r < static_cast<int>(m_data.rows.size()); ++r)
    for (int c = 0; c < m_data.columns.size(); ++c)
      if (std::isfinite(value(r, c)))
        text += QStringLiteral("%1,%2,%3\n").arg(m_data.rows[static_cast<std::size_t>(r)]).arg(m_data.columns[c]).arg(value(r, c), 0, 'g', 9);
  return text;
}

}  // namespace weft::ui
