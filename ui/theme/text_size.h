// SPDX-License-Identifier: GPL-3.0-or-later
// How large words are shown, in style sheet, painted cards and charts alike; a preference, else what the desktop asks for. Main thread only.
#pragma once

#include <array>

class QFont;

namespace weft::ui {

class Theme;

inline constexpr std::array<int, 5> kTextPercents = {90, 100, 115, 130, 150};

[[nodiscard]] int textPercent();                          // of what is shown now
void setTextPercent(Theme& theme, int percent);           // at once; the nearest of the sizes above
void keepTextPercent(int percent);                        // from the next start on as well
// The kept one, else what the desktop's own font asks for: a font of the usual 9 to 11 points is 100 %.
[[nodiscard]] int wantedTextPercent(const QFont& desktop);

}  // namespace weft::ui
