// SPDX-License-Identifier: GPL-3.0-or-later
// The menu that every chart has: its table, copy, save as PNG, SVG, PDF or CSV. A chart says how it is painted and what its
// numbers are; file dialogs and writing are here. Main thread only.
#pragma once

#include <QSize>
#include <QString>

class QPaintDevice;
class QMenu;
class QPoint;
class QWidget;

namespace weft::ui {

class ExportableChart {
 public:
  virtual ~ExportableChart() = default;
  [[nodiscard]] virtual QWidget* chartWidget() = 0;
  virtual void paintChart(QPaintDevice& device, const QSize& size) = 0;
  [[nodiscard]] virtual QString csv() const = 0;      // with a header line
  [[nodiscard]] virtual QString chartName() const = 0;  // "loss": proposed file name
  virtual void addActions(QMenu&) {}                     // of its own, to the menu of the chart
  [[nodiscard]] virtual QString contents() const = 0;   // what it shows, in a sentence: for those who do not see it
};

void showChartMenu(ExportableChart& chart, const QPoint& globalPosition);
// By the ending of `path`: png, svg, pdf, csv. False when it cannot be written.
[[nodiscard]] bool saveChart(ExportableChart& chart, const QString& path);

}  // namespace weft::ui
