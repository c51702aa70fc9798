// SPDX-License-Identifier: GPL-3.0-or-later
// Log and problems: what happened, newest last, with a copy of the whole as text. Main thread only.
#pragma once

#include <QWidget>

#include "ui/models/log_model.h"
#include "ui/theme/theme.h"

class QTableView;

namespace weft::ui {

class ProblemsPanel final : public QWidget {
  Q_OBJECT
 public:
  ProblemsPanel(Theme& theme, LogModel& log, QWidget* parent);

 private:
  QTableView* m_view;
};

}  // namespace weft::ui
