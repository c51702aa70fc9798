// SPDX-License-Identifier: GPL-3.0-or-later
// Words of the engine (methods, settings, phases, notices) in the language of the window. The engine speaks English and knows nothing of it; what has no
// translation stays as it is. Main thread.
#pragma once

#include <string>

#include <QString>

namespace weft::ui {

[[nodiscard]] QString engineText(const std::string& text);

}  // namespace weft::ui
