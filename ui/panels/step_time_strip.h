// SPDX-License-Identifier: GPL-3.0-or-later
// How close the shown run's steps are to the machine's floor, what limits them next, and where their time goes. Asks for the floor once a
// run; measures one only when told to, and never while a run goes on. Main thread only.
#pragma once

#include <atomic>
#include <memory>

#include <QFrame>
#include <QTimer>

#include "ui/models/run_desk.h"
#include "ui/theme/theme.h"

class QAction;
class QLabel;
class QPushButton;

namespace weft::ui {

class ElidedLabel;
class PhaseBar;

class StepTimeStrip final : public QFrame {
  Q_OBJECT
 public:
  StepTimeStrip(Theme& theme, RunDesk& desk, QWidget* parent);

  void refresh();
  [[nodiscard]] PhaseBar* bar() { return m_bar; }
  [[nodiscard]] QPushButton* measureButton() { return m_measure; }
  [[nodiscard]] QAction* measureAgain() { return m_again; }
  [[nodiscard]] QString text() const;   // "71 % of the floor · next limit: attention"

 private:
  void askForFloor();
  void measure();
  void refreshButton();

  RunDesk& m_desk;
  std::weak_ptr<RunHistory> m_asked;     // the run whose floor was asked for
  QString m_whyNot;                      // of that run
  std::shared_ptr<std::atomic<bool>> m_cancel;   // of the floor that is being measured; else null
  QTimer m_timer;
  QLabel *m_share, *m_next;
  ElidedLabel* m_about;
  QPushButton* m_measure;
  QAction* m_again;                      // of the context menu, where a floor is known
  PhaseBar* m_bar;
};

}  // namespace weft::ui
