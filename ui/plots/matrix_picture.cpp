// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/matrix_picture.h"

#include <algorithm>
#include <cmath>

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include "ui/bridge/text.h"
#include "ui/plots/chart_focus.h"

namespace weft::ui {
namespace {

constexpr int kHead = 22, kFoot = 20, kWrappedFoot = 34;
constexpr int kScale = 18, kBarHeight = 8, kShortestBar = 12, kLongestBar = 72, kBarStops = 8;   // the scale stands above the figures
constexpr double kLeastSide = 14;   // of a picture of few rows or columns: a vector stays visible

}  // namespace

MatrixView::MatrixView(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
  new ChartFocus(theme, *this, *this);
  setMouseTracking(true);
  setAccessibleName(tr("Picture of a matrix"));
  connect(&theme, &Theme::changed, this, [this] { update(); });
}

void MatrixView::setPicture(MatrixPicture picture, const QString& figures) {
  m_picture = std::move(picture);
  m_scaled = figures.isEmpty() && m_picture.largest > 0;
  m_figures = !figures.isEmpty() ? figures : tr("norm %1, max %2").arg(m_picture.frobenius, 0, 'g', 3).arg(static_cast<double>(m_picture.largest), 0, 'g', 2);
  m_image = QImage(static_cast<int>(std::max<std::int64_t>(1, m_picture.cell_columns)), static_cast<int>(std::max<std::int64_t>(1, m_picture.cell_rows)),
                   QImage::Format_RGB32);
  m_image.fill(mapColor(ColorMap::BlueRed, 0.5));
  const double largest = m_picture.largest > 0 ? static_cast<double>(m_picture.largest) : 1;
  for (std::size_t i = 0; i < m_picture.cells.size(); ++i) {
    // square root: small entries keep a colour beside one that is far larger
    const double v = static_cast<double>(m_picture.cells[i]) / largest, t = std::copysign(std::sqrt(std::abs(v)), v);
    const auto columns = static_cast<std::size_t>(m_picture.cell_columns);
    m_image.setPixelColor(static_cast<int>(i % columns), static_cast<int>(i / columns), mapColor(ColorMap::BlueRed, 0.5 + t / 2));
  }
  setAccessibleDescription(contents());
  update();
}

// The matrix's own proportions, as far as thin ones can be seen.
QRectF MatrixView::cellsOf(const QSize& size) const {
  const int foot = QFontMetrics(m_theme.mono(11)).horizontalAdvance(m_figures) <= size.width() ? kFoot : kWrappedFoot;
  const int below = foot + (m_scaled ? kScale : 0);
  const QRectF room(0, kHead, size.width(), size.height() - kHead - below);
  if (m_picture.rows <= 0 || m_picture.columns <= 0) return room;
  const double scale = std::min(room.width() / static_cast<double>(m_picture.columns), room.height() / static_cast<double>(m_picture.rows));
  const double width = std::clamp(scale * static_cast<double>(m_picture.columns), kLeastSide, room.width());
  const double height = std::clamp(scale * static_cast<double>(m_picture.rows), kLeastSide, room.height());
  return {room.left(), room.top(), width, height};
}

void MatrixView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  paintOn(painter, size());
}

void MatrixView::paintChart(QPaintDevice& device, const QSize& size) {
  QPainter painter;
  if (painter.begin(&device)) paintOn(painter, size);
}

