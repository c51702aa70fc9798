// SPDX-License-Identifier: GPL-3.0-or-later
// Projects and models opened before on this machine, the last one first, and those that are kept at the top: preferences, kept
// with the window's others. Main thread only.
#pragma once

#include <vector>

#include <QString>
#include <QStringList>

namespace weft::ui {

struct RecentPath {
  QString path, name;
  bool there = true;      // it can still be found
  bool pinned = false;
};

class RecentPaths final {
 public:
  static constexpr int kMost = 8;   // beside those that are pinned
  [[nodiscard]] static RecentPaths projects() { return RecentPaths(QStringLiteral("recent")); }
  [[nodiscard]] static RecentPaths models() { return RecentPaths(QStringLiteral("recentModels")); }

  [[nodiscard]] std::vector<RecentPath> list() const;   // the pinned ones first
  [[nodiscard]] QString last() const;                   // opened last, pinned or not
  void add(const QString& path) const;
  void pin(const QString& path, bool on) const;
  // What is gone from `path` was found at `now`.
  void relocate(const QString& path, const QString& now) const;
  void forget(const QString& path) const;
  void clear() const;                                   // but what is pinned

 private:
  explicit RecentPaths(const QString& key) : m_key(key), m_pinKey(key + QStringLiteral("Pinned")) {}
  [[nodiscard]] QStringList paths() const;
  [[nodiscard]] QStringList pinned() const;
  void keep(const QStringList& paths) const;
  QString m_key, m_pinKey;
};

}  // namespace weft::ui
