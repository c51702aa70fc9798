// SPDX-License-Identifier: GPL-3.0-or-later
// What the window asks about the queue and about runs that are kept: the part of the Backend with its rules (answers on the main thread,
// dropped when their context has died). Implemented by app/gui.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include <QObject>
#include <QString>
#include <QStringList>

#include "engine/api/train_request.h"
#include "projects/api/run_queue.h"
#include "projects/api/run_removal.h"
#include "ui/bridge/long_work.h"

namespace weft::ui {

// How long something will take, as far as it is known.
struct ExpectedTime {
  std::int64_t steps = 0;          // 0: they cannot be counted
  std::optional<double> seconds;
  QString basis;                   // "as fast as r3", or why it is not known
};

struct QueueItem {
  QueueEntry entry;
  QString differs;                 // its settings that the others do not all have; of one alone: empty
  ExpectedTime expected;           // of entries that are still to be run
  std::int64_t step = 0, totalSteps = 0;  // of the run it became
};

struct QueueAddition {
  TrainRequest request;
  QString name;                    // of all; a grid's cells get what differs after it
  QStringList sets;                // "train.lr=1e-4,2e-4": a grid over these settings
};

struct PlannedEntry {
  QString name;
  ExpectedTime expected;
};

class RunKeeper : public QObject {
  Q_OBJECT
 public:
  template <typename T>
  using Reply = std::function<void(Result<T>)>;
  using Done = std::function<void(Status)>;
  using QObject::QObject;

  virtual void readQueue(QObject* context, Reply<std::vector<QueueItem>> done) = 0;
  virtual void planQueue(const QueueAddition& wanted, QObject* context, Reply<std::vector<PlannedEntry>> done) = 0;  // adds nothing
  virtual void addToQueue(const QueueAddition& wanted, QObject* context, Reply<std::vector<QueueId>> done) = 0;
  virtual void moveInQueue(QueueId entry, std::int64_t position, QObject* context, Done done) = 0;
  virtual void removeFromQueue(QueueId entry, QObject* context, Done done) = 0;

  // Runs entries until none is left, one is stopped by hand, or stopAfterThis(). Each that begins is told by `begun`; its events come
  // after adopted(), so that whoever shows it is ready for them.
  virtual void runQueue() = 0;
  virtual void adopted() = 0;
  virtual void stopAfterThis(bool on) = 0;
  [[nodiscard]] virtual bool queueRuns() const = 0;
  [[nodiscard]] virtual bool stopsAfterThis() const = 0;

  virtual void readRecord(RunId run, QObject* context, Reply<RunRecord> done) = 0;  // with its sites, which the overview leaves out
  virtual void noteRun(RunId run, const QString& text, QObject* context, Done done) = 0;
  virtual void planRemoval(RunId run, QObject* context, Reply<RunRemoval> done) = 0;
  virtual void removeRun(const RunRemoval& removal, QObject* context, Done done) = 0;
  virtual void writeReport(RunId run, const QString& path, QObject* context, Reply<QString> done) = 0;  // answers the path
  // The open project under another name, with its checkpoints; answers the copy's path. Also of one that may only be read.
  virtual void copyProject(const QString& to, const LongWork& work, QObject* context, Reply<QString> done) = 0;
  // Its checkpoints and exports into another folder, with a link in their place; answers where they lie. Also while a run is paused.
  virtual void moveFiles(const QString& folder, const LongWork& work, QObject* context, Reply<QString> done) = 0;
  // A few values of the loss of each, in step order, for sparklines.
  virtual void readSparks(const std::vector<RunId>& runs, QObject* context, Reply<std::vector<std::vector<double>>> done) = 0;

 Q_SIGNALS:
  void begun(weft::RunId run, const QString& name, const weft::Json& config, bool resumed);
  void queueChanged();             // an entry's state, or whether the queue runs
  void queueEnded(int ran, int failed, const QString& why);  // why: what ended it but its end; "" then
};

}  // namespace weft::ui
