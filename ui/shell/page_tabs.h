// SPDX-License-Identifier: GPL-3.0-or-later
// The row of buttons that choose the page: where large words leave no room they go without their icons. Main thread only.
#pragma once

#include <QWidget>

namespace weft::ui {

class PageTabs final : public QWidget {
 public:
  using QWidget::QWidget;   // its layout and buttons are given to it

 protected:
  void resizeEvent(QResizeEvent* event) override;
};

}  // namespace weft::ui
