// SPDX-License-Identifier: GPL-3.0-or-later
// What a run says of itself, below the header of the Live page: why it paused or failed, with the ways out, else the health notices, one line
// that opens to all of them. Not there while there is nothing to say. Main thread only.
#pragma once

#include <atomic>
#include <memory>

#include <QFrame>
#include <QTimer>

#include "ui/models/run_desk.h"
#include "ui/models/steering.h"
#include "ui/theme/theme.h"

class QBoxLayout;
class QLabel;
class QPushButton;

namespace weft::ui {

class NoticeStrip final : public QFrame {
  Q_OBJECT
 public:
  NoticeStrip(Theme& theme, RunDesk& desk, QWidget* parent);

  void refresh();
  // Asks here, and not in a dialog over the run, whether it is to end without saving.
  void askToStop();
  [[nodiscard]] QString text() const;
  [[nodiscard]] QPushButton* exportButton() { return m_export; }
  [[nodiscard]] QPushButton* backButton() { return m_back; }
  [[nodiscard]] QPushButton* skipButton() { return m_skip; }
  [[nodiscard]] QPushButton* moreButton() { return m_more; }
  [[nodiscard]] QPushButton* stopButton() { return m_stop; }
  [[nodiscard]] QPushButton* batchButton() { return m_batch; }
  [[nodiscard]] QPushButton* fewerButton() { return m_fewer; }
  [[nodiscard]] QPushButton* moveButton() { return m_move; }
  [[nodiscard]] QPushButton* endMoveButton() { return m_endMove; }
  [[nodiscard]] QPushButton* lessButton() { return m_less; }
  [[nodiscard]] QPushButton* settingsButton() { return m_settings; }

 Q_SIGNALS:
  void exportWanted(weft::RunId run, std::int64_t step);
  void settingsWanted(const weft::Json& config);

 private:
  void look();                       // at the values: not at every step
  void say(const QString& title, const QString& text, bool below = false);   // below: the buttons, where the text needs the width
  void showOnly(std::initializer_list<QPushButton*> shown);   // null: none
  void sayWhyPaused(const RunHistory& run);
  void sayOutOfMemory(const RunHistory& run);
  void keepFewer();
  void moveFiles();
  void sayMoving();
  void openBatch();
  RunDesk& m_desk;
  QTimer m_timer;
  std::vector<HealthNotice> m_notices;
  bool m_open = false, m_asking = false;
  QBoxLayout *m_layout, *m_row;
  QLabel *m_title, *m_text;
  QPushButton *m_back, *m_skip, *m_export, *m_more, *m_stop, *m_keep, *m_batch, *m_fewer, *m_move, *m_endMove, *m_less, *m_settings;
  std::shared_ptr<std::atomic<bool>> m_ending;   // of the move in progress
  std::uint64_t m_moved = 0, m_toMove = 0;       // bytes
};

}  // namespace weft::ui
