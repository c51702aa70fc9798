// SPDX-License-Identifier: GPL-3.0-or-later
// Log and problems: what happened, newest last, with a report that can be given to others. Main thread only.
#pragma once

#include <functional>

#include <QWidget>

#include "ui/models/log_model.h"
#include "ui/theme/theme.h"

class QPushButton;
class QTableView;

namespace weft::ui {

class ProblemsPanel final : public QWidget {
  Q_OBJECT
 public:
  ProblemsPanel(Theme& theme, LogModel& log, std::function<QString()> report, QWidget* parent);
  [[nodiscard]] QPushButton* copyButton() { return m_copy; }

 private:
  QTableView* m_view;
  QPushButton* m_copy;
};

}  // namespace weft::ui
