// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QMenu;

namespace weft::ui {

class Theme;

// View > Text size: shown at once and kept.
void addTextSizeMenu(QMenu& view, Theme& theme);

}  // namespace weft::ui
