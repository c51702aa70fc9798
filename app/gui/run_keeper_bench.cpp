// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/run_keeper_bench.h"

#include <algorithm>
#include <set>

#include "app/run/compare/comparison.h"
#include "app/run/report/report_page.h"
#include "app/run/run_estimate.h"
#include "app/run/run_file.h"
#include "app/run/run_removal.h"
#include "app/run/sweep.h"
#include "engine/core/files.h"
#include "projects/api/project_copy.h"
#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"

namespace weft::gui {
namespace {

using ui::qs;
using ui::ss;

constexpr int kSparkValues = 48;

ui::ExpectedTime expected_of(RunEstimator& estimator, const TrainRequest& request) {
  const RunEstimate estimate = estimator.estimate(request);
  return {estimate.steps, estimate.seconds, qs(estimate.basis)};
}

Result<std::vector<ui::QueueItem>> itemsOf(Project& project) {
  WEFT_RETURN_IF_ERROR(project.flush());
  WEFT_ASSIGN_OR_RETURN(std::vector<QueueEntry> entries, project.queue().entries());
  std::vector<const Json*> configs, waiting;
  for (const auto& entry : entries) {
    configs.push_back(&entry.config);
    if (entry.pending()) waiting.push_back(&entry.config);
  }
  auto rows = differing_settings(configs);
  // what tells those that are still to be run apart comes first
  std::set<std::string> apart;
  for (const auto& row : differing_settings(waiting)) apart.insert(row.key);
  std::stable_partition(rows.begin(), rows.end(), [&](const ComparedRow& row) { return apart.contains(row.key); });
  RunEstimator estimator(project);
  std::vector<ui::QueueItem> items;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    ui::QueueItem item;
    item.differs = qs(differences_of(rows, i));
    if (const auto request = train_request_from_json(entries[i].config); request.ok() && entries[i].pending()) item.expected = expected_of(estimator, *request);
    if (entries[i].run != 0)
      if (const auto run = project.run(entries[i].run); run.ok()) {
        item.step = run->last_step;
        item.totalSteps = run->total_steps;
      }
    item.entry = std::move(entries[i]);
    items.push_back(std::move(item));
  }
  return items;
}

Result<std::vector<NewQueueEntry>> entriesOf(const ui::QueueAddition& wanted) {
  std::vector<std::string> sets;
  for (const auto& set : wanted.sets) sets.push_back(ss(set));
  WEFT_ASSIGN_OR_RETURN(const auto cells, expand_sweep(wanted.request, sets));
  std::vector<NewQueueEntry> entries;
  for (const auto& cell : cells) {
    TrainRequest request = wanted.request;
    Status status = apply_settings(request, cell.assignments);
    auto frozen = status.ok() ? freeze(request) : Result<TrainRequest>(status);
    if (!frozen.ok()) return cell.name.empty() ? frozen.status() : frozen.status().with_context(cell.name);
    const std::string name = ss(wanted.name);
    entries.push_back({cell.name.empty() ? name : name.empty() ? cell.name : name + " " + cell.name, to_json(*frozen)});
  }
  return entries;
}

}  // namespace

RunKeeperBench::RunKeeperBench(Workbench& bench, ui::EventPump& pump) : m_bench(bench), m_pump(pump) {
  connect(&pump, &ui::EventPump::events, this, [this](const std::vector<Event>& events) { onEvents(events); });
}

void RunKeeperBench::readQueue(QObject* context, Reply<std::vector<ui::QueueItem>> done) { m_bench.withProject(m_bench.m_readers, context, std::move(done), itemsOf); }

void RunKeeperBench::planQueue(const ui::QueueAddition& wanted, QObject* context, Reply<std::vector<ui::PlannedEntry>> done) {
  m_bench.withProject(m_bench.m_readers, context, std::move(done), [wanted](Project& project) -> Result<std::vector<ui::PlannedEntry>> {
    WEFT_ASSIGN_OR_RETURN(const auto entries, entriesOf(wanted));
    RunEstimator estimator(project);
    std::vector<ui::PlannedEntry> planned;
    for (const auto& entry : entries) {
      WEFT_ASSIGN_OR_RETURN(const TrainRequest request, train_request_from_json(entry.config));
      planned.push_back({qs(entry.name), expected_of(estimator, request)});
    }
    return planned;
  });
}

