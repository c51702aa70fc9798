// SPDX-License-Identifier: GPL-3.0-or-later
// The window's RunKeeper over the workbench's project and run service. Main thread only; owned by the workbench.
#pragma once

#include <memory>

#include "app/gui/workbench.h"
#include "app/run/queue_runner.h"
#include "ui/bridge/run_keeper.h"

namespace weft::gui {

class RunKeeperBench final : public ui::RunKeeper {
  Q_OBJECT
 public:
  RunKeeperBench(Workbench& bench, ui::EventPump& pump);

  void readQueue(QObject* context, Reply<std::vector<ui::QueueItem>> done) override;
  void planQueue(const ui::QueueAddition& wanted, QObject* context, Reply<std::vector<ui::PlannedEntry>> done) override;
  void addToQueue(const ui::QueueAddition& wanted, QObject* context, Reply<std::vector<QueueId>> done) override;
  void moveInQueue(QueueId entry, std::int64_t position, QObject* context, Done done) override;
  void removeFromQueue(QueueId entry, QObject* context, Done done) override;
  void runQueue() override;
  void adopted() override;
  void stopAfterThis(bool on) override;
  [[nodiscard]] bool queueRuns() const override { return m_runs; }
  [[nodiscard]] bool stopsAfterThis() const override { return m_going && m_going->runner.stops_after_this(); }
  void readRecord(RunId run, QObject* context, Reply<RunRecord> done) override;
  void noteRun(RunId run, const QString& text, QObject* context, Done done) override;
  void planRemoval(RunId run, QObject* context, Reply<RunRemoval> done) override;
  void removeRun(const RunRemoval& removal, QObject* context, Done done) override;
  void writeReport(RunId run, const QString& path, QObject* context, Reply<QString> done) override;
  void copyProject(const QString& to, const ui::LongWork& work, QObject* context, Reply<QString> done) override;
  void moveFiles(const QString& folder, const ui::LongWork& work, QObject* context, Reply<QString> done) override;
  void readSparks(const std::vector<RunId>& runs, QObject* context, Reply<std::vector<std::vector<double>>> done) override;

 private:
  // Keeps project and service for as long as an order still uses them.
  struct Going {
    Going(std::shared_ptr<Project> p, std::shared_ptr<RunService> s) : project(std::move(p)), service(std::move(s)), runner(*service, *project) {}
    std::shared_ptr<Project> project;
    std::shared_ptr<RunService> service;
    QueueRunner runner;
  };
  void beginNext();
  void onEvents(const std::vector<Event>& events);
  void conclude(const FinishedEvent& end);
  void end(const QString& why);
  Workbench& m_bench;
  ui::EventPump& m_pump;
  std::shared_ptr<Going> m_going;  // of the queue that runs, or ran last
  bool m_runs = false, m_underWay = false;  // underWay: an entry was begun and is not concluded
  int m_ran = 0;
  std::string m_trouble;           // why the entry's run paused by itself
};

}  // namespace weft::gui
