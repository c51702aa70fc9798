// SPDX-License-Identifier: GPL-3.0-or-later
// Export: a checkpoint of a run as PEFT folder or merged model, verified by loading it again before it is called done.
// Main thread only.
#pragma once

#include <QWidget>

#include "ui/models/run_desk.h"
#include "ui/theme/theme.h"

class QComboBox;
class QFrame;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace weft::ui {

class StateLabel;

class ExportPage final : public QWidget {
  Q_OBJECT
 public:
  ExportPage(Theme& theme, RunDesk& desk, QWidget* parent);
  void chooseRun(RunId run);
  void chooseFormat(const QString& format);      // "peft", "merged"
  [[nodiscard]] QPushButton* button() { return m_export; }
  [[nodiscard]] QLineEdit* folder() { return m_folder; }
  [[nodiscard]] StateLabel* state() { return m_state; }

 Q_SIGNALS:
  void exported(const QString& path);

 private:
  void refreshRuns();
  void readCheckpoints();
  void proposeFolder();
  void refresh();
  void start();
  void showReport(const Result<ExportReport>& report);
  [[nodiscard]] QString format() const;
  RunDesk& m_desk;
  QComboBox *m_run, *m_step, *m_format, *m_dtype;
  QLineEdit* m_folder;
  QLabel *m_abilities, *m_report, *m_files;
  QProgressBar* m_busyBar;
  QPushButton *m_export, *m_copy;
  StateLabel* m_state;
  QFrame* m_result;
  bool m_busy = false, m_folderTouched = false;
  QString m_snippet;
  std::vector<CheckpointRow> m_checkpoints;
};

}  // namespace weft::ui
