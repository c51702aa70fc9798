// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/ratio_text.h"

#include <QGuiApplication>

namespace weft::ui {

QString ratioText(const QString& part, const QString& whole) {
  const QString text = QStringLiteral("%1 / %2").arg(part, whole);
  constexpr QChar kFromLeft(0x2066), kEnd(0x2069);   // Unicode's isolates
  return QGuiApplication::isRightToLeft() ? kFromLeft + text + kEnd : text;
}

}  // namespace weft::ui
