// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/recent_models.h"

#include <QFileInfo>
#include <QSettings>
#include <QStringList>

namespace weft::ui {
namespace {

const QString kKey = QStringLiteral("recentModels");

QStringList paths() { return QSettings().value(kKey).toStringList(); }
void keep(const QStringList& paths) { QSettings().setValue(kKey, paths.mid(0, RecentModels::kMost)); }

}  // namespace

std::vector<RecentModel> RecentModels::list() {
  std::vector<RecentModel> models;
  for (const auto& path : paths()) models.push_back({path, QFileInfo(path).fileName(), QFileInfo::exists(path)});
  return models;
}

void RecentModels::add(const QString& path) {
  QStringList all = paths();
  if (path.isEmpty() || all.value(0) == path) return;
  all.removeAll(path);
  all.prepend(path);
  keep(all);
}

void RecentModels::relocate(const QString& path, const QString& now) {
  QStringList all = paths();
  const auto at = all.indexOf(path);
  if (at < 0 || now.isEmpty()) return;
  all.removeAll(now);
  all[all.indexOf(path)] = now;
  keep(all);
}

void RecentModels::forget(const QString& path) {
  QStringList all = paths();
  all.removeAll(path);
  keep(all);
}

}  // namespace weft::ui
