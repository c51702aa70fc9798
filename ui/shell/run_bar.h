// SPDX-License-Identifier: GPL-3.0-or-later
// The bar above the pages: what is set up (model, data, method), memory, the exact state of the live run, and the orders
// Train, Pause, Stop & save, Checkpoint, Sample. Buttons mirror the window's actions. Main thread only.
#pragma once

#include <QWidget>

#include "ui/models/draft.h"
#include "ui/models/run_desk.h"
#include "ui/panels/setup_page.h"
#include "ui/theme/theme.h"

class QAction;
class QPushButton;

namespace weft::ui {

class StateLabel;

struct RunActions {
  QAction *train, *pause, *stop, *checkpoint, *queue, *sample;
};

// Resident memory of the process against the machine's, as bar and words.
class MemoryBar final : public QWidget {
  Q_OBJECT
 public:
  MemoryBar(Theme& theme, QWidget* parent);
  void setBytes(double used, double total);
  [[nodiscard]] QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  [[nodiscard]] QString words() const;
  Theme& m_theme;
  double m_used = 0, m_total = 0;
};

class RunBar final : public QWidget {
  Q_OBJECT
 public:
  RunBar(Theme& theme, Draft& draft, RunDesk& desk, const RunActions& actions, QWidget* parent);

 Q_SIGNALS:
  void subjectChosen(weft::ui::Subject subject);

 private:
  void refreshDraft();
  void refreshRun();
  Draft& m_draft;
  RunDesk& m_desk;
  QPushButton *m_model, *m_data, *m_method;
  MemoryBar* m_memory;
  StateLabel* m_state;
  QPushButton *m_train, *m_pause, *m_stop, *m_checkpoint, *m_queue, *m_sample;
  Theme& m_theme;
};

}  // namespace weft::ui
