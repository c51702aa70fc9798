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
#include "projects/api/project.h"

namespace weft {

class RunService {
 public:
  RunService(Engine& engine, Project& project);
  ~RunService();  // waits for the recorder of a finished run; does not stop a running one (Engine's destructor does)
  RunService(const RunService&) = delete;
  RunService& operator=(const RunService&) = delete;

  // Hears everything after it was recorded; called on the engine thread, must not block. Null removes.
  void set_listener(std::shared_ptr<EventSink> listener);

  [[nodiscard]] Result<RunId> start(const TrainRequest& request);
  // Goes on from the last whole checkpoint of a stopped, failed or interrupted run, under the same run id; curves after the
  // checkpoint are written anew.
  [[nodiscard]] Result<RunId> resume(RunId run);
  [[nodiscard]] Status control(Control control);   // of the running run
  [[nodiscard]] std::optional<RunId> active() const;
  // Blocks until the active run is over and recorded; returns its last event.
  [[nodiscard]] FinishedEvent wait();

  // step 0: the last checkpoint. Records the export in the project. `done` on the engine thread.
  void export_run(RunId run, std::int64_t step, const std::string& format, const std::string& dtype, const std::string& out,
                  std::function<void(Result<ExportReport>)> done);
  // The checkpoint file of a run (step 0: the last one that is whole).
  [[nodiscard]] Result<std::string> checkpoint_path(RunId run, std::int64_t step) const;

 private:
  class Recorder;
  Engine& engine_;
  Project& project_;
  std::shared_ptr<Recorder> recorder_;
};

}  // namespace weft
