// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine says (methods, settings, phases, notices, errors, lines of the log) in the language of the window. The engine speaks English and knows nothing
// of it; what has no translation stays as it is. Main thread.
#pragma once

#include <string>

#include <QString>

namespace weft::ui {

// Clauses parted by "; " and places before ": " are found one by one, so that a sentence which passed through several hands is still known.
[[nodiscard]] QString engineText(const std::string& text);

}  // namespace weft::ui
