// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done with one entry of the queue, as a context menu of the Queue page and the project tree. What belongs to other pages is
// asked for by signals. Main thread only.
#pragma once

#include <QMenu>

#include "ui/models/queue_desk.h"

namespace weft::ui {

class QueueMenu final : public QMenu {
  Q_OBJECT
 public:
  QueueMenu(QueueDesk& desk, QueueId entry, QWidget* parent);

 Q_SIGNALS:
  void showWanted(weft::RunId run);
  void settingsWanted(const weft::Json& config);
};

}  // namespace weft::ui
