// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QWidget;

namespace weft::ui {

// Has assistive technology say what came up without the keyboard going there: an alert of the widget, whose description the words become.
void announce(QWidget& widget, const QString& words);

}  // namespace weft::ui
