// SPDX-License-Identifier: GPL-3.0-or-later
// A page whose place exists and whose work is still to come: one true sentence. Main thread only.
#pragma once

#include <QWidget>

#include "ui/theme/theme.h"

namespace weft::ui {

class PlaceholderPage final : public QWidget {
  Q_OBJECT
 public:
  PlaceholderPage(Theme& theme, const QString& icon, const QString& title, const QString& sentence, QWidget* parent);
};

}  // namespace weft::ui