void RunKeeperBench::addToQueue(const ui::QueueAddition& wanted, QObject* context, Reply<std::vector<QueueId>> done) {
  m_bench.withProject(m_bench.m_orders, this, Reply<std::vector<QueueId>>([this, context = QPointer<QObject>(context), done = std::move(done)](Result<std::vector<QueueId>> ids) {
    if (context) done(std::move(ids));
    Q_EMIT queueChanged();
  }), [wanted, refused = m_bench.refusal()](Project& project) -> Result<std::vector<QueueId>> {
    WEFT_RETURN_IF_ERROR(refused);
    WEFT_ASSIGN_OR_RETURN(const auto entries, entriesOf(wanted));
    return project.queue().add(entries);
  });
}

void RunKeeperBench::moveInQueue(QueueId entry, std::int64_t position, QObject* context, Done done) {
  m_bench.change(context, [entry, position](Project& project) { return project.queue().move(entry, position); }, [this, done = std::move(done)](Status status) {
    done(std::move(status));
    Q_EMIT queueChanged();
  });
}

void RunKeeperBench::removeFromQueue(QueueId entry, QObject* context, Done done) {
  m_bench.change(context, [entry](Project& project) { return project.queue().remove(entry); }, [this, done = std::move(done)](Status status) {
    done(std::move(status));
    Q_EMIT queueChanged();
  });
}

void RunKeeperBench::runQueue() {
  if (m_runs) return;
  if (!m_bench.m_project || !m_bench.m_service) return end(tr("the engine is not loaded yet or no project is open"));
  if (const Status refused = m_bench.refusal(); !refused.ok()) return end(ui::engineText(refused.message()));
  m_going = std::make_shared<Going>(m_bench.m_project, m_bench.m_service);
  m_runs = true;
  m_ran = 0;
  Q_EMIT queueChanged();
  beginNext();
}

void RunKeeperBench::beginNext() {
  m_pump.hold(true);  // the run's number comes before its events
  m_trouble.clear();
  m_bench.later(m_bench.m_orders, this, [going = m_going] {
    auto begun = going->runner.begin_next();
    RunRecord run;
    if (begun.ok() && *begun)
      if (auto read = going->project->run((*begun)->run); read.ok()) run = std::move(*read);
    return std::pair(std::move(begun), std::move(run));
  }, [this](std::pair<Result<std::optional<QueueRunner::Begun>>, RunRecord> answer) {
    const auto& [begun, run] = answer;
    if (!begun.ok() || !*begun) {
      m_pump.hold(false);
      return end(begun.ok() ? QString() : ui::engineText(begun.status().message()));
    }
    m_underWay = true;
    ++m_ran;
    Q_EMIT queueChanged();
    Q_EMIT this->begun((*begun)->run, qs(run.name), run.config, (*begun)->resumed);
  });
}

void RunKeeperBench::adopted() { m_pump.hold(false); }

void RunKeeperBench::stopAfterThis(bool on) {
  if (!m_going || !m_runs) return;
  m_going->runner.stop_after_this(on);
  Q_EMIT queueChanged();
}

void RunKeeperBench::onEvents(const std::vector<Event>& events) {
  if (!m_underWay) return;
  for (const auto& event : events) {
    if (const auto* state = std::get_if<StateEvent>(&event); state && state->state == RunState::Paused && !state->message.empty()) {
      m_trouble = state->message;  // nobody looks into it now: the next one shall run
      m_bench.control(Control::Stop, this, [](const Status&) {});
    }
    if (const auto* finished = std::get_if<FinishedEvent>(&event)) conclude(*finished);
  }
}

