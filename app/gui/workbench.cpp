// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/workbench.h"

#include <algorithm>
#include <filesystem>

#include "app/gui/run_keeper_bench.h"
#include "app/run/best_step.h"
#include "app/run/compare/comparison.h"
#include "app/run/compare/comparison_page.h"
#include "app/run/measured_peaks.h"
#include "app/run/run_file.h"
#include "app/run/run_file_changes.h"
#include "engine/core/disk.h"
#include "engine/core/files.h"
#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"

namespace weft::gui {
namespace {

using ui::qs;
using ui::ss;

constexpr std::size_t kBestRuns = 64;    // the latest runs whose best step is looked up for the project tree
constexpr const char* kReadOnlyHere = "the project is open in another WEFT window, so this one only reads it; use that window, or close it and open the project again here";

constexpr const char* kNoService = "the engine is not loaded yet or no project is open";

Status noProject() { return not_found("no project is open"); }

Result<ui::ProjectOverview> overviewOf(Project& project) {
  ui::ProjectOverview overview;
  WEFT_RETURN_IF_ERROR(project.flush());
  WEFT_ASSIGN_OR_RETURN(overview.runs, project.runs());
  WEFT_ASSIGN_OR_RETURN(overview.artifacts, project.artifacts(0));
  overview.best.resize(overview.runs.size());
  for (std::size_t i = overview.runs.size() - std::min(overview.runs.size(), kBestRuns); i < overview.runs.size(); ++i) {
    WEFT_ASSIGN_OR_RETURN(const auto events, project.events(overview.runs[i].id));
    if (const auto best = best_step(events)) overview.best[i] = ui::RunBest{best->step, best->loss};
  }
  return overview;
}

Result<ui::RunData> dataOf(Project& project, RunId run) {
  ui::RunData data;
  WEFT_RETURN_IF_ERROR(project.flush());
  WEFT_ASSIGN_OR_RETURN(data.run, project.run(run));
  WEFT_ASSIGN_OR_RETURN(data.metrics, project.metrics(run, ""));
  WEFT_ASSIGN_OR_RETURN(data.spectra, project.spectra(run, ""));
  WEFT_ASSIGN_OR_RETURN(data.events, project.events(run));
  WEFT_ASSIGN_OR_RETURN(data.checkpoints, project.checkpoints(run));
  return data;
}

struct Opened {
  std::shared_ptr<Project> project;
  Json settings;   // those that were edited last; in a project made on the command line those of its last run; else null
};

Result<Opened> opened(const std::string& path, bool create) {
  if (create) {
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::absolute(path, error).parent_path(), error);
  }
  WEFT_ASSIGN_OR_RETURN(std::unique_ptr<Project> project, Project::open(path, create));
  const auto draft = project->draft();
  Json settings = draft.ok() ? *draft : Json();
  if (settings.is_null())
    if (auto runs = project->runs(); runs.ok() && !runs->empty()) settings = std::move(runs->back().config);
  return Opened{std::move(project), std::move(settings)};
}

}  // namespace

Workbench::Workbench(EngineFactory factory, QObject* parent) : Backend(parent), m_factory(std::move(factory)) {
  m_readers.setMaxThreadCount(3);   // a long look at data leaves two
  m_orders.setMaxThreadCount(1);
  connect(&m_pump, &ui::EventPump::events, this, &Backend::eventsArrived);
  m_keeper = std::make_unique<RunKeeperBench>(*this, m_pump);  // hears events after the window did
}

Workbench::~Workbench() {
  *m_closing = true;
  if (m_service && m_service->active()) {
    (void)m_service->control(Control::Abandon);  // a run that just ended is as good
    (void)m_service->wait();
  }
  m_orders.waitForDone();
  m_readers.waitForDone();
  if (m_service) m_service->set_listener(nullptr);
  m_keeper.reset();
  m_service.reset();
  m_engine.reset();   // its thread may still record into the project
  m_project.reset();
}

GoOn Workbench::goOn(const ui::LongWork& work, QObject* context) {
  return [closing = m_closing, cancel = work.cancel, told = onTheWay(context, work.onProgress)](std::uint64_t done, std::uint64_t all) {
    if (*closing || (cancel && *cancel)) return false;
    told(done, all);
    return true;
  };
}

Status Workbench::refusal() const { return m_lock.readOnly() ? Status(ErrorCode::Busy, kReadOnlyHere) : Status(); }

void Workbench::change(QObject* context, std::function<Status(Project&)> what, std::function<void(Status)> done) {
  later(m_orders, context, [project = m_project, what = std::move(what), refused = refusal()] {
    if (!refused.ok()) return refused;
    return project ? what(*project) : noProject();
  }, std::move(done));
}

ui::RunKeeper& Workbench::keeper() { return *m_keeper; }

