// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/run_desk.h"

#include <utility>

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"

namespace weft::ui {

RunDesk::RunDesk(Backend& backend, QObject* parent) : QObject(parent), m_backend(backend) {
  connect(&backend, &Backend::eventsArrived, this, &RunDesk::onEvents);
  connect(&backend, &Backend::problem, this, [this](const QString& text) { m_log.add(LogEntry::Level::Error, text); });
  connect(&backend, &Backend::engineFailed, this, [this](const QString& why) {
    m_log.add(LogEntry::Level::Error, why);
    Q_EMIT failed(why);
  });
}

RunDesk::~RunDesk() { m_builder.waitForDone(); }

void RunDesk::readHistory(RunId run, std::function<void(Result<std::shared_ptr<RunHistory>>)> done) {
  m_backend.readRun(run, this, [this, done = std::move(done)](Result<RunData> read) {
    if (!read.ok()) return done(read.status());
    m_builder.start([this, done, read = std::make_shared<RunData>(std::move(read).value())]() mutable {
      auto history = std::make_shared<RunHistory>(RunHistory::fromProject(*read));
      read.reset();  // as long a run, as long to free
      QMetaObject::invokeMethod(this, [done, history = std::move(history)] { done(history); }, Qt::QueuedConnection);
    });
  });
}

void RunDesk::openProject(const QString& path, bool create, std::function<void(Result<ProjectFacts>)> done) {
  m_backend.openProject(path, create, this, [this, done = std::move(done)](Result<ProjectFacts> facts) {
    if (facts.ok()) {
      m_project = *facts;
      m_overview = {};
      m_live.reset();
      m_shown.reset();
      m_wanted = 0;
      Q_EMIT projectChanged();
      Q_EMIT shownChanged();
      Q_EMIT stateChanged();
      m_log.add(LogEntry::Level::Info, tr("project %1 opened%2").arg(m_project.path, m_project.readOnly ? tr(", read-only") : QString()));
      refresh();
    } else {
      m_log.add(LogEntry::Level::Error, engineText(facts.status().message()));
    }
    if (done) done(std::move(facts));
  });
}

void RunDesk::refresh() {
  m_backend.readOverview(this, [this](Result<ProjectOverview> overview) {
    if (!overview.ok()) {
      m_log.add(LogEntry::Level::Error, engineText(overview.status().message()));
      return;
    }
    m_overview = std::move(overview).value();
    Q_EMIT overviewChanged();
  });
}

void RunDesk::show(RunId run) {
  m_wanted = run;
  if (m_live && m_live->id == run) {
    m_shown = m_live;
    Q_EMIT shownChanged();
    return;
  }
  reload(run, /*live=*/false);
}

void RunDesk::forget(RunId run) {
  if (m_live && m_live->id == run && !m_live->running()) m_live.reset();
  if (m_wanted == run) m_wanted = 0;
  if (!m_shown || m_shown->id != run) return;
  m_shown.reset();
  Q_EMIT shownChanged();
}

void RunDesk::reload(RunId run, bool live) {
  readHistory(run, [this, run, live](Result<std::shared_ptr<RunHistory>> read) {
    if (!read.ok()) {
      m_log.add(LogEntry::Level::Error, engineText(read.status().message()));
      return;
    }
    const auto history = std::move(read).value();
    if (live) {
      if (!m_live || m_live->id != run) return;
      history->revision = m_live->revision + 1;
      const bool wasShown = m_shown == m_live;
      m_live = history;
      if (!wasShown) return;
      m_shown = m_live;
    } else {
      if (m_wanted != run) return;
      m_shown = history;
    }
    Q_EMIT shownChanged();
  });
}

void RunDesk::train(const TrainRequest& request) {
  if (m_starting || isLive()) return;
  m_starting = true;
  m_startedConfig = to_json(request);
  Q_EMIT stateChanged();
  m_backend.startRun(request, this, [this](Result<RunId> id) { adoptStarted(std::move(id), /*resumed=*/false); });
}

void RunDesk::resume(RunId run, const RunEdit& edit) { resumeFrom({.run = run, .edit = edit.empty() ? std::nullopt : std::optional(edit)}); }

void RunDesk::goBack(std::int64_t step, const RunEdit& edit) {
  if (!isLive()) return;
  m_next = RunResume{.run = m_live->id, .step = step, .edit = edit};
  m_backend.control(Control::Abandon, this, [this](Status status) {
    if (status.ok()) return;
    m_next.reset();
    m_log.add(LogEntry::Level::Error, engineText(status.message()));
  });
}

void RunDesk::edit(const RunEdit& edit, QObject* context, Backend::Reply<std::int64_t> done) { m_backend.editRun(edit, context, std::move(done)); }

void RunDesk::resumeFrom(RunResume from) {
  if (m_starting || isLive()) return;
  m_starting = true;
  Q_EMIT stateChanged();
  // the curves up to the checkpoint come from the project, before the run goes on
  readHistory(from.run, [this, from](Result<std::shared_ptr<RunHistory>> read) {
    if (read.ok()) m_live = *read;
    m_backend.resumeRun(from, this, [this](Result<RunId> id) { adoptStarted(std::move(id), /*resumed=*/true); });
  });
}

void RunDesk::adopt(RunId run, const QString& name, const Json& config, bool resumed, std::function<void()> ready) {
  m_startedConfig = config;
  const auto take = [this, run, name, resumed, ready = std::move(ready)] {
    adoptStarted(run, resumed);
    if (!resumed) m_live->name = name;
    ready();
  };
  if (!resumed) return take();
  readHistory(run, [this, take](Result<std::shared_ptr<RunHistory>> read) {
    if (read.ok()) m_live = *read;
    take();
  });
}

void RunDesk::adoptStarted(Result<RunId> id, bool resumed) {
  m_starting = false;
  if (!id.ok()) {
    const QString why = engineText(id.status().message());
    m_log.add(LogEntry::Level::Error, why);
    Q_EMIT stateChanged();
    Q_EMIT failed(why);
    return;
  }
  if (!resumed || !m_live || m_live->id != *id) {
    m_live = std::make_shared<RunHistory>();
    m_live->id = *id;
    m_live->config = m_startedConfig;
  }
  if (m_live->name.isEmpty()) m_live->name = QStringLiteral("r%1").arg(*id);
  m_live->stateWord = QStringLiteral("preparing");
  m_wanted = *id;
  m_shown = m_live;
  m_log.add(LogEntry::Level::Info, resumed ? tr("%1 goes on").arg(m_live->name) : tr("%1 starts").arg(m_live->name));
  Q_EMIT shownChanged();
  Q_EMIT stateChanged();
  refresh();
}

void RunDesk::control(Control control) {
  m_backend.control(control, this, [this](Status status) {
    if (status.ok()) return;
    const QString why = engineText(status.message());
    m_log.add(LogEntry::Level::Error, why);
    Q_EMIT failed(why);
  });
}

void RunDesk::onEvents(const std::vector<Event>& events, quint64 dropped) {
  if (!m_live) return;
  bool state = false, over = false;
  for (const auto& event : events) {
    m_live->apply(event);
    state = state || std::holds_alternative<StateEvent>(event) || std::holds_alternative<StartedEvent>(event) ||
            std::holds_alternative<CheckpointEvent>(event);
    if (const auto* warning = std::get_if<WarningEvent>(&event))
      m_log.add(LogEntry::Level::Warning, engineText(warning->message), warning->step);
    if (const auto* change = std::get_if<StateEvent>(&event); change && !change->message.empty() && change->state != RunState::Failed)
      m_log.add(LogEntry::Level::Info, QStringLiteral("%1: %2").arg(engineText(run_state_name(change->state)), engineText(change->message)), change->step);
    if (const auto* edit = std::get_if<EditEvent>(&event)) m_log.add(LogEntry::Level::Info, tr("changed: %1").arg(engineText(edit->text)), edit->edit.step);
    if (const auto* best = std::get_if<BestEvent>(&event)) m_log.add(LogEntry::Level::Info, tr("best so far: hold-out %1").arg(fixed(best->loss, 4)), best->step);
    if (const auto* saved = std::get_if<CheckpointEvent>(&event))
      m_log.add(LogEntry::Level::Info, tr("checkpoint written: %1").arg(qs(saved->path)), saved->step);
    over = over || std::holds_alternative<FinishedEvent>(event);
  }
  Q_EMIT advanced();
  if (state || over) Q_EMIT stateChanged();
  if (!over) return;
  const bool bad = m_live->stateWord == QLatin1String("failed");
  m_log.add(bad ? LogEntry::Level::Error : LogEntry::Level::Info,
            tr("%1 %2%3").arg(m_live->name, engineText(ss(m_live->stateWord)), m_live->message.isEmpty() ? QString() : QStringLiteral(": ") + m_live->message),
            m_live->lastStep);
  refresh();
  if (dropped != m_dropped) reload(m_live->id, /*live=*/true);  // what the window missed is in the project
  m_dropped = dropped;
  if (auto next = std::exchange(m_next, std::nullopt)) return resumeFrom(*next);
  Q_EMIT finished();
  if (bad) Q_EMIT failed(m_live->message);
}

}  // namespace weft::ui
