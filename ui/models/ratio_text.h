// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace weft::ui {

// "12 / 60", in this order also among words that are read from the right.
[[nodiscard]] QString ratioText(const QString& part, const QString& whole);

}  // namespace weft::ui
