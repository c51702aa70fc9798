// SPDX-License-Identifier: GPL-3.0-or-later
// The menu of what was opened before: pinned ones first, missing ones grey with a way to find them, and the list's own
// commands below. Filled anew whenever it is about to be shown, since files come and go. Main thread only.
#pragma once

#include <functional>

#include "ui/models/recent_paths.h"
#include "ui/theme/theme.h"

class QMenu;

namespace weft::ui {

struct RecentMenuActs {
  std::function<void(const QString& path)> open;
  // Asks where a missing one is now; empty: nowhere.
  std::function<QString(const RecentPath& missing)> locate;
  QString current;            // the path that is open now
  bool wholePaths = false;    // shown instead of names
};

void fillRecentMenu(QMenu& menu, Theme& theme, const RecentPaths& recent, const RecentMenuActs& acts);

}  // namespace weft::ui
