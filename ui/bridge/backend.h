// SPDX-License-Identifier: GPL-3.0-or-later
// All that the window can ask for. Every method returns at once; answers come back on the main thread, in order of
// completion, and are dropped when their context object has died. Implemented by app/gui over engine, project and run service.
// The window keeps no truth: what it shows of a run can be read again with readRun() at any time.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <QObject>
#include <QString>

#include "engine/api/data_preview.h"
#include "engine/api/engine.h"
#include "engine/api/memory_outlook.h"
#include "engine/api/model_info.h"
#include "engine/api/run_plan.h"
#include "projects/api/comparison.h"
#include "projects/api/project.h"
#include "ui/bridge/run_keeper.h"

namespace weft::ui {

struct ProjectFacts {
  QString path, filesFolder;
  bool readOnly = false;
  QString readOnlyWhy;             // who has it; empty: nobody else, or it can be written
  Json draft;                      // null when there is none
  std::int64_t newerVersion = 0, knownVersion = 0;   // of the schema, where a newer WEFT made it; else 0
};

struct RunBest {
  std::int64_t step = 0;
  double loss = 0;
};

// The lists that the project tree shows.
struct ProjectOverview {
  std::vector<RunRecord> runs;     // oldest first
  std::vector<std::optional<RunBest>> best;  // one a run: the lowest loss on held-out rows, of the latest runs
  std::vector<ArtifactRow> artifacts;
};

// A run file and what it would change.
struct RunFileLook {
  Json config;                     // with whole paths
  std::vector<ComparedRow> changes;  // two texts a row: now, in the file
};

// Everything recorded of one run.
struct RunData {
  RunRecord run;
  std::vector<MetricRow> metrics;
  std::vector<SpectrumRow> spectra;
  std::vector<EventRow> events;
  std::vector<CheckpointRow> checkpoints;
};

struct RunExport {
  RunId run = 0;
  std::int64_t step = 0;           // 0: the last checkpoint
  QString format, dtype, out;
  std::int64_t rank = 0;           // "peft": the nearest adapter of this rank; 0: the adapter itself
  double energy = 0;               // the same of the least rank that keeps this share; 0: not asked for
  LongWork work = {};              // bytes of tensors
  QString adapter = {}, model = {};  // run 0: an adapter from elsewhere, and the model it belongs to
};

// Where a run goes on.
struct RunResume {
  RunId run = 0;
  std::int64_t step = 0;           // of a checkpoint; 0: the last
  std::optional<RunEdit> edit;     // holds from the first step on
};

// One matrix of an adapter, seen closely.
struct CloseUpOrder {
  struct Adapter {
    RunId run = 0;                 // 0: none, or `path`
    std::int64_t step = 0;         // 0: the last checkpoint
    bool live = false;             // as it is now: the run in progress
    QString path;                  // PEFT folder or adapter file
    [[nodiscard]] bool operator==(const Adapter&) const = default;
  };
  Adapter adapter, other;          // other: to take angles to; empty: none
  QString model;                   // of adapters from a path; empty: without
  QString site;                    // empty: the first
  bool decomposeBase = false;      // as CloseUpRequest has it
  std::shared_ptr<std::atomic<bool>> cancel;  // set from anywhere; the work ends at its next piece. Null: never
};

// What is asked of a model, and which one is to answer.
struct AnswerOrder {
  CloseUpOrder::Adapter adapter;   // run 0 and no path: the base alone
  QString model;                   // where no run says it
  double strength = 1;             // 0: the base alone
  std::vector<ChatMessage> messages;
  QString chatTemplate;            // as GenerateRequest has it; "": as the run trains
  SamplingSettings sampling;
  std::shared_ptr<std::atomic<bool>> cancel;  // set from anywhere; the answer ends before its next token. Null: never
  // On the main thread, in order, before the answer.
  std::function<void(const GenerationPrompt&)> onPrompt;
  std::function<void(const GeneratedToken&)> onToken;
};

class Backend : public QObject {
  Q_OBJECT
 public:
  template <typename T>
  using Reply = std::function<void(Result<T>)>;

