// SPDX-License-Identifier: GPL-3.0-or-later
// The project tree: models, data, runs, queue, exports. Two levels, sections never vanish. Main thread only.
#pragma once

#include <array>
#include <vector>

#include <QAbstractItemModel>

#include "engine/api/method_exports.h"
#include "ui/bridge/backend.h"
#include "ui/bridge/run_keeper.h"
#include "ui/models/run_history.h"

namespace weft::ui {

class ProjectModel final : public QAbstractItemModel {
  Q_OBJECT
 public:
  enum Section { ModelSection, DataSection, RunSection, QueueSection, ExportSection, SectionCount };
  enum class Kind { Model, Data, Run, Queued, Export };
  enum Role { KindRole = Qt::UserRole + 1, IdRole, IconRole, StateRole, WordRole, ValueRole, SparkRole, PathRole, NoteRole, BestRole };

  using QAbstractItemModel::QAbstractItemModel;
  // What Set up holds; models and data of the project's runs stand below it.
  void setInputs(const QString& model, const QString& data);
  void setOverview(const ProjectOverview& overview);
  // What is still to be run or failed; what became a finished run stands there.
  void setQueue(const std::vector<QueueItem>& items);
  void updateRun(const RunHistory& live);      // the live run's row, without touching the rest
  // Lines are read for the rows that are seen: the runs among these rows whose line is not known yet, and what was read of them.
  [[nodiscard]] std::vector<RunId> withoutSpark(int firstRow, int lastRow) const;
  void setSparks(const std::vector<RunId>& runs, const std::vector<std::vector<double>>& losses);

  [[nodiscard]] QModelIndex runIndex(RunId run) const;
  [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
  [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;

 private:
  struct Row {
    Kind kind = Kind::Run;
    qint64 id = 0;
    QString title, icon, state, value, path, note = {}, best = {}, shortBest = {};   // state: as projects store it, or kMissing; best: of the loss on held-out rows
    QVariantList spark;
    std::int64_t lastStep = 0, sparkStep = -1;   // the run's, and when its line was read; -1: not yet
  };
  void replace(Section section, std::vector<Row> rows);
  void fillInputs();
  void fillInputs(Section section, Kind kind, const char* icon, const QString& current, const std::vector<std::pair<QString, int>>& used);
  QString m_model, m_data;
  std::vector<std::pair<QString, int>> m_usedModels, m_usedData;   // by the runs, the newest first; and how many runs
  std::array<std::vector<Row>, SectionCount> m_rows;
};

// State of what is not where the project knows it.
inline const QString kMissing = QStringLiteral("missing");
// "LoRA r16" from a run's settings; icon of a state word.
[[nodiscard]] QString methodText(const Json& config);
// What ExportWay::format names, as people call it.
[[nodiscard]] QString exportTitle(const std::string& format);
[[nodiscard]] QString stateIcon(const QString& stateWord);

}  // namespace weft::ui
