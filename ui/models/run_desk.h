// SPDX-License-Identifier: GPL-3.0-or-later
// The runs of the open project: the one that is live, the one that is shown, and what can be done with them.
// Everything shown comes from the project or from live events that the project also holds. Main thread only.
#pragma once

#include <memory>

#include <QObject>
#include <QThreadPool>

#include "ui/bridge/backend.h"
#include "ui/models/log_model.h"
#include "ui/models/run_history.h"

namespace weft::ui {

class RunDesk final : public QObject {
  Q_OBJECT
 public:
  RunDesk(Backend& backend, QObject* parent);
  ~RunDesk() override;

  [[nodiscard]] Backend& backend() { return m_backend; }
  [[nodiscard]] const ProjectFacts& project() const { return m_project; }
  [[nodiscard]] const ProjectOverview& overview() const { return m_overview; }
  [[nodiscard]] const std::shared_ptr<RunHistory>& live() const { return m_live; }    // null: none in this window yet
  [[nodiscard]] const std::shared_ptr<RunHistory>& shown() const { return m_shown; }  // null: none
  [[nodiscard]] bool isLive() const { return m_live && m_live->running(); }
  [[nodiscard]] bool starting() const { return m_starting; }
  [[nodiscard]] LogModel& log() { return m_log; }

  void openProject(const QString& path, bool create, std::function<void(Result<ProjectFacts>)> done);
  void show(RunId run);
  void forget(RunId run);            // it was deleted
  void train(const TrainRequest& request);
  void resume(RunId run, const RunEdit& edit = {});   // an edit holds from its first step on
  // A run that was begun elsewhere (the queue) is the live one from now on; `ready`: its events may come.
  void adopt(RunId run, const QString& name, const Json& config, bool resumed, std::function<void()> ready);
  void control(Control control);
  // Changes the live run; `done` as Backend::editRun(), unless `context` has died.
  void edit(const RunEdit& edit, QObject* context, Backend::Reply<std::int64_t> done);
  // Ends the live run and goes on from an earlier checkpoint of it: what came after is forgotten.
  void goBack(std::int64_t step, const RunEdit& edit);
  void refresh();                    // reads the lists of the project again

 Q_SIGNALS:
  void projectChanged();
  void overviewChanged();
  void shownChanged();               // another run is shown
  void advanced();                   // new events of the live run; cheap, at most one a wake-up
  void stateChanged();               // the live run's state word, or starting()
  void failed(const QString& what);  // an order was refused, or the run failed; already in the log
  void finished();                   // the live run is over

 private:
  void onEvents(const std::vector<Event>& events, quint64 dropped);
  void resumeFrom(RunResume from);
  void adoptStarted(Result<RunId> id, bool resumed);
  void reload(RunId run, bool live);
  // Reads a run and builds its history off the main thread: a long one takes a tenth of a second.
  void readHistory(RunId run, std::function<void(Result<std::shared_ptr<RunHistory>>)> done);
  Backend& m_backend;
  ProjectFacts m_project;
  ProjectOverview m_overview;
  std::shared_ptr<RunHistory> m_live, m_shown;
  LogModel m_log;
  bool m_starting = false;
  Json m_startedConfig;
  std::optional<RunResume> m_next;   // once the live run is over
  RunId m_wanted = 0;                // run asked for by show(); the latest wins
  quint64 m_dropped = 0;
  QThreadPool m_builder;
};

}  // namespace weft::ui
