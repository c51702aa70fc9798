// SPDX-License-Identifier: GPL-3.0-or-later
// Will it fit: the plan's memory by kind beside what is free, what runs like it took, and the ways out where it will not; and whether the
// checkpoints find room on the disk. A view of the draft.
// Main thread only.
#pragma once

#include "ui/models/draft.h"
#include "ui/widgets/controls.h"

namespace weft::ui {

class AdviceStrip;
class PlanBar;

class MemoryCard final : public QWidget {
  Q_OBJECT
 public:
  MemoryCard(Theme& theme, Draft& draft, QWidget* parent);
  [[nodiscard]] QString words() const { return m_words->text(); }
  [[nodiscard]] PlanBar* bar() { return m_bar; }
  [[nodiscard]] QPushButton* insistButton() { return m_insist; }
  [[nodiscard]] QString why() const { return m_why->text(); }
  [[nodiscard]] AdviceStrip* disk() { return m_disk; }

 Q_SIGNALS:
  void copyWanted();   // of the project, to another disk

 private:
  void refresh();
  void showWays();
  void showDisk();
  Theme& m_theme;
  Draft& m_draft;
  Card* m_card;
  PlanBar* m_bar;
  QLabel* m_words;
  QLabel* m_why;
  QWidget* m_waysBoard;
  QPushButton* m_insist;
  AdviceStrip* m_disk;
};

}  // namespace weft::ui
