// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/recent_menu.h"

#include <algorithm>

#include <QCoreApplication>
#include <QMenu>

namespace weft::ui {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(recent)
};

// A file's own ampersands are no access keys.
QString shown(const RecentPath& recent, bool whole) { return QString(whole ? recent.path : recent.name).replace(QLatin1Char('&'), QLatin1String("&&")); }

void addEntry(QMenu& menu, Theme& theme, const RecentPaths& recent, const RecentMenuActs& acts, const RecentPath& entry) {
  const QString name = shown(entry, acts.wholePaths);
  auto* action = menu.addAction(entry.there ? name : Words::tr("%1 (missing)").arg(name), &menu, [open = acts.open, path = entry.path] { open(path); });
  action->setToolTip(entry.path);
  action->setEnabled(entry.there);
  if (entry.pinned) action->setIcon(theme.icon(QStringLiteral("pin")));
  if (entry.there) {
    action->setCheckable(entry.path == acts.current);
    action->setChecked(entry.path == acts.current);
    return;
  }
  auto* locate = menu.addAction(Words::tr("Locate %1…").arg(shown(entry, false)), &menu, [recent, acts, entry] {
    const QString now = acts.locate(entry);
    if (now.isEmpty()) return;
    recent.relocate(entry.path, now);
    acts.open(now);
  });
  locate->setIcon(theme.icon(QStringLiteral("search")));
  locate->setToolTip(entry.path);
}

}  // namespace

void fillRecentMenu(QMenu& menu, Theme& theme, const RecentPaths& recent, const RecentMenuActs& acts) {
  menu.clear();
  menu.setToolTipsVisible(true);
  const auto all = recent.list();
  bool missing = false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0 && all[i - 1].pinned && !all[i].pinned) menu.addSeparator();
    addEntry(menu, theme, recent, acts, all[i]);
    missing = missing || !all[i].there;
  }
  if (all.empty()) return;
  menu.addSeparator();
  auto* pins = menu.addMenu(Words::tr("&Keep at the top"));
  for (const auto& entry : all) {
    auto* pin = pins->addAction(shown(entry, acts.wholePaths));
    pin->setCheckable(true);
    pin->setChecked(entry.pinned);
    QObject::connect(pin, &QAction::toggled, &menu, [recent, path = entry.path](bool on) { recent.pin(path, on); });
  }
  if (missing)
    menu.addAction(Words::tr("&Forget those that are missing"), &menu, [recent] {
      for (const auto& entry : recent.list())
        if (!entry.there) recent.forget(entry.path);
    });
  menu.addAction(Words::tr("&Clear this list"), &menu, [recent] { recent.clear(); });
}

}  // namespace weft::ui