void Workbench::loadEngine() {
  if (m_engine || m_loading) return;
  m_loading = true;
  using Loaded = Result<std::shared_ptr<Engine>>;
  later(m_readers, this, [factory = m_factory]() -> Loaded {
    auto engine = factory();
    if (!engine.ok()) return engine.status();
    return std::shared_ptr<Engine>(std::move(engine).value());
  }, [this](Loaded engine) {
    m_loading = false;
    if (!engine.ok()) {
      Q_EMIT engineFailed(ui::engineText(engine.status().message()));
      return;
    }
    m_engine = std::move(engine).value();
    joinService();
    Q_EMIT engineReady(m_engine->info());
  });
}

void Workbench::joinService() {
  if (m_service) m_service->set_listener(nullptr);
  m_service.reset();
  if (!m_engine || !m_project) return;
  // the deleter's captures keep engine and project alive for as long as an order still uses the service
  m_service = std::shared_ptr<RunService>(new RunService(*m_engine, *m_project),
                                          [engine = m_engine, project = m_project](RunService* service) { delete service; });
  m_service->set_listener(m_pump.sink());
}

std::optional<RunId> Workbench::activeRun() const { return m_service ? m_service->active() : std::nullopt; }

void Workbench::openProject(const QString& path, bool create, QObject* context, Reply<ui::ProjectFacts> done) {
  if (activeRun()) {
    later(m_orders, context, [] { return Result<ui::ProjectFacts>(Status(ErrorCode::Busy, "a run goes on; stop it before opening another project")); }, std::move(done));
    return;
  }
  later(m_orders, this, [path = ss(path), create] { return opened(path, create); },
        [this, context = QPointer<QObject>(context), done = std::move(done)](Result<Opened> found) {
          if (!context) return;
          if (!found.ok()) return done(found.status());
          if (activeRun()) return done(Status(ErrorCode::Busy, "a run goes on; stop it before opening another project"));
          m_project = std::move(found->project);
          const QString elsewhere = m_lock.take(qs(m_project->path()));
          joinService();
          ui::ProjectFacts facts{qs(m_project->path()), qs(m_project->files_folder()), readOnly(), elsewhere, std::move(found->settings)};
          if (const auto known = newest_schema_version(); m_project->schema_version() > known) {
            facts.newerVersion = m_project->schema_version();
            facts.knownVersion = known;
          }
          done(std::move(facts));
        });
}

void Workbench::readOverview(QObject* context, Reply<ui::ProjectOverview> done) {
  withProject(m_readers, context, std::move(done), overviewOf);
}

void Workbench::readRun(RunId run, QObject* context, Reply<ui::RunData> done) {
  withProject(m_readers, context, std::move(done), [run](Project& project) { return dataOf(project, run); });
}

void Workbench::compareRuns(const std::vector<RunId>& runs, QObject* context, Reply<Comparison> done) {
  withProject(m_readers, context, std::move(done), [runs](Project& project) -> Result<Comparison> {
    WEFT_RETURN_IF_ERROR(project.flush());
    return compare_runs(project, runs);
  });
}

void Workbench::exportComparison(const std::vector<RunId>& runs, const QString& path, QObject* context, Reply<QString> done) {
  withProject(m_readers, context, std::move(done), [runs, path](Project& project) -> Result<QString> {
    WEFT_RETURN_IF_ERROR(project.flush());
    WEFT_ASSIGN_OR_RETURN(const Comparison comparison, compare_runs(project, runs));
    const bool csv = path.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive);
    WEFT_RETURN_IF_ERROR(write_file_atomically(ss(path), csv ? comparison_csv(comparison) : comparison_page(comparison, project.path())));
    return path;
  });
}

void Workbench::readCheckpoints(RunId run, QObject* context, Reply<std::vector<CheckpointRow>> done) {
  withProject(m_readers, context, std::move(done), [run](Project& project) -> Result<std::vector<CheckpointRow>> {
    WEFT_RETURN_IF_ERROR(project.flush());
    return project.checkpoints(run);
  });
}

bool Workbench::readOnly() const { return m_lock.readOnly() || (m_project && m_project->read_only()); }

void Workbench::saveDraft(const Json& draft) {
  if (!m_project || readOnly()) return;
  later(m_orders, this, [project = m_project, draft] { return project->save_draft(draft); }, [this](Status status) {
    if (!status.ok()) Q_EMIT problem(ui::engineText(status.with_context("the settings were not saved").message()));
  });
}

void Workbench::saveAsset(const AssetRow& asset) {
  if (!m_project || readOnly()) return;
  later(m_orders, this, [project = m_project, asset] { return project->save_asset(asset); }, [this](Status status) {
    if (!status.ok()) Q_EMIT problem(ui::engineText(status.with_context("the project did not take note of a model or data set").message()));
  });
}

