// SPDX-License-Identifier: GPL-3.0-or-later
// One line of a chart. Few points are joined by the pen; many are drawn column by column from what their pyramid says each covers, so that a
// frame costs what the chart is wide, not what the run is long, and no outlier is lost. Belongs to the chart; main thread only.
#pragma once

#include "ui/plots/qcustomplot.h"
#include "ui/plots/value_pyramid.h"

namespace weft::ui {

class CurveLine final : public QCPAbstractPlottable {
 public:
  // The points belong to the caller and outlive the line: x ascending, as many as values.
  CurveLine(QCPAxis* xAxis, QCPAxis* yAxis, const std::vector<double>& x, const ValuePyramid& values);

  void setCircles(const QColor& fill) { m_circles = fill; }   // on the points, while there is room for them

  double selectTest(const QPointF&, bool, QVariant*) const override { return -1; }
  QCPRange getKeyRange(bool& found, QCP::SignDomain domain) const override;
  QCPRange getValueRange(bool& found, QCP::SignDomain domain, const QCPRange& keys) const override;

 protected:
  void draw(QCPPainter* painter) override;
  void drawLegendIcon(QCPPainter*, const QRectF&) const override {}

 private:
  void drawPoints(QCPPainter& painter, std::size_t begin, std::size_t end) const;
  void drawCircles(QCPPainter& painter, std::size_t begin, std::size_t end) const;
  void drawColumns(QCPPainter& painter, const QRect& device, double ratio) const;
  void drawRibbon(QCPPainter& painter) const;
  [[nodiscard]] double yOf(double value) const { return mValueAxis->coordToPixel(value); }
  const std::vector<double>& m_x;
  const ValuePyramid& m_values;
  QColor m_circles;
};

}  // namespace weft::ui
