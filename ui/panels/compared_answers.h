// SPDX-License-Identifier: GPL-3.0-or-later
// One prompt answered by the compared runs, each at its last checkpoint and with the template it was trained with, side by side with one seed.
// Main thread only.
#pragma once

#include <vector>

#include <QFrame>

#include "ui/models/conversation.h"
#include "ui/theme/theme.h"

class QCheckBox;
class QComboBox;
class QPushButton;

namespace weft::ui {

class ElidedLabel;
class RunDesk;
class TurnView;

class ComparedAnswers final : public QFrame {
  Q_OBJECT
 public:
  ComparedAnswers(Theme& theme, RunDesk& desk, QWidget* parent);
  // Who answers; answers of other runs go. Prompts that the runs were sampled with are offered.
  void setRuns(const std::vector<RunRecord>& runs);
  void ask();

  [[nodiscard]] Conversation& conversation() { return m_conversation; }
  [[nodiscard]] QComboBox* prompt() { return m_prompt; }
  [[nodiscard]] QCheckBox* base() { return m_base; }
  [[nodiscard]] QPushButton* askButton() { return m_ask; }
  [[nodiscard]] TurnView* turn() { return m_turn; }   // null: nothing was asked

 private:
  void refresh();
  void showTurn();
  Theme& m_theme;
  RunDesk& m_desk;
  Conversation m_conversation;
  std::vector<RunRecord> m_runs;
  QComboBox* m_prompt;
  QCheckBox* m_base;
  QPushButton *m_ask, *m_stop;
  ElidedLabel* m_note;
  TurnView* m_turn = nullptr;
};

}  // namespace weft::ui
