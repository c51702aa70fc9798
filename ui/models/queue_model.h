// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of the queue: position, name, what differs, state, progress, time. Rows can be dragged; the order changes when the project says
// so, not here. Main thread only.
#pragma once

#include <vector>

#include <QAbstractTableModel>

#include "ui/bridge/run_keeper.h"

namespace weft::ui {

class RunHistory;

class QueueModel final : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { Position, Name, Differs, State, Progress, Time, ColumnCount };
  enum Role { IdRole = Qt::UserRole + 1, IconRole, StateRole, ShareRole };  // share: of its steps, 0..1; -1: not known

  using QAbstractTableModel::QAbstractTableModel;
  void setItems(std::vector<QueueItem> items);
  // The running entry's steps, as the live run has them.
  void setProgress(RunId run, std::int64_t step, std::int64_t totalSteps);

  [[nodiscard]] const std::vector<QueueItem>& items() const { return m_items; }
  [[nodiscard]] int rowOf(QueueId entry) const;  // -1: not there
  [[nodiscard]] int pendingCount() const;
  // What is still to be run; nothing when one of them is not known.
  [[nodiscard]] std::optional<double> pendingSeconds() const;

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
  [[nodiscard]] Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
  [[nodiscard]] QStringList mimeTypes() const override;
  [[nodiscard]] QMimeData* mimeData(const QModelIndexList& indexes) const override;
  bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column, const QModelIndex& parent) override;

 Q_SIGNALS:
  void moveWanted(weft::QueueId entry, std::int64_t position);  // by a drop; position counted from 1

 private:
  [[nodiscard]] QString text(const QueueItem& item, int column) const;
  std::vector<QueueItem> m_items;
};

// The word that the window shows for a stored state of an entry.
[[nodiscard]] QString queueStateWord(const std::string& state);

}  // namespace weft::ui