void MatrixView::paintOn(QPainter& painter, const QSize& size) const {
  const Palette& p = m_theme.palette();
  painter.setFont(m_theme.text(12, true));
  painter.setPen(p.text);
  const QString name = qs(m_picture.name);
  painter.drawText(QRectF(0, 0, size.width(), kHead - 4), Qt::AlignLeft | Qt::AlignVCenter, name);
  const int used = QFontMetrics(painter.font()).horizontalAdvance(name) + 8;
  painter.setFont(m_theme.mono(11));
  painter.setPen(p.secondary);
  painter.drawText(QRectF(used, 0, size.width() - used, kHead - 4), Qt::AlignLeft | Qt::AlignVCenter,
                   QStringLiteral("%1 × %2").arg(m_picture.rows).arg(m_picture.columns));
  const QRectF cells = cellsOf(size);
  if (m_picture.largest > 0) {
    painter.drawImage(cells, m_image);
  } else {
    painter.fillRect(cells, p.grid);
    painter.setFont(m_theme.text(11));
    const QString zero = tr("all zero");
    if (QFontMetrics(painter.font()).horizontalAdvance(zero) < cells.width()) painter.drawText(cells, Qt::AlignCenter, zero);
  }
  painter.setPen(QPen(p.line, 1));
  painter.setBrush(Qt::NoBrush);
  painter.drawRect(cells.adjusted(0.5, 0.5, -0.5, -0.5));
  painter.setPen(p.secondary);
  painter.setFont(m_theme.mono(11));
  if (m_scaled) paintScale(painter, QRectF(0, cells.bottom() + 4, size.width(), kScale));
  painter.drawText(QRectF(0, cells.bottom() + 4 + (m_scaled ? kScale : 0), size.width(), kWrappedFoot - 4), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, m_figures);
}

// From the least to the greatest that has a colour: the figures say how large the greatest is.
void MatrixView::paintScale(QPainter& painter, const QRectF& row) const {
  const double sign = QFontMetrics(painter.font()).horizontalAdvance(QLatin1Char('+')) + 3;
  const QRectF bar(row.left() + sign, row.center().y() - kBarHeight / 2.0, std::clamp(row.width() - 2 * sign, static_cast<double>(kShortestBar), static_cast<double>(kLongestBar)), kBarHeight);
  painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("−"));
  QLinearGradient colours(bar.topLeft(), bar.topRight());
  for (int i = 0; i <= kBarStops; ++i) colours.setColorAt(static_cast<double>(i) / kBarStops, mapColor(ColorMap::BlueRed, static_cast<double>(i) / kBarStops));
  painter.fillRect(bar, colours);
  painter.drawText(QRectF(bar.right() + 3, row.top(), sign, row.height()), Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("+"));
}

bool MatrixView::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    const QRectF cells = cellsOf(size());
    if (cells.contains(help->pos()) && !m_picture.cells.empty()) {
      const auto row = std::min<std::int64_t>(static_cast<std::int64_t>((help->pos().y() - cells.top()) / cells.height() * static_cast<double>(m_picture.cell_rows)), m_picture.cell_rows - 1);
      const auto column = std::min<std::int64_t>(static_cast<std::int64_t>((help->pos().x() - cells.left()) / cells.width() * static_cast<double>(m_picture.cell_columns)), m_picture.cell_columns - 1);
      QToolTip::showText(help->globalPos(), tr("near row %1, column %2: %3").arg(row * m_picture.rows / m_picture.cell_rows).arg(column * m_picture.columns / m_picture.cell_columns)
                                                .arg(static_cast<double>(m_picture.cells[static_cast<std::size_t>(row * m_picture.cell_columns + column)]), 0, 'g', 4), this);
    }
    return true;
  }
  return QWidget::event(event);
}

QString MatrixView::contents() const {
  return tr("%1, %2 by %3, %4").arg(qs(m_picture.name)).arg(m_picture.rows).arg(m_picture.columns).arg(m_figures);
}

QString MatrixView::chartName() const { return QStringLiteral("matrix-") + qs(m_picture.name); }

QString MatrixView::csv() const {
  QString text = QStringLiteral("row,column,value\n");
  for (std::size_t i = 0; i < m_picture.cells.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i) / m_picture.cell_columns, column = static_cast<std::int64_t>(i) % m_picture.cell_columns;
    text += QStringLiteral("%1,%2,%3\n").arg(row * m_picture.rows / m_picture.cell_rows).arg(column * m_picture.columns / m_picture.cell_columns)
                .arg(static_cast<double>(m_picture.cells[i]), 0, 'g', 9);
  }
  return text;
}

}  // namespace weft::ui
