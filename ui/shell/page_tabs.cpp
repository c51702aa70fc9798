// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/page_tabs.h"

#include <QLayout>
#include <QPushButton>

namespace weft::ui {
namespace {

constexpr QSize kIcon(20, 16);

}  // namespace

void PageTabs::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  const auto buttons = findChildren<QPushButton*>(QString(), Qt::FindDirectChildrenOnly);
  const QMargins margins = layout()->contentsMargins();
  int wide = margins.left() + margins.right() - layout()->spacing();
  for (auto* button : buttons) {
    button->setIconSize(kIcon);
    wide += button->sizeHint().width() + layout()->spacing();
  }
  if (wide > width())
    for (auto* button : buttons) button->setIconSize(QSize(0, 0));
}

}  // namespace weft::ui