void RunKeeperBench::conclude(const FinishedEvent& last) {
  m_underWay = false;
  m_bench.later(m_bench.m_orders, this, [going = m_going, last, trouble = m_trouble] {
    (void)going->service->wait();  // its last event may be here before the service knows
    return going->runner.conclude(last, trouble);
  }, [this](Result<bool> next) {
    if (next.ok() && *next) return beginNext();
    end(next.ok() ? QString() : ui::engineText(next.status().message()));
  });
}

void RunKeeperBench::end(const QString& why) {
  const int failed = m_going ? m_going->runner.failures() : 0;
  const bool ran = m_runs;
  m_runs = false;
  Q_EMIT queueChanged();
  if (ran || !why.isEmpty()) Q_EMIT queueEnded(m_ran, failed, why);
}

void RunKeeperBench::readRecord(RunId run, QObject* context, Reply<RunRecord> done) {
  m_bench.withProject(m_bench.m_readers, context, std::move(done), [run](Project& project) { return project.run(run); });
}

void RunKeeperBench::noteRun(RunId run, const QString& text, QObject* context, Done done) {
  m_bench.change(context, [run, text = ss(text)](Project& project) { return project.set_run_note(run, text); }, std::move(done));
}

void RunKeeperBench::planRemoval(RunId run, QObject* context, Reply<RunRemoval> done) {
  m_bench.withProject(m_bench.m_readers, context, std::move(done), [run](Project& project) { return plan_removal(project, run); });
}

void RunKeeperBench::removeRun(const RunRemoval& removal, QObject* context, Done done) {
  m_bench.change(context, [removal](Project& project) { return remove_run(project, removal); }, std::move(done));
}

void RunKeeperBench::writeReport(RunId run, const QString& path, QObject* context, Reply<QString> done) {
  m_bench.withProject(m_bench.m_readers, context, std::move(done), [run, path](Project& project) -> Result<QString> {
    WEFT_RETURN_IF_ERROR(project.flush());
    WEFT_ASSIGN_OR_RETURN(const std::string page, report_page(project, run));
    WEFT_RETURN_IF_ERROR(write_file_atomically(ss(path), page));
    return path;
  });
}

void RunKeeperBench::copyProject(const QString& to, const ui::LongWork& work, QObject* context, Reply<QString> done) {
  m_bench.withProject(m_bench.m_readers, context, std::move(done), [to = ss(to), goOn = m_bench.goOn(work, context)](Project& project) -> Result<QString> {
    if (!project.read_only()) WEFT_RETURN_IF_ERROR(project.flush());
    WEFT_ASSIGN_OR_RETURN(const ProjectCopy copy, copy_project(project.path(), to, goOn));
    return qs(copy.path);
  });
}

void RunKeeperBench::moveFiles(const QString& folder, const ui::LongWork& work, QObject* context, Reply<QString> done) {
  m_bench.withProject(m_bench.m_readers, context, std::move(done), [folder = ss(folder), goOn = m_bench.goOn(work, context)](Project& project) -> Result<QString> {
    WEFT_RETURN_IF_ERROR(project.flush());   // whether a run goes on stands in the file
    WEFT_ASSIGN_OR_RETURN(const MovedFiles moved, move_project_files(project.path(), folder, goOn));
    return qs(moved.folder);
  });
}

void RunKeeperBench::readSparks(const std::vector<RunId>& runs, QObject* context, Reply<std::vector<std::vector<double>>> done) {
  m_bench.withProject(m_bench.m_readers, context, std::move(done), [runs](Project& project) -> Result<std::vector<std::vector<double>>> {
    std::vector<std::vector<double>> sparks;
    for (const RunId run : runs) {
      WEFT_ASSIGN_OR_RETURN(const auto rows, project.thinned_metrics(run, "loss", kSparkValues));
      auto& values = sparks.emplace_back();
      for (const auto& row : rows) values.push_back(row.value);
    }
    return sparks;
  });
}

}  // namespace weft::gui