void Workbench::renameRun(RunId run, const QString& name, QObject* context, std::function<void(Status)> done) {
  change(context, [run, name = ss(name)](Project& project) { return project.rename_run(run, name); }, std::move(done));
}

void Workbench::inspectModel(const QString& path, QObject* context, Reply<ModelInfo> done) {
  later(m_readers, context, [path = ss(path)] { return inspect_model(path); }, std::move(done));
}

void Workbench::previewData(const SettingValues& data, const QString& model, std::int64_t rows, const PreviewLimits& limits, QObject* context, Reply<DataPreview> done) {
  later(m_readers, context, [data, model = ss(model), rows, limits] { return preview_data(data, model, rows, limits); }, std::move(done));
}

void Workbench::readColumns(const SettingValues& data, QObject* context, Reply<std::vector<DataColumn>> done) {
  later(m_readers, context, [data] { return data_columns(data); }, std::move(done));
}

void Workbench::readRunFile(const QString& path, const Json& now, QObject* context, Reply<ui::RunFileLook> done) {
  later(m_readers, context, [path = ss(path), now]() -> Result<ui::RunFileLook> {
    WEFT_ASSIGN_OR_RETURN(TrainRequest request, read_run_file(path));
    WEFT_RETURN_IF_ERROR(resolve_paths(request, std::filesystem::path(path).parent_path().string()));
    WEFT_ASSIGN_OR_RETURN(const TrainRequest before, train_request_from_json(now));
    // a file of settings alone leaves the model and the data that are there
    for (const char* section : {"model", "data"})
      if (before.section(section).contains("path") && !request.section(section).contains("path")) request.section(section)["path"] = before.section(section)["path"];
    return ui::RunFileLook{to_json(request), changed_settings(before, request)};
  }, std::move(done));
}

void Workbench::writeRunFile(const Json& config, const QString& path, QObject* context, Reply<QString> done) {
  later(m_readers, context, [config, path]() -> Result<QString> {
    WEFT_ASSIGN_OR_RETURN(const TrainRequest request, train_request_from_json(config));
    WEFT_RETURN_IF_ERROR(write_file_atomically(ss(path), write_run_file(request, std::filesystem::path(ss(path)).parent_path().string())));
    return path;
  }, std::move(done));
}

void Workbench::readOutlook(const TrainRequest& request, QObject* context, Reply<MemoryOutlook> done) {
  later(m_readers, context, [request, project = m_project, running = activeRun().has_value()]() -> Result<MemoryOutlook> {
    std::optional<MeasuredPeak> measured;
    if (project) {
      const auto found = measured_peak(*project, request);   // a project that cannot be read measures nothing
      if (found.ok()) measured = *found;
    }
    WEFT_ASSIGN_OR_RETURN(MemoryOutlook outlook, memory_outlook(request, memory_for_a_run(running), measured));
    if (const std::string folder = project ? project->files_folder() : std::string(); !folder.empty())
      if (const auto free = free_disk_bytes(folder)) outlook.disk = disk_outlook(outlook.plan.checkpoint_bytes, request.train.at("steps").get<std::int64_t>(), request.train, *free);
    return outlook;
  }, std::move(done));
}

void Workbench::order(std::function<Result<RunId>(RunService&)> what, QObject* context, Reply<RunId> done) {
  m_pump.hold(true);  // the run's number comes before its events
  later(m_orders, this, [service = m_service, what = std::move(what), refused = refusal()]() -> Result<RunId> {
    WEFT_RETURN_IF_ERROR(refused);
    if (!service) return not_found(kNoService);
    return what(*service);
  }, [this, context = QPointer<QObject>(context), done = std::move(done)](Result<RunId> run) {
    if (context) done(std::move(run));
    m_pump.hold(false);
  });
}

void Workbench::startRun(const TrainRequest& request, QObject* context, Reply<RunId> done) {
  order([request](RunService& service) { return service.start(request); }, context, std::move(done));
}

void Workbench::resumeRun(const ui::RunResume& from, QObject* context, Reply<RunId> done) {
  order([from](RunService& service) { return service.resume(from.run, {.step = from.step, .edit = from.edit}); }, context, std::move(done));
}

void Workbench::control(Control what, QObject* context, std::function<void(Status)> done) {
  later(m_orders, context, [service = m_service, what] { return service ? service->control(what) : not_found("no run is going on"); }, std::move(done));
}

void Workbench::readFloor(RunId run, QObject* context, Reply<KnownFloor> done) {
  later(m_readers, context, [service = m_service, run]() -> Result<KnownFloor> {
    if (!service) return KnownFloor{.floor = std::nullopt, .why_not = kNoService};
    return service->floor_of(run);
  }, std::move(done));
}

