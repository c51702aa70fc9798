// SPDX-License-Identifier: GPL-3.0-or-later
// The answers that a run drew while it trained: base beside tuned, by prompt and step. Hidden while there are none. Main thread only.
#pragma once

#include <QFrame>

#include "ui/models/run_history.h"
#include "ui/theme/theme.h"

class QComboBox;
class QTextEdit;

namespace weft::ui {

class SamplesCard final : public QFrame {
  Q_OBJECT
 public:
  SamplesCard(Theme& theme, QWidget* parent);
  // another: not the run that was shown before. run: null for none; not kept.
  void show(const RunHistory* run, bool another);
  [[nodiscard]] QComboBox* prompt() { return m_prompt; }
  [[nodiscard]] QComboBox* step() { return m_step; }
  [[nodiscard]] QString baseText() const;
  [[nodiscard]] QString tunedText() const;

 private:
  void fill();
  std::vector<SamplesEvent> m_samples;
  QComboBox *m_prompt, *m_step;      // of the steps, the newest first
  QTextEdit *m_base, *m_tuned;
};

}  // namespace weft::ui
