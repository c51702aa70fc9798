// SPDX-License-Identifier: GPL-3.0-or-later
// The window's Backend over engine, project and run service: slow calls on worker threads, answers queued to the main
// thread. Built and used on the main thread; owns engine, project and service and takes them down in the right order.
#pragma once

#include <functional>
#include <memory>

#include <QPointer>
#include <QThreadPool>

#include "app/gui/project_lock.h"
#include "app/run/run_service.h"
#include "ui/bridge/backend.h"
#include "ui/bridge/event_pump.h"

namespace weft::gui {

class RunKeeperBench;

using EngineFactory = std::function<Result<std::unique_ptr<Engine>>()>;

class Workbench final : public ui::Backend {
  Q_OBJECT
 public:
  // Tests pass an engine of their own; the program passes load_engine.
  explicit Workbench(EngineFactory factory, QObject* parent = nullptr);
  ~Workbench() override;   // abandons a running run

  void loadEngine() override;
  [[nodiscard]] bool hasEngine() const override { return m_engine != nullptr; }
  [[nodiscard]] std::optional<RunId> activeRun() const override;
  [[nodiscard]] ui::RunKeeper& keeper() override;

  void openProject(const QString& path, bool create, QObject* context, Reply<ui::ProjectFacts> done) override;
  void readOverview(QObject* context, Reply<ui::ProjectOverview> done) override;
  void readRun(RunId run, QObject* context, Reply<ui::RunData> done) override;
  void compareRuns(const std::vector<RunId>& runs, QObject* context, Reply<Comparison> done) override;
  void exportComparison(const std::vector<RunId>& runs, const QString& path, QObject* context, Reply<QString> done) override;
  void readCheckpoints(RunId run, QObject* context, Reply<std::vector<CheckpointRow>> done) override;
  void saveDraft(const Json& draft) override;
  void saveAsset(const AssetRow& asset) override;
  void renameRun(RunId run, const QString& name, QObject* context, std::function<void(Status)> done) override;

  void inspectModel(const QString& path, QObject* context, Reply<ModelInfo> done) override;
  void previewData(const SettingValues& data, const QString& model, std::int64_t rows, const PreviewLimits& limits, QObject* context, Reply<DataPreview> done) override;
  void readColumns(const SettingValues& data, QObject* context, Reply<std::vector<DataColumn>> done) override;
  void readRunFile(const QString& path, const Json& now, QObject* context, Reply<ui::RunFileLook> done) override;
  void writeRunFile(const Json& config, const QString& path, QObject* context, Reply<QString> done) override;
  void readOutlook(const TrainRequest& request, QObject* context, Reply<MemoryOutlook> done) override;

  void startRun(const TrainRequest& request, QObject* context, Reply<RunId> done) override;
  void resumeRun(const ui::RunResume& from, QObject* context, Reply<RunId> done) override;
  void control(Control control, QObject* context, std::function<void(Status)> done) override;
  void editRun(const RunEdit& edit, QObject* context, Reply<std::int64_t> done) override;
  void readFloor(RunId run, QObject* context, Reply<KnownFloor> done) override;
  void measureFloor(RunId run, const std::shared_ptr<std::atomic<bool>>& cancel, QObject* context, Reply<BatchFloor> done) override;
  void closeUp(const ui::CloseUpOrder& order, QObject* context, Reply<CloseUpReply> done) override;
  void answer(const ui::AnswerOrder& order, QObject* context, Reply<GenerateReply> done) override;
  void exportRun(const ui::RunExport& request, QObject* context, Reply<ExportReport> done) override;

 private:
  friend class RunKeeperBench;
  // Runs `work` on a pool and `done` with its value here, unless `context` has died.
  template <typename Work, typename Done>
  void later(QThreadPool& pool, QObject* context, Work work, Done done) {
    pool.start([this, context = QPointer<QObject>(context), work = std::move(work), done = std::move(done)]() mutable {
      auto value = work();
      QMetaObject::invokeMethod(
          this, [context, done = std::move(done), value = std::move(value)]() mutable {
            if (context) done(std::move(value));
          },
          Qt::QueuedConnection);
    });
  }
  // As later(), with the open project; answers at once when there is none.
  template <typename T, typename Work>
  void withProject(QThreadPool& pool, QObject* context, Reply<T> done, Work work) {
    later(pool, context, [project = m_project, work = std::move(work)]() -> Result<T> {
      if (!project) return not_found("no project is open");
      return work(*project);
    }, std::move(done));
  }
  // What is told on the way to an answer: queued like the answer, so it comes before it; not heard any more once `context` has died.
  template <typename... Values>
  std::function<void(const Values&...)> onTheWay(QObject* context, std::function<void(Values...)> hear) {
    if (!hear) return [](const Values&...) {};
    return [this, context = QPointer<QObject>(context), hear = std::move(hear)](const Values&... values) {
      QMetaObject::invokeMethod(
          this, [context, hear, values...] {
            if (context) hear(values...);
          },
          Qt::QueuedConnection);
    };
  }
  [[nodiscard]] GoOn goOn(const ui::LongWork& work, QObject* context);   // no more once this closes
  // A change to the open project, in order with the others.
  void change(QObject* context, std::function<Status(Project&)> what, std::function<void(Status)> done);
  // Gives orders to the service whose answer comes on the engine thread.
  template <typename T>
  void orderLater(QObject* context, Reply<T> done, std::function<void(RunService&, Reply<T>)> what);
  void joinService();
  [[nodiscard]] bool readOnly() const;
  [[nodiscard]] Status refusal() const;   // of a change, where another window has the project
  void order(std::function<Result<RunId>(RunService&)> what, QObject* context, Reply<RunId> done);

  EngineFactory m_factory;
  ui::EventPump m_pump;
  std::unique_ptr<RunKeeperBench> m_keeper;
  std::shared_ptr<Engine> m_engine;
  std::shared_ptr<Project> m_project;
  std::shared_ptr<RunService> m_service;
  ProjectLock m_lock;
  bool m_loading = false;
  const std::shared_ptr<std::atomic<bool>> m_closing = std::make_shared<std::atomic<bool>>(false);
  QThreadPool m_readers;   // models, data, project reads
  QThreadPool m_orders;    // one thread: orders and small writes keep their order
};

}  // namespace weft::gui
