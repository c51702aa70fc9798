// SPDX-License-Identifier: GPL-3.0-or-later
// Models opened before on this machine, the last one first: a preference, kept with the window's others. Main thread only.
#pragma once

#include <vector>

#include <QString>

namespace weft::ui {

struct RecentModel {
  QString path, name;
  bool there = true;      // it can still be found
};

class RecentModels final {
 public:
  static constexpr int kMost = 8;
  [[nodiscard]] static std::vector<RecentModel> list();
  static void add(const QString& path);
  // A model that is gone from `path` was found at `now`.
  static void relocate(const QString& path, const QString& now);
  static void forget(const QString& path);
};

}  // namespace weft::ui
