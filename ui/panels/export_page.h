// SPDX-License-Identifier: GPL-3.0-or-later
// Export: a checkpoint of a run as PEFT folder or merged model, verified by loading it again before it is called done.
// Main thread only.
#pragma once

#include <QWidget>

#include "engine/api/method_exports.h"
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
  void chooseRun(RunId run, std::int64_t step = 0);   // 0: its last checkpoint
  void chooseRank(RunId run, std::int64_t step, int rank);   // the nearest LoRA of that rank
  void chooseFormat(const QString& format);      // as ExportWay::format
  [[nodiscard]] QComboBox* formats() { return m_format; }
  [[nodiscard]] QLineEdit* rankField() { return m_rank; }
  [[nodiscard]] QLabel* report() { return m_report; }
  [[nodiscard]] QPushButton* button() { return m_export; }
  [[nodiscard]] QLineEdit* folder() { return m_folder; }
  [[nodiscard]] StateLabel* state() { return m_state; }

 Q_SIGNALS:
  void exported(const QString& path);

 private:
  void refreshRuns();
  void readCheckpoints();
  void proposeFolder();
  [[nodiscard]] std::int64_t bestStep(RunId run) const;
  void refresh();
  void start();
  void showReport(const Result<ExportReport>& report);
  void readWays();
  void offerFormats(std::vector<ExportWay> ways);
  [[nodiscard]] QString format() const;
  [[nodiscard]] bool ofRank() const;
  [[nodiscard]] std::int64_t rank() const;       // 0: the field holds none
  [[nodiscard]] const ExportWay* way(const QString& format) const;   // null: not known
  RunDesk& m_desk;
  std::int64_t m_wantedStep = 0;     // to be chosen once the checkpoints are read
  QComboBox *m_run, *m_step, *m_format, *m_dtype;
  QLineEdit *m_folder, *m_rank;
  QLabel *m_rankLabel = nullptr, *m_abilities, *m_report, *m_files;
  QProgressBar* m_busyBar;
  QPushButton *m_export, *m_copy;
  StateLabel* m_state;
  QFrame* m_result;
  bool m_busy = false, m_folderTouched = false;
  QString m_snippet;
  std::vector<CheckpointRow> m_checkpoints;
  std::vector<ExportWay> m_ways;              // of the chosen run
  RunId m_offeredFor = 0, m_asked = 0;           // m_asked: to be chosen when it is listed
};

}  // namespace weft::ui
