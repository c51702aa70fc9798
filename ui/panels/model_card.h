// SPDX-License-Identifier: GPL-3.0-or-later
// The card of the model: what it is and under which licence, its other files, models opened before, and why one cannot be used. A view of the
// draft. Main thread only.
#pragma once

#include "ui/models/draft.h"
#include "ui/widgets/controls.h"

class QMenu;

namespace weft::ui {

class ModelCard final : public QWidget {
  Q_OBJECT
 public:
  ModelCard(Theme& theme, Draft& draft, QWidget* parent);
  [[nodiscard]] Card* card() { return m_card; }
  [[nodiscard]] QString problem() const;
  // Fills the menus as they are about to be shown; for tests.
  void fillRecent(QMenu* menu);
  void fillBeside(QMenu* menu);

 Q_SIGNALS:
  void sampleWanted();

 private:
  void refresh();
  void open();
  [[nodiscard]] QString ask(const QString& title, const QString& folder);
  Theme& m_theme;
  Draft& m_draft;
  Card* m_card;
  ElidedLabel* m_name;
  QLabel* m_facts;
  QLabel* m_problem;
  QPushButton* m_sample;
  QPushButton* m_file;
  QPushButton* m_recent;
  QPushButton* m_beside;
  QMenu *m_recentMenu, *m_besideMenu;
};

}  // namespace weft::ui
