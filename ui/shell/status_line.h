// SPDX-License-Identifier: GPL-3.0-or-later
// The status bar: step, tokens/s, time left, memory, cost of the spectra with their cadence to choose, and whether all is saved. Main thread only.
#pragma once

#include <QStatusBar>
#include <QTimer>

#include "ui/models/draft.h"
#include "ui/models/run_desk.h"
#include "ui/theme/theme.h"

class QLabel;
class QPushButton;

namespace weft::ui {

class StateLabel;

class StatusLine final : public QStatusBar {
  Q_OBJECT
 public:
  StatusLine(Theme& theme, Draft& draft, RunDesk& desk, QWidget* parent);
  [[nodiscard]] QString text() const;       // all of it, for tests and assistive technology
  // A sentence beside the rest, for a while.
  void tell(const QString& notice, int ms);
  [[nodiscard]] QPushButton* spectraButton() { return m_spectra; }

 Q_SIGNALS:
  void problemsWanted();

 private:
  void refresh();
  void showSpectra(const RunHistory* run);
  void setCadence(std::int64_t every);
  Draft& m_draft;
  RunDesk& m_desk;
  QLabel *m_notice, *m_ready, *m_step, *m_speed, *m_left, *m_memory;
  QPushButton *m_spectra, *m_problems;
  StateLabel* m_saved;
  QTimer m_timer, m_noticeTimer;
};

}  // namespace weft::ui
