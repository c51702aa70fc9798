// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/path_drops.h"

#include <QDropEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QUrl>

namespace weft::ui {

bool takePathDrop(QLineEdit& edit, QEvent* event) {
  const bool over = event->type() == QEvent::DragEnter || event->type() == QEvent::DragMove;
  if (!over && event->type() != QEvent::Drop) return false;
  auto* drop = static_cast<QDropEvent*>(event);   // the other two derive from it
  const auto urls = drop->mimeData()->urls();
  if (urls.isEmpty() || !urls.front().isLocalFile()) return false;
  drop->acceptProposedAction();
  if (over) return true;
  edit.setText(urls.front().toLocalFile());
  Q_EMIT edit.textEdited(edit.text());   // as if it had been typed
  return true;
}

PathDrops::PathDrops(QLineEdit& edit) : QObject(&edit), m_edit(edit) { edit.installEventFilter(this); }

bool PathDrops::eventFilter(QObject*, QEvent* event) { return takePathDrop(m_edit, event); }

}  // namespace weft::ui
