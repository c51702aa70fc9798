// SPDX-License-Identifier: GPL-3.0-or-later
// Layers down, modules across, one figure as colour, the number in the cell where there is room, a scale bar beside it.
// A click or the arrow keys choose a cell. Main thread only.
#pragma once

#include <vector>

#include <QWidget>

#include "ui/plots/chart_export.h"
#include "ui/theme/theme.h"

namespace weft::ui {

struct HeatMapData {
  QStringList columns;                 // module names
  std::vector<int> rows;               // layer numbers
  std::vector<double> values;          // row-major; NaN: no such site
  double low = 0, high = 1;            // of the colours
  int digits = 1;
};

class HeatMap final : public QWidget, public ExportableChart {
  Q_OBJECT
 public:
  HeatMap(Theme& theme, QWidget* parent);
  void setData(HeatMapData data);
  void setChosen(int row, int column);  // -1, -1: none
  void setEmptyText(const QString& text);
  [[nodiscard]] const HeatMapData& shownData() const { return m_data; }
  [[nodiscard]] QRect cellRect(int row, int column) const;

  [[nodiscard]] QWidget* chartWidget() override { return this; }
  void paintChart(QPaintDevice& device, const QSize& size) override;
  [[nodiscard]] QString csv() const override;
  [[nodiscard]] QString chartName() const override { return m_name; }
  [[nodiscard]] QString contents() const override;
  void setChartName(const QString& name) { m_name = name; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {220, 160}; }

 Q_SIGNALS:
  void chosen(int row, int column);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  bool event(QEvent* event) override;

 private:
  struct Layout {
    QRectF cells, bar;
    double cellWidth = 0, cellHeight = 0, gap = 1;
  };
  [[nodiscard]] Layout layoutFor(const QSize& size) const;
  void paintOn(QPainter& painter, const QSize& size) const;
  void paintCells(QPainter& painter, const Layout& layout) const;
  void paintBar(QPainter& painter, const Layout& layout) const;
  [[nodiscard]] double value(int row, int column) const;
  [[nodiscard]] bool cellAt(const QPoint& at, int& row, int& column) const;
  Theme& m_theme;
  HeatMapData m_data;
  QString m_emptyText, m_name = QStringLiteral("effective-rank");
  int m_row = -1, m_column = -1;
};

}  // namespace weft::ui
