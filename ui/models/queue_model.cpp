// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/queue_model.h"

#include <algorithm>

#include <QMimeData>

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/models/ratio_text.h"
#include "ui/models/project_model.h"

namespace weft::ui {
namespace {

const QString kMime = QStringLiteral("application/x-weft-queue-entry");

}  // namespace

QString queueStateWord(const std::string& state) {
  if (state == kQueueWaiting) return QueueModel::tr("waiting");
  if (state == kQueueRunning) return QueueModel::tr("running");
  if (state == kQueueDone) return QueueModel::tr("done");
  if (state == kQueueFailed) return QueueModel::tr("failed");
  if (state == kQueueStopped) return QueueModel::tr("stopped");
  if (state == kQueueInterrupted) return QueueModel::tr("interrupted");
  return engineText(state);
}

void QueueModel::setItems(std::vector<QueueItem> items) {
  const bool same = items.size() == m_items.size() &&
                    std::equal(items.begin(), items.end(), m_items.begin(), [](const QueueItem& a, const QueueItem& b) { return a.entry.id == b.entry.id; });
  if (same) {  // selection and scroll position stay
    m_items = std::move(items);
    if (!m_items.empty()) Q_EMIT dataChanged(index(0, 0), index(static_cast<int>(m_items.size()) - 1, ColumnCount - 1));
    return;
  }
  beginResetModel();
  m_items = std::move(items);
  endResetModel();
}

void QueueModel::setProgress(RunId run, std::int64_t step, std::int64_t totalSteps) {
  for (std::size_t i = 0; i < m_items.size(); ++i) {
    auto& item = m_items[i];
    if (item.entry.run != run || item.entry.state != kQueueRunning) continue;
    if (item.step == step && item.totalSteps == totalSteps) return;
    item.step = step;
    item.totalSteps = totalSteps;
    const QModelIndex at = index(static_cast<int>(i), Progress);
    Q_EMIT dataChanged(at, at);
    return;
  }
}

int QueueModel::rowOf(QueueId entry) const {
  const auto at = std::find_if(m_items.begin(), m_items.end(), [entry](const QueueItem& item) { return item.entry.id == entry; });
  return at == m_items.end() ? -1 : static_cast<int>(at - m_items.begin());
}

int QueueModel::pendingCount() const {
  return static_cast<int>(std::count_if(m_items.begin(), m_items.end(), [](const QueueItem& item) { return item.entry.pending(); }));
}

std::optional<double> QueueModel::pendingSeconds() const {
  double sum = 0;
  for (const auto& item : m_items) {
    if (!item.entry.pending()) continue;
    if (!item.expected.seconds) return std::nullopt;
    sum += *item.expected.seconds;
  }
  return sum;
}

int QueueModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_items.size()); }
int QueueModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QString QueueModel::text(const QueueItem& item, int column) const {
  switch (column) {
    case Name: return qs(item.entry.name);
    case Differs: return item.differs;
    case State: return queueStateWord(item.entry.state);
    case Progress:
      if (item.totalSteps > 0) return ratioText(grouped(item.step), grouped(item.totalSteps));
      return item.expected.steps > 0 ? grouped(item.expected.steps) : QString();
    case Time:
      if (!item.entry.pending()) return {};
      return item.expected.seconds ? durationText(*item.expected.seconds) : tr("not known");
    default: return {};
  }
}

QVariant QueueModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) return {};
  const auto& item = m_items[static_cast<std::size_t>(index.row())];
  switch (role) {
    case Qt::DisplayRole: return index.column() == Position ? QString::number(index.row() + 1) : text(item, index.column());
    case Qt::ToolTipRole:
      if (index.column() == Time) return item.entry.pending() ? item.expected.basis : QString();
      if (index.column() == State && !item.entry.message.empty()) return engineText(item.entry.message);
      return text(item, index.column());
    case Qt::AccessibleTextRole: {
      const QString shown = text(item, index.column());
      return index.column() == State && !item.entry.message.empty() ? QStringLiteral("%1: %2").arg(shown, engineText(item.entry.message)) : shown;
    }
    case Qt::TextAlignmentRole:
      return QVariant::fromValue((index.column() == Position || index.column() == Progress || index.column() == Time ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case IdRole: return static_cast<qlonglong>(item.entry.id);
    case IconRole: return stateIcon(qs(item.entry.state));
    case StateRole: return qs(item.entry.state);
    case ShareRole: return item.totalSteps > 0 ? static_cast<double>(item.step) / static_cast<double>(item.totalSteps) : -1.0;
    default: return {};
  }
}

QVariant QueueModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole)
    return QVariant::fromValue((section == Position || section == Progress || section == Time ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  const QString titles[ColumnCount] = {tr("#"), tr("Name"), tr("What differs"), tr("State"), tr("Steps"), tr("Time, about")};
  return section >= 0 && section < ColumnCount ? titles[section] : QVariant();
}

Qt::ItemFlags QueueModel::flags(const QModelIndex& index) const {
  if (!index.isValid()) return Qt::ItemIsDropEnabled;  // between rows, not on them
  return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDragEnabled | Qt::ItemNeverHasChildren;
}

QStringList QueueModel::mimeTypes() const { return {kMime}; }

QMimeData* QueueModel::mimeData(const QModelIndexList& indexes) const {
  if (indexes.isEmpty()) return nullptr;
  auto* data = new QMimeData;
  data->setData(kMime, QByteArray::number(indexes.first().data(IdRole).toLongLong()));
  return data;
}

bool QueueModel::dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int, const QModelIndex& parent) {
  if (action != Qt::MoveAction || parent.isValid() || !data->hasFormat(kMime)) return false;
  const QueueId entry = data->data(kMime).toLongLong();
  const int from = rowOf(entry);
  if (from < 0) return false;
  const int to = row < 0 ? rowCount() : row;
  const int position = to > from ? to : to + 1;  // the rows behind it close up
  if (position != from + 1) Q_EMIT moveWanted(entry, position);
  return false;  // nothing was taken out of the model: the project's answer does that
}

}  // namespace weft::ui
