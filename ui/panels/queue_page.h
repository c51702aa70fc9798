// SPDX-License-Identifier: GPL-3.0-or-later
// Queue: what will be run one after the other, in which order, and how far it is. Main thread only.
#pragma once

#include <QWidget>

#include "ui/models/draft.h"
#include "ui/models/queue_desk.h"
#include "ui/theme/theme.h"

class QLabel;
class QPushButton;
class QStackedLayout;
class QTableView;

namespace weft::ui {

class QueuePage final : public QWidget {
  Q_OBJECT
 public:
  QueuePage(Theme& theme, Draft& draft, QueueDesk& desk, QWidget* parent);

  [[nodiscard]] QTableView* table() { return m_table; }
  [[nodiscard]] QPushButton* runButton() { return m_run; }
  [[nodiscard]] QPushButton* stopButton() { return m_stop; }
  [[nodiscard]] QPushButton* upButton() { return m_up; }
  [[nodiscard]] QPushButton* downButton() { return m_down; }
  [[nodiscard]] QPushButton* removeButton() { return m_remove; }
  [[nodiscard]] QPushButton* emptyButton() { return m_addFirst; }
  [[nodiscard]] QString sentence() const;
  void choose(QueueId entry);

 Q_SIGNALS:
  void addWanted();                               // the settings of Set-up, as they are
  void sweepWanted();
  void runChosen(weft::RunId run);
  void settingsWanted(const weft::Json& config);  // "use these settings"

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  QWidget* makeList();
  QWidget* makeEmpty();
  void refresh();
  void fitColumns();
  void menuAt(const QPoint& position);
  [[nodiscard]] const QueueItem* chosen() const;
  void shift(int by);
  void removeChosen();
  Theme& m_theme;
  Draft& m_draft;
  QueueDesk& m_desk;
  QStackedLayout* m_pages;
  QTableView* m_table;
  QLabel* m_sentence;
  QPushButton *m_run, *m_stop, *m_sweep, *m_up, *m_down, *m_remove, *m_addFirst;
  QueueId m_chosen = 0;                           // stays chosen when the order changes
};

}  // namespace weft::ui
