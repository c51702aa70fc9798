// SPDX-License-Identifier: GPL-3.0-or-later
// What is rendered for looking at: each picture a name and how the window gets there. Used by weft_render_pages alone.
#pragma once

#include <functional>
#include <vector>

#include <QPixmap>
#include <QString>

#include "ui/shell/main_window.h"

namespace weft::test {

struct PagePicture {
  QString name;
  std::function<void()> arrange;   // leaves the window ready to be grabbed, but for its redraws
};

// Of a project that holds finished runs; the first runs of it are those that screenshots.sh makes.
[[nodiscard]] std::vector<PagePicture> finished_pictures(ui::MainWindow& window);
// Of a run that is paused in this window.
[[nodiscard]] std::vector<PagePicture> paused_pictures(ui::MainWindow& window);
// Of a window without a project.
[[nodiscard]] std::vector<PagePicture> empty_pictures(ui::MainWindow& window);
// Every method's picture with its words, for the shapes of `window`'s model.
[[nodiscard]] QPixmap method_sheet(ui::Theme& theme);

// The window with the dialogs and popups that lie over it.
[[nodiscard]] QPixmap grab_all(ui::MainWindow& window);

}  // namespace weft::test