// The answer comes on the engine thread, and also when this object is being taken down: its pools are waited for first. The project stays
// until then, also when another one is opened meanwhile; not the service, whose engine would be taken down by its own thread.
template <typename T>
void Workbench::orderLater(QObject* context, Reply<T> done, std::function<void(RunService&, Reply<T>)> what) {
  const Reply<T> answer = [this, project = m_project, context = QPointer<QObject>(context), done = std::move(done)](Result<T> reply) {
    QMetaObject::invokeMethod(
        this, [context, done, reply = std::move(reply)]() mutable {
          if (context) done(std::move(reply));
        },
        Qt::QueuedConnection);
  };
  m_orders.start([service = m_service, what = std::move(what), answer] {
    if (!service) return answer(not_found(kNoService));
    what(*service, answer);
  });
}

void Workbench::measureFloor(RunId run, const std::shared_ptr<std::atomic<bool>>& cancel, QObject* context, Reply<BatchFloor> done) {
  orderLater<BatchFloor>(context, std::move(done), [run, cancel](RunService& service, Reply<BatchFloor> answer) {
    service.measure_floor(run, std::move(answer), [cancel] { return cancel && *cancel; });
  });
}

void Workbench::editRun(const RunEdit& edit, QObject* context, Reply<std::int64_t> done) {
  orderLater<std::int64_t>(context, std::move(done), [edit](RunService& service, Reply<std::int64_t> answer) { service.edit(edit, std::move(answer)); });
}

void Workbench::closeUp(const ui::CloseUpOrder& order, QObject* context, Reply<CloseUpReply> done) {
  orderLater<CloseUpReply>(context, std::move(done), [order](RunService& service, Reply<CloseUpReply> answer) {
    CloseUpRequest request{.adapter = ss(order.adapter.path), .base = ss(order.model), .other = ss(order.other.path), .site = ss(order.site), .decompose_base = order.decomposeBase};
    if (order.cancel) request.cancelled = [cancel = order.cancel] { return cancel->load(); };
    if (order.adapter.run > 0) {
      const auto run = service.request_of(order.adapter.run);
      if (!run.ok()) return answer(run.status());
      request.base = order.adapter.live ? std::string() : run->model.value("path", "");
    }
    for (const auto& [adapter, path] : {std::pair(&order.adapter, &request.adapter), {&order.other, &request.other}}) {
      if (adapter->run == 0 || adapter->live) continue;
      auto file = service.checkpoint_path(adapter->run, adapter->step);
      if (!file.ok()) return answer(file.status());
      *path = *file;
    }
    service.close_up(std::move(request), std::move(answer));
  });
}

void Workbench::answer(const ui::AnswerOrder& order, QObject* context, Reply<GenerateReply> done) {
  GenerateRequest request{.model = ss(order.model), .adapter = ss(order.adapter.path), .strength = order.strength, .messages = order.messages,
                          .chat_template = ss(order.chatTemplate), .sampling = order.sampling, .on_prompt = onTheWay(context, order.onPrompt), .on_token = onTheWay(context, order.onToken),
                          .cancelled = [cancel = order.cancel] { return cancel && *cancel; }};
  orderLater<GenerateReply>(context, std::move(done), [adapter = order.adapter, request = std::move(request)](RunService& service, Reply<GenerateReply> answer) mutable {
    if (adapter.run > 0) {
      const auto run = service.request_of(adapter.run);
      if (!run.ok()) return answer(run.status());
      request.model = adapter.live ? std::string() : run->model.value("path", "");
      if (request.chat_template.empty()) request.chat_template = template_of_run(run->data);
      if (!adapter.live && request.strength > 0) {
        auto file = service.checkpoint_path(adapter.run, adapter.step);
        if (!file.ok()) return answer(file.status());
        request.adapter = *file;
      }
    }
    if (request.strength == 0) request.adapter.clear();
    service.generate(std::move(request), std::move(answer));
  });
}

void Workbench::exportRun(const ui::RunExport& request, QObject* context, Reply<ExportReport> done) {
  if (m_lock.readOnly())
    return later(m_orders, context, [] { return Result<ExportReport>(Status(ErrorCode::Busy, kReadOnlyHere)); }, std::move(done));
  orderLater<ExportReport>(context, std::move(done), [request, goOn = goOn(request.work, context)](RunService& service, Reply<ExportReport> answer) {
    ExportRequest wanted{.format = ss(request.format), .dtype = ss(request.dtype), .rank = request.rank, .energy = request.energy, .out = ss(request.out)};
    wanted.go_on = goOn;
    if (request.run > 0) return service.export_run(request.run, request.step, std::move(wanted), std::move(answer));
    wanted.model = ss(request.model);
    wanted.adapter = ss(request.adapter);
    service.export_adapter(std::move(wanted), std::move(answer));
  });
}

}  // namespace weft::gui
