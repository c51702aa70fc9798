// SPDX-License-Identifier: GPL-3.0-or-later
// What a search field finds: all words that were typed, in any order, whatever their case. Any thread.
#pragma once

#include <QString>

namespace weft::ui {

[[nodiscard]] bool hasWords(const QString& text, const QString& typed);   // nothing typed: yes

}  // namespace weft::ui
