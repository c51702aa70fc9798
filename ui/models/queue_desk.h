// SPDX-License-Identifier: GPL-3.0-or-later
// The queue of the open project in the window: its rows, and what can be done with them. Tells the run desk of each run that begins.
// Main thread only.
#pragma once

#include <QObject>
#include <QTimer>

#include "ui/models/queue_model.h"
#include "ui/models/run_desk.h"

namespace weft::ui {

class QueueDesk final : public QObject {
  Q_OBJECT
 public:
  QueueDesk(RunDesk& desk, QObject* parent);

  [[nodiscard]] QueueModel& model() { return m_model; }
  [[nodiscard]] RunKeeper& keeper() { return m_keeper; }
  [[nodiscard]] bool runs() const { return m_keeper.queueRuns(); }
  [[nodiscard]] bool stopsAfterThis() const { return m_keeper.stopsAfterThis(); }
  [[nodiscard]] bool canRun(QString* why = nullptr) const;

  void add(const QueueAddition& wanted);
  void move(QueueId entry, std::int64_t position);
  void shift(QueueId entry, int by);                              // by rows; nothing at either end
  void remove(QueueId entry);
  void run();
  void stopAfterThis(bool on) { m_keeper.stopAfterThis(on); }
  void refresh();

 Q_SIGNALS:
  void changed();                                                 // rows, or whether it runs
  void added(int count);
  void ended(const QString& sentence, bool bad);                  // all that was to be run is over; already in the log

 private:
  void report(const Status& status);
  RunDesk& m_desk;
  RunKeeper& m_keeper;
  QueueModel m_model;
  QTimer m_liveTimer;
};

}  // namespace weft::ui
