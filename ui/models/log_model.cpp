// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/log_model.h"

namespace weft::ui {
namespace {

QString word(LogEntry::Level level) {
  switch (level) {
    case LogEntry::Level::Info: return LogModel::tr("info");
    case LogEntry::Level::Warning: return LogModel::tr("warning");
    case LogEntry::Level::Error: return LogModel::tr("error");
  }
  return {};
}

}  // namespace

void LogModel::add(LogEntry::Level level, const QString& text, qint64 step) {
  if (m_entries.size() >= kMaxRows) {
    beginRemoveRows({}, 0, 0);
    m_entries.pop_front();
    endRemoveRows();
  }
  const int row = static_cast<int>(m_entries.size());
  beginInsertRows({}, row, row);
  m_entries.push_back({QDateTime::currentDateTime(), level, step, text});
  m_problems += level != LogEntry::Level::Info;
  endInsertRows();
  Q_EMIT added(level);
}

void LogModel::clear() {
  beginResetModel();
  m_entries.clear();
  m_problems = 0;
  endResetModel();
}

QString LogModel::report() const {
  QString text;
  for (const auto& e : m_entries)
    text += QStringLiteral("%1 %2 %3%4\n").arg(e.at.toString(Qt::ISODate), word(e.level),
                                               e.step >= 0 ? QStringLiteral("[step %1] ").arg(e.step) : QString(), e.text);
  return text;
}

int LogModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_entries.size()); }
int LogModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant LogModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const auto& e = m_entries[static_cast<std::size_t>(index.row())];
  if (role == LevelRole) return static_cast<int>(e.level);
  if (role == Qt::ToolTipRole && index.column() == Text) return e.text;
  if (role == Qt::TextAlignmentRole && index.column() == Step) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (index.column()) {
    case Time: return e.at.toString(QStringLiteral("HH:mm:ss"));
    case Kind: return word(e.level);
    case Step: return e.step >= 0 ? QVariant(e.step) : QVariant(QString());
    case Text: return e.text;
    default: return {};
  }
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  switch (section) {
    case Time: return tr("Time");
    case Kind: return tr("Kind");
    case Step: return tr("Step");
    case Text: return tr("What");
    default: return {};
  }
}

}  // namespace weft::ui
