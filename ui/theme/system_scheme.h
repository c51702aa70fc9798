// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace weft::ui {

class Theme;

// What the desktop asks for now: shown at once where the choice is to follow the system, kept for when it will be. Main thread only.
void setSystemDark(Theme& theme, bool dark);

}  // namespace weft::ui
