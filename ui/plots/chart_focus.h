// SPDX-License-Identifier: GPL-3.0-or-later
// Charts without a mouse: each is reached by Tab, shows a ring while it has the focus, says its contents to a screen reader, and
// opens its menu by the Menu key or Shift+F10. Main thread only.
#pragma once

#include <QObject>

class QWidget;

namespace weft::ui {

class ExportableChart;
class Theme;

class ChartFocus final : public QObject {
  Q_OBJECT
 public:
  // Lives as long as the chart's widget, which owns it.
  ChartFocus(Theme& theme, ExportableChart& chart, QWidget& widget);

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  ExportableChart& m_chart;
  QWidget& m_widget;
  QWidget* m_ring;
};

}  // namespace weft::ui
