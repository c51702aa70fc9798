// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/recent_paths.h"

#include <algorithm>

#include <QFileInfo>
#include <QSettings>

namespace weft::ui {

QStringList RecentPaths::paths() const { return QSettings().value(m_key).toStringList(); }

QStringList RecentPaths::pinned() const { return QSettings().value(m_pinKey).toStringList(); }

void RecentPaths::keep(const QStringList& paths) const {
  const QStringList held = pinned();
  QStringList kept;
  int others = 0;
  for (const auto& path : paths)
    if (held.contains(path) || others++ < kMost) kept.append(path);
  QSettings().setValue(m_key, kept);
}

std::vector<RecentPath> RecentPaths::list() const {
  std::vector<RecentPath> all;
  const QStringList held = pinned();
  for (const auto& path : paths()) all.push_back({path, QFileInfo(path).fileName(), QFileInfo::exists(path), held.contains(path)});
  std::stable_partition(all.begin(), all.end(), [](const RecentPath& recent) { return recent.pinned; });
  return all;
}

QString RecentPaths::last() const { return paths().value(0); }

void RecentPaths::add(const QString& path) const {
  QStringList all = paths();
  if (path.isEmpty() || all.value(0) == path) return;
  all.removeAll(path);
  all.prepend(path);
  keep(all);
}

void RecentPaths::pin(const QString& path, bool on) const {
  QStringList held = pinned();
  held.removeAll(path);
  if (on) held.append(path);
  QSettings().setValue(m_pinKey, held);
  keep(paths());
}

void RecentPaths::relocate(const QString& path, const QString& now) const {
  QStringList all = paths();
  if (!all.contains(path) || now.isEmpty() || now == path) return;
  const bool held = pinned().contains(path) || pinned().contains(now);
  all.removeAll(now);
  all[all.indexOf(path)] = now;
  keep(all);
  pin(path, false);
  pin(now, held);
}

void RecentPaths::forget(const QString& path) const {
  QStringList all = paths();
  all.removeAll(path);
  keep(all);
  pin(path, false);
}

void RecentPaths::clear() const {
  const QStringList held = pinned();
  QStringList all = paths();
  all.erase(std::remove_if(all.begin(), all.end(), [&](const QString& path) { return !held.contains(path); }), all.end());
  keep(all);
}

}  // namespace weft::ui
