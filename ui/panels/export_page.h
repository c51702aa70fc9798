// SPDX-License-Identifier: GPL-3.0-or-later
// Export: a checkpoint of a run, or an adapter from elsewhere, as PEFT folder or merged model, verified by loading it again before it is called done.
// Main thread only.
#pragma once

#include <QWidget>

#include "engine/api/export_offer.h"
#include "ui/models/draft.h"
#include "ui/models/run_desk.h"
#include "ui/theme/theme.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace weft::ui {

class ElidedLabel;
class ExportResult;
class StateLabel;

class ExportPage final : public QWidget {
  Q_OBJECT
 public:
  ExportPage(Theme& theme, Draft& draft, RunDesk& desk, QWidget* parent);
  void chooseRun(RunId run, std::int64_t step = 0);   // 0: its last checkpoint
  void chooseRank(RunId run, std::int64_t step, int rank);   // the nearest LoRA of that rank
  void chooseAdapter(const QString& path);            // PEFT folder or adapter file; it belongs to the model in Set up
  void chooseRank(const QString& adapter, int rank);
  void chooseFormat(const QString& format);      // as ExportWay::format
  [[nodiscard]] QComboBox* runs() { return m_run; }
  [[nodiscard]] QComboBox* formats() { return m_format; }
  [[nodiscard]] QLineEdit* rankField() { return m_rank; }
  [[nodiscard]] QPushButton* button() { return m_export; }
  [[nodiscard]] QPushButton* cancelButton() { return m_cancel; }   // while it writes
  [[nodiscard]] QLineEdit* folder() { return m_folder; }
  [[nodiscard]] StateLabel* state() { return m_state; }
  [[nodiscard]] ExportResult* result() { return m_result; }
  [[nodiscard]] QPushButton* copyHash() { return m_copyHash; }
  [[nodiscard]] QString base() const;            // the model's name, file and hash, as they are shown
  [[nodiscard]] QString space() const;           // what it takes and what is free
  [[nodiscard]] QString carried() const;         // the template

 Q_SIGNALS:
  void exported(const QString& path);

 private:
  static constexpr const char* kOfRank = "peft-rank";   // as ExportWay has it
  [[nodiscard]] QString elsewhere() const;       // the chosen adapter where no run wrote it; else ""
  [[nodiscard]] RunId chosenRun() const;          // 0: none, or elsewhere()
  [[nodiscard]] QString modelNow() const;
  void refreshRuns();
  void readCheckpoints();
  void proposeFolder();
  [[nodiscard]] std::int64_t bestStep(RunId run) const;
  void refresh();
  void start();
  void showProgress(std::uint64_t done, std::uint64_t all);   // bytes
  void showReport(const Result<ExportReport>& report);
  void readOffers();
  void offerFormats(const RunRecord& record);
  void identify(const QString& model);           // the base, on a worker
  void showSizes();
  [[nodiscard]] QString format() const;
  [[nodiscard]] bool ofRank() const;
  [[nodiscard]] std::int64_t rank() const;       // 0: the field holds none
  [[nodiscard]] double energy() const;           // 0: it holds no share either
  [[nodiscard]] const ExportOffer* offer(const QString& format) const;   // null: not known
  Draft& m_draft;
  RunDesk& m_desk;
  std::int64_t m_wantedStep = 0;     // to be chosen once the checkpoints are read
  QComboBox *m_run, *m_step, *m_format, *m_dtype;
  QLineEdit *m_folder, *m_rank;
  QLabel *m_stepLabel = nullptr, *m_rankLabel = nullptr, *m_abilities, *m_space;
  ElidedLabel *m_base, *m_hash, *m_template;
  QPushButton* m_copyHash;
  QProgressBar* m_busyBar;
  QPushButton* m_cancel;
  QPushButton* m_export;
  StateLabel* m_state;
  ExportResult* m_result;
  std::shared_ptr<std::atomic<bool>> m_ending;   // of the export in progress
  bool m_busy = false, m_folderTouched = false;
  QString m_model;                               // of the chosen run, and of what m_base says
  std::vector<CheckpointRow> m_checkpoints;
  RunRecord m_record;                            // the chosen run, its matrices as soon as they are read
  std::vector<ExportOffer> m_offers;             // of it
  RunId m_offeredFor = 0, m_asked = 0;           // m_asked: to be chosen when it is listed
};

}  // namespace weft::ui
