// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/announce.h"

#include <QAccessible>
#include <QWidget>

namespace weft::ui {

void announce(QWidget& widget, const QString& words) {
  widget.setAccessibleDescription(words);
  if (words.isEmpty()) return;
  QAccessibleEvent event(&widget, QAccessible::Alert);
  QAccessible::updateAccessibility(&event);
}

}  // namespace weft::ui