  using QObject::QObject;

  // Loads the engine in the background; call it after the window is shown. Answer: engineReady or engineFailed.
  virtual void loadEngine() = 0;
  [[nodiscard]] virtual bool hasEngine() const = 0;
  [[nodiscard]] virtual std::optional<RunId> activeRun() const = 0;

  [[nodiscard]] virtual RunKeeper& keeper() = 0;  // the queue, and what is done with runs that are kept

  virtual void openProject(const QString& path, bool create, QObject* context, Reply<ProjectFacts> done) = 0;
  virtual void readOverview(QObject* context, Reply<ProjectOverview> done) = 0;
  virtual void readRun(RunId run, QObject* context, Reply<RunData> done) = 0;
  virtual void compareRuns(const std::vector<RunId>& runs, QObject* context, Reply<Comparison> done) = 0;
  // By the ending of `path`: csv, or a page for a browser. Answers the path.
  virtual void exportComparison(const std::vector<RunId>& runs, const QString& path, QObject* context, Reply<QString> done) = 0;
  virtual void readCheckpoints(RunId run, QObject* context, Reply<std::vector<CheckpointRow>> done) = 0;
  virtual void saveDraft(const Json& draft) = 0;
  virtual void saveAsset(const AssetRow& asset) = 0;
  virtual void renameRun(RunId run, const QString& name, QObject* context, std::function<void(Status)> done) = 0;

  virtual void inspectModel(const QString& path, QObject* context, Reply<ModelInfo> done) = 0;
  virtual void previewData(const SettingValues& data, const QString& model, std::int64_t rows, const PreviewLimits& limits, QObject* context,
                           Reply<DataPreview> done) = 0;
  virtual void readColumns(const SettingValues& data, QObject* context, Reply<std::vector<DataColumn>> done) = 0;
  // Settings as a run file (TOML). Reading changes nothing; a file that is no run file, or names what is not there, says so.
  virtual void readRunFile(const QString& path, const Json& now, QObject* context, Reply<RunFileLook> done) = 0;
  // Answers the path.
  virtual void writeRunFile(const Json& config, const QString& path, QObject* context, Reply<QString> done) = 0;
  // Whether a complete request fits, corrected by the project's runs of the same shape.
  virtual void readOutlook(const TrainRequest& request, QObject* context, Reply<MemoryOutlook> done) = 0;

  virtual void startRun(const TrainRequest& request, QObject* context, Reply<RunId> done) = 0;
  virtual void resumeRun(const RunResume& from, QObject* context, Reply<RunId> done) = 0;
  virtual void control(Control control, QObject* context, std::function<void(Status)> done) = 0;
  // Of the active run. The answer is the first step that it will hold for.
  virtual void editRun(const RunEdit& edit, QObject* context, Reply<std::int64_t> done) = 0;
  virtual void readFloor(RunId run, QObject* context, Reply<KnownFloor> done) = 0;
  // Takes some seconds of the whole machine; refused while a run goes on.
  // cancel: set from anywhere; it ends at its next piece. Null: never.
  virtual void measureFloor(RunId run, const std::shared_ptr<std::atomic<bool>>& cancel, QObject* context, Reply<BatchFloor> done) = 0;
  virtual void closeUp(const CloseUpOrder& order, QObject* context, Reply<CloseUpReply> done) = 0;
  virtual void answer(const AnswerOrder& order, QObject* context, Reply<GenerateReply> done) = 0;
  virtual void exportRun(const RunExport& request, QObject* context, Reply<ExportReport> done) = 0;

 Q_SIGNALS:
  void engineReady(const weft::EngineInfo& info);
  void engineFailed(const QString& why);
  // Events of the active run in order, at most a few hundred at a time. `dropped`: progress left out so far because the
  // window was late; the project has it.
  void eventsArrived(const std::vector<weft::Event>& events, quint64 dropped);
  // Something went wrong that nobody asked about (a draft that could not be saved).
  void problem(const QString& message);
};

}  // namespace weft::ui
