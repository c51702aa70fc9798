// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/queue_menu.h"

namespace weft::ui {

QueueMenu::QueueMenu(QueueDesk& desk, QueueId entry, QWidget* parent) : QMenu(parent) {
  const QueueModel& model = desk.model();
  const int row = model.rowOf(entry);
  if (row < 0) return;   // removed since the row was drawn
  const QueueEntry& it = model.items()[static_cast<std::size_t>(row)].entry;
  addAction(tr("Show its run"), this, [this, run = it.run] { Q_EMIT showWanted(run); })->setEnabled(it.run != 0);
  addAction(tr("Use these settings"), this, [this, config = it.config] { Q_EMIT settingsWanted(config); });
  addSeparator();
  addAction(tr("Earlier"), this, [&desk, entry] { desk.shift(entry, -1); })->setEnabled(row > 0);
  addAction(tr("Later"), this, [&desk, entry] { desk.shift(entry, 1); })->setEnabled(row + 1 < model.rowCount());
  addAction(tr("Remove"), this, [&desk, entry] { desk.remove(entry); })->setEnabled(it.state != kQueueRunning);
  addSeparator();
  QString why;
  QAction* run = addAction(tr("Run the queue"), this, [&desk] { desk.run(); });
  run->setEnabled(desk.canRun(&why));
  run->setToolTip(why);
}

}  // namespace weft::ui
