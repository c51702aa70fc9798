// SPDX-License-Identifier: GPL-3.0-or-later
// What happened, newest last: the rows of the Log and problems dock. Main thread only.
#pragma once

#include <deque>

#include <QAbstractTableModel>
#include <QDateTime>

namespace weft::ui {

struct LogEntry {
  enum class Level { Info, Warning, Error };
  QDateTime at;
  Level level = Level::Info;
  qint64 step = -1;   // -1: outside a run
  QString text;
};

class LogModel final : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { Time, Kind, Step, Text, ColumnCount };
  enum Role { LevelRole = Qt::UserRole + 1 };

  using QAbstractTableModel::QAbstractTableModel;
  void add(LogEntry::Level level, const QString& text, qint64 step = -1);
  void clear();
  [[nodiscard]] int problems() const { return m_problems; }  // warnings and errors
  [[nodiscard]] QString report() const;                      // all rows as text

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  static constexpr std::size_t kMaxRows = 5000;

 Q_SIGNALS:
  void added(weft::ui::LogEntry::Level level);

 private:
  std::deque<LogEntry> m_entries;
  int m_problems = 0;
};

}  // namespace weft::ui
