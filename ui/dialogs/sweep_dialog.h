// SPDX-License-Identifier: GPL-3.0-or-later
// A grid over settings: which, their values, the runs that come of it and how long they take, before any is added. Not modal: a run may go
// on. Deletes itself when closed. Main thread only.
#pragma once

#include <QDialog>
#include <QTimer>

#include "ui/models/draft.h"
#include "ui/models/queue_desk.h"
#include "ui/theme/theme.h"

class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QTableWidget;

namespace weft::ui {

class SweepDialog final : public QDialog {
  Q_OBJECT
 public:
  SweepDialog(Theme& theme, Draft& draft, QueueDesk& desk, QWidget* parent);

  void set(int row, const QString& key, const QString& values);  // "train.lr", "1e-4, 2e-4"; adds rows as needed
  [[nodiscard]] QTableWidget* preview() { return m_preview; }
  [[nodiscard]] QString sentence() const;
  [[nodiscard]] QPushButton* addButton() { return m_add; }

 private:
  struct Row {
    QComboBox* key;
    QLineEdit* values;
    QPushButton* remove;
  };
  void addRow();
  void removeRow(QPushButton* button);
  void read();
  void show(const Result<std::vector<PlannedEntry>>& planned);
  [[nodiscard]] QueueAddition wanted() const;
  Theme& m_theme;
  Draft& m_draft;
  QueueDesk& m_desk;
  QGridLayout* m_grid;
  std::vector<Row> m_rows;
  QLineEdit* m_name;
  QTableWidget* m_preview;
  QLabel* m_sentence;
  QPushButton *m_more, *m_add;
  QTimer m_timer;
  quint64 m_ticket = 0;
  int m_nextLine = 1;
};

}  // namespace weft::ui
