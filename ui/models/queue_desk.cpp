// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/queue_desk.h"

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"

namespace weft::ui {
namespace {

constexpr int kLiveMs = 250;

}  // namespace

QueueDesk::QueueDesk(RunDesk& desk, QObject* parent) : QObject(parent), m_desk(desk), m_keeper(desk.backend().keeper()) {
  connect(&m_model, &QueueModel::moveWanted, this, &QueueDesk::move);
  connect(&desk, &RunDesk::projectChanged, this, &QueueDesk::refresh);
  connect(&desk, &RunDesk::overviewChanged, this, &QueueDesk::refresh);
  connect(&desk, &RunDesk::stateChanged, this, &QueueDesk::changed);
  connect(&m_keeper, &RunKeeper::queueChanged, this, [this] {
    Q_EMIT changed();  // whether it runs is known at once
    refresh();
  });
  connect(&m_keeper, &RunKeeper::begun, this, [this](RunId run, const QString& name, const Json& config, bool resumed) {
    m_desk.adopt(run, name, config, resumed, [this] { m_keeper.adopted(); });
  });
  connect(&m_keeper, &RunKeeper::queueEnded, this, [this](int ran, int failed, const QString& why) {
    const int waiting = m_model.pendingCount();
    QString text = why.isEmpty() ? tr("The queue is over: %1 run, %2 failed").arg(ran).arg(failed) : tr("The queue ended: %1").arg(why);
    if (why.isEmpty() && waiting > 0) text += tr(", %1 still waiting").arg(waiting);
    const bool bad = failed > 0 || !why.isEmpty();
    m_desk.log().add(bad ? LogEntry::Level::Warning : LogEntry::Level::Info, text);
    Q_EMIT ended(text, bad);
  });
  m_liveTimer.setSingleShot(true);
  m_liveTimer.setInterval(kLiveMs);
  connect(&m_liveTimer, &QTimer::timeout, this, [this] {
    if (const auto& live = m_desk.live()) m_model.setProgress(live->id, live->lastStep, live->totalSteps);
  });
  connect(&desk, &RunDesk::advanced, this, [this] {
    if (!m_liveTimer.isActive()) m_liveTimer.start();
  });
}

bool QueueDesk::canRun(QString* why) const {
  QString reason;
  if (m_desk.project().path.isEmpty())
    reason = tr("open or make a project first");
  else if (m_desk.project().readOnly)
    reason = tr("the project is read-only");
  else if (runs())
    reason = tr("the queue is running");
  else if (m_desk.isLive() || m_desk.starting())
    reason = tr("a run is going on; the queue begins when it is over");
  else if (!m_desk.backend().hasEngine())
    reason = tr("the engine is loading");
  else if (m_model.pendingCount() == 0)
    reason = tr("nothing waits in the queue");
  if (why) *why = reason;
  return reason.isEmpty();
}

void QueueDesk::report(const Status& status) {
  if (!status.ok()) m_desk.log().add(LogEntry::Level::Error, engineText(status.message()));
}

void QueueDesk::refresh() {
  if (m_desk.project().path.isEmpty()) return;
  m_keeper.readQueue(this, [this](Result<std::vector<QueueItem>> items) {
    report(items.status());
    if (items.ok()) m_model.setItems(std::move(*items));
    Q_EMIT changed();
  });
}

void QueueDesk::add(const QueueAddition& wanted) {
  m_keeper.addToQueue(wanted, this, [this](Result<std::vector<QueueId>> ids) {
    report(ids.status());
    if (ids.ok()) Q_EMIT added(static_cast<int>(ids->size()));
  });
}

void QueueDesk::move(QueueId entry, std::int64_t position) {
  m_keeper.moveInQueue(entry, position, this, [this](const Status& status) { report(status); });
}

void QueueDesk::shift(QueueId entry, int by) {
  const int row = m_model.rowOf(entry), to = row + by;
  if (row >= 0 && to >= 0 && to < m_model.rowCount()) move(entry, to + 1);
}

void QueueDesk::remove(QueueId entry) {
  m_keeper.removeFromQueue(entry, this, [this](const Status& status) { report(status); });
}

void QueueDesk::run() {
  if (canRun()) m_keeper.runQueue();
}

}  // namespace weft::ui
