// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/curve_line.h"

#include <algorithm>
#include <cmath>

#include <QPaintEngine>

namespace weft::ui {
namespace {

constexpr std::size_t kColumnsAPoint = 8;      // with fewer pixels a point, columns are cheaper than strokes and look the same
constexpr double kColumnsACircle = 14;         // from one to the next, so that the dashes between them are seen
constexpr double kCircle = 3.5;                // radius
constexpr int kDash = 7, kGap = 4;             // of a dashed line in columns, in pixels; the gaps are fainter, so that no outlier hides in them
constexpr double kGapAlpha = 0.3;

// Rows that a column of the line covers, the pen's width included; top > bottom: none.
struct Rows {
  double top = 1, bottom = 0;
};

// Fills a column of the picture, its ends in part.
void fillColumn(QImage& image, int column, double top, double bottom, const QColor& color) {
  top = std::max(top, 0.0);
  bottom = std::min(bottom, static_cast<double>(image.height()));
  if (!(top < bottom)) return;
  const auto shade = [&](double cover) { return qPremultiply(qRgba(color.red(), color.green(), color.blue(), static_cast<int>(std::lround(color.alpha() * cover)))); };
  const int first = static_cast<int>(top), last = std::min(static_cast<int>(bottom), image.height() - 1);
  auto* pixel = reinterpret_cast<QRgb*>(image.scanLine(first)) + column;
  const auto stride = image.bytesPerLine() / static_cast<qsizetype>(sizeof(QRgb));
  if (first == last) {
    *pixel = shade(bottom - top);
    return;
  }
  *pixel = shade(first + 1 - top);
  const QRgb whole = shade(1);
  for (int row = first + 1; row < last; ++row) *(pixel += stride) = whole;
  *(pixel += stride) = shade(std::min(1.0, bottom - last));
}

}  // namespace

CurveLine::CurveLine(QCPAxis* xAxis, QCPAxis* yAxis, const std::vector<double>& x, const ValuePyramid& values)
    : QCPAbstractPlottable(xAxis, yAxis), m_x(x), m_values(values) {
  setSelectable(QCP::stNone);
}

QCPRange CurveLine::getKeyRange(bool& found, QCP::SignDomain) const {
  found = !m_x.empty();
  return found ? QCPRange(m_x.front(), m_x.back()) : QCPRange();
}

QCPRange CurveLine::getValueRange(bool& found, QCP::SignDomain, const QCPRange&) const {
  const ValueSpan span = m_values.whole();
  found = !span.empty();
  return found ? QCPRange(span.low, span.high) : QCPRange();
}

void CurveLine::draw(QCPPainter* painter) {
  if (m_x.empty()) return;
  const QRect box = clipRect();
  const QCPRange range = mKeyAxis->range();
  // what is seen, and one point more on either side
  auto begin = static_cast<std::size_t>(std::lower_bound(m_x.begin(), m_x.end(), range.lower) - m_x.begin());
  auto end = static_cast<std::size_t>(std::upper_bound(m_x.begin(), m_x.end(), range.upper) - m_x.begin());
  if (begin > 0) --begin;
  if (end < m_x.size()) ++end;
  const double ratio = painter->device()->devicePixelRatioF();
  const auto width = static_cast<std::size_t>(std::max(1, box.width()));
  if ((end - begin) * kColumnsAPoint <= width)
    drawPoints(*painter, begin, end);
  else if (painter->paintEngine()->type() == QPaintEngine::Raster)
    drawColumns(*painter, QRectF(box.x() * ratio, box.y() * ratio, box.width() * ratio, box.height() * ratio).toAlignedRect(), ratio);
  else
    drawRibbon(*painter);
  const double extent = mKeyAxis->coordToPixel(m_x[end - 1]) - mKeyAxis->coordToPixel(m_x[begin]);
  if (m_circles.isValid() && static_cast<double>(end - begin - 1) * kColumnsACircle <= extent) drawCircles(*painter, begin, end);
}

void CurveLine::drawPoints(QCPPainter& painter, std::size_t begin, std::size_t end) const {
  painter.setPen(mPen);
  painter.setBrush(Qt::NoBrush);
  QPolygonF line;
  for (std::size_t i = begin; i <= end; ++i) {
    if (i < end && std::isfinite(m_values[i])) {
      line.append(QPointF(mKeyAxis->coordToPixel(m_x[i]), yOf(m_values[i])));
      continue;
    }
    if (line.size() > 1) painter.drawPolyline(line);
    line.clear();
  }
}

void CurveLine::drawCircles(QCPPainter& painter, std::size_t begin, std::size_t end) const {
  painter.setAntialiasing(true);
  painter.setPen(QPen(mPen.color(), mPen.widthF()));
  painter.setBrush(m_circles);
  for (std::size_t i = begin; i < end; ++i)
    if (std::isfinite(m_values[i])) painter.drawEllipse(QPointF(mKeyAxis->coordToPixel(m_x[i]), yOf(m_values[i])), kCircle, kCircle);
}

// A picture of the line in the device's own pixels: strokes of thousands of steep segments cost milliseconds each, this a fraction of one.
void CurveLine::drawColumns(QCPPainter& painter, const QRect& device, double ratio) const {
  const auto spans = coveredColumns(m_x, m_values, mKeyAxis->pixelToCoord(device.left() / ratio), mKeyAxis->pixelToCoord((device.right() + 1) / ratio),
                                    static_cast<std::size_t>(device.width()));
  const double half = std::max(1.0, mPen.widthF() * ratio) / 2;
  std::vector<Rows> rows(spans.size());
  double top = device.height(), bottom = 0;
  for (std::size_t c = 0; c < spans.size(); ++c) {
    if (spans[c].empty()) continue;
    rows[c] = {yOf(spans[c].high) * ratio - device.top() - half, yOf(spans[c].low) * ratio - device.top() + half};
    top = std::min(top, rows[c].top);
    bottom = std::max(bottom, rows[c].bottom);
  }
  const int first = static_cast<int>(std::clamp(std::floor(top), 0.0, static_cast<double>(device.height())));
  const int last = static_cast<int>(std::clamp(std::ceil(bottom), 0.0, static_cast<double>(device.height())));
  if (first >= last) return;
  QImage image(device.width(), last - first, QImage::Format_ARGB32_Premultiplied);
  image.fill(Qt::transparent);
  const QColor color = mPen.color();
  QColor faint = color;
  faint.setAlphaF(static_cast<float>(color.alphaF() * kGapAlpha));
  const bool dashed = mPen.style() != Qt::SolidLine;
  const int period = static_cast<int>((kDash + kGap) * ratio), dash = static_cast<int>(kDash * ratio);
  for (std::size_t c = 0; c < rows.size(); ++c) {
    const int column = static_cast<int>(c);
    if (rows[c].top < rows[c].bottom) fillColumn(image, column, rows[c].top - first, rows[c].bottom - first, dashed && column % period >= dash ? faint : color);
  }
  painter.save();
  painter.scale(1 / ratio, 1 / ratio);
  painter.drawImage(QPoint(device.left(), device.top() + first), image);
  painter.restore();
}

// The same outline for files that are drawn anew at any size.
void CurveLine::drawRibbon(QCPPainter& painter) const {
  constexpr int kFiner = 2;                    // columns a pixel
  const QRect box = clipRect();
  const auto spans = coveredColumns(m_x, m_values, mKeyAxis->pixelToCoord(box.left()), mKeyAxis->pixelToCoord(box.right() + 1),
                                    static_cast<std::size_t>(box.width() * kFiner));
  const double half = mPen.widthF() / 2;
  painter.setPen(Qt::NoPen);
  painter.setBrush(mPen.color());
  QPolygonF upper, lower;
  for (std::size_t c = 0; c <= spans.size(); ++c) {
    if (c < spans.size() && !spans[c].empty()) {
      const double x = box.left() + (static_cast<double>(c) + 0.5) / kFiner;
      upper.append(QPointF(x, yOf(spans[c].high) - half));
      lower.append(QPointF(x, yOf(spans[c].low) + half));
      continue;
    }
    std::reverse(lower.begin(), lower.end());
    if (!upper.isEmpty()) painter.drawPolygon(upper + lower);
    upper.clear();
    lower.clear();
  }
}

}  // namespace weft::ui
