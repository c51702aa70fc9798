// SPDX-License-Identifier: GPL-3.0-or-later
// Colours by role; one struct a theme, the only place in the window where colours are written down.
#pragma once

#include <array>

#include <QColor>

namespace weft::ui {

struct Palette {
  bool dark = false;
  QColor window, surface, raised;          // background, cards and docks, fields and buttons
  QColor line, grid;                       // borders, chart grid
  QColor text, secondary, disabled;
  QColor accent, onAccent, accentTint;     // actions and selection; text on it; its faint background
  QColor good, warning, bad;
  QColor frozen, trained;                  // the method picture
  std::array<QColor, 6> series;            // Okabe-Ito order
};

[[nodiscard]] Palette lightPalette();
[[nodiscard]] Palette darkPalette();

// Relative luminance contrast of WCAG, 1 to 21.
[[nodiscard]] double contrast(const QColor& a, const QColor& b);

// Viridis for amounts; BlueRed for signed values, grey at t = 0.5, as told apart by colour-blind eyes too.
enum class ColorMap { Viridis, BlueRed };
// t in 0..1, clamped; linear between the map's anchors.
[[nodiscard]] QColor mapColor(ColorMap map, double t);
// Black or white, whichever reads better on `background`.
[[nodiscard]] QColor readableOn(const QColor& background);

}  // namespace weft::ui
