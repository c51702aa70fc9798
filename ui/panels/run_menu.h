// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done with one run, as a context menu. What belongs to other pages is asked for by signals. Main thread only.
#pragma once

#include <QMenu>

#include "ui/models/run_desk.h"

class QUndoStack;

namespace weft::ui {

class RunMenu final : public QMenu {
  Q_OBJECT
 public:
  // Renaming and noting are steps of `undo`.
  RunMenu(RunDesk& desk, QUndoStack& undo, const RunRecord& run, QWidget* parent);

 Q_SIGNALS:
  void showWanted(weft::RunId run);
  void compareWanted(weft::RunId run);
  void exportWanted(weft::RunId run);
  void settingsWanted(const weft::Json& config);   // duplicate with changes
  void saveWanted(const weft::Json& config, const QString& path);   // as a run file

 private:
  void rename(const RunRecord& run);
  void note(const RunRecord& run);
  void saveAs(const RunRecord& run);
  void report(const RunRecord& run);
  void remove(const RunRecord& run);
  RunDesk& m_desk;
  QUndoStack& m_undo;
  QWidget* m_over;                                 // dialogs outlive the menu
};

}  // namespace weft::ui
