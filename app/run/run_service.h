// SPDX-License-Identifier: GPL-3.0-or-later
// Joins engine and project: freezes a request, submits it, records every event, resumes, exports.
// The only code that knows both. Any thread; at most one run at a time. Engine and project outlive it.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "engine/api/engine.h"
#include "engine/api/run_plan.h"
#include "projects/api/project.h"

namespace weft {

struct FloorQuestion;

inline constexpr std::int64_t kBestCheckpoint = -1;   // in place of a step: that of the lowest loss on held-out rows

struct ResumeFrom {
  std::int64_t step = 0;           // of a checkpoint, or kBestCheckpoint; 0: the last
  std::optional<RunEdit> edit;     // holds from the first step on
};

class RunService {
 public:
  RunService(Engine& engine, Project& project);
  ~RunService();  // waits for the recorder of a finished run; does not stop a running one (Engine's destructor does)
  RunService(const RunService&) = delete;
  RunService& operator=(const RunService&) = delete;

  // Hears everything after it was recorded; called on the engine thread, must not block. Null removes.
  // Also hears the recorder's own warnings, when the project cannot be written any more: training goes on then.
  void set_listener(std::shared_ptr<EventSink> listener);

  // Refused with a read-only project. Checkpoints go to the project's files unless the request names a folder.
  [[nodiscard]] Result<RunId> start(const TrainRequest& request);
  // Goes on from the last whole checkpoint of a stopped, failed or interrupted run, under the same run id; curves after
  // the checkpoint are written anew. Without a whole checkpoint it starts again from the beginning (same seed, same
  // curves).
  // From an earlier checkpoint what came after it is forgotten.
  [[nodiscard]] Result<RunId> resume(RunId run, const ResumeFrom& from = {});
  [[nodiscard]] Status control(Control control);  // of the running run
  // As Engine::edit(), of the running run.
  void edit(RunEdit edit, std::function<void(Result<std::int64_t>)> done);
  [[nodiscard]] std::optional<RunId> active() const;
  // Blocks until the active run is over and recorded; returns its last event (of the last run when none is active).
  [[nodiscard]] FinishedEvent wait();
  // The first failure to record the last run; ok when the project holds all of it.
  [[nodiscard]] Status recording() const;

  // step 0: the last checkpoint. Records the export in the project. `done` on the engine thread.
  // wanted: its model and adapter are the run's.
  void export_run(RunId run, std::int64_t step, ExportRequest wanted, std::function<void(Result<ExportReport>)> done);
  // Of an adapter that no run of the project wrote; the project takes no note of it.
  void export_adapter(ExportRequest wanted, std::function<void(Result<ExportReport>)> done) { engine_.export_adapter(std::move(wanted), std::move(done)); }
  // The floor of a run's steps: as recorded with it, or as measured before for the same shapes on this machine, and then recorded.
  // May read the first rows of the data; blocks.
  [[nodiscard]] Result<KnownFloor> floor_of(RunId run);
  // Times it on the engine thread: some seconds, and memory for the model's weights in the run's precision. Keeps it for all runs of these
  // shapes and records it with this one. Busy while a run goes on; refuses a run of another machine. `done` on the engine thread,
  // or at once with what was refused.
  void measure_floor(RunId run, std::function<void(Result<BatchFloor>)> done, std::function<bool()> cancelled = {});

  // One matrix of an adapter closely; adapter "" is that of the active run. `done` on the engine thread.
  void close_up(CloseUpRequest request, std::function<void(Result<CloseUpReply>)> done) { engine_.close_up(std::move(request), std::move(done)); }

  // An answer to a prompt; model "" is that of the active run. `done` on the engine thread.
  void generate(GenerateRequest request, std::function<void(Result<GenerateReply>)> done) { engine_.generate(std::move(request), std::move(done)); }

  // The checkpoint file of a run (step 0: the last one that is whole).
  [[nodiscard]] Result<std::string> checkpoint_path(RunId run, std::int64_t step) const;
  // The frozen request of a run, as it was submitted.
  [[nodiscard]] Result<TrainRequest> request_of(RunId run) const;

 private:
  class Recorder;
  [[nodiscard]] Status submit(RunId run, TrainRequest request, const std::string& note);

  [[nodiscard]] Result<FloorQuestion> floor_question_of(RunId run) const;

  Engine& engine_;
  Project& project_;
  mutable std::mutex mutex_;
  std::shared_ptr<Recorder> recorder_;   // guarded by mutex_; of the last run
  std::shared_ptr<EventSink> listener_;  // guarded by mutex_
  JobId job_ = 0;                        // guarded by mutex_
};

// The checkpoint of a run that is still as it was written: `step`, kBestCheckpoint, or 0 for the last one. Reads each candidate once to
// compare its hash.
[[nodiscard]] Result<CheckpointRow> find_whole_checkpoint(Project& project, RunId run, std::int64_t step);
// Complete and checked, its paths absolute: what a run or a queue entry keeps, so that nothing changed later touches it.
[[nodiscard]] Result<TrainRequest> freeze(const TrainRequest& request);
// Refuses a project that can only be read, with what to do about it.
[[nodiscard]] Status check_recordable(const Project& project);
// Where a checkpoint row's file is.
[[nodiscard]] std::string checkpoint_file(const Project& project, const CheckpointRow& row);

}  // namespace weft
