// SPDX-License-Identifier: GPL-3.0-or-later
// A project, the engine and the service between them, for one command; and what it takes to see one run through.
// Signals are caught before the first thread starts and let go first; then service, engine and project die in this
// order.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/cli/run_printer.h"
#include "app/cli/signals.h"
#include "app/run/run_service.h"
#include "engine/api/engine.h"
#include "engine/core/go_on.h"
#include "projects/api/project.h"

namespace weft::cli {

struct Followed {
  RunId run = 0;
  FinishedEvent finished;
  bool interrupted = false;  // by a signal, or by a line that ends it
  std::string trouble;       // why the engine paused it by itself; "": it did not
  std::optional<double> first_eval, last_eval, last_loss;
};

class Session {
 public:
  enum class For { Reading, NewRun, OldRun };  // NewRun makes a missing project; both refuse one that can only be read
  // meanwhile: called while the engine is loaded, with signals settled, so that threads may be started.
  [[nodiscard]] static Result<std::unique_ptr<Session>> open(const std::string& project_path, For purpose,
                                                             const std::function<void()>& meanwhile = {});
  ~Session();

  [[nodiscard]] Project& project() { return *project_; }
  [[nodiscard]] RunService& service() { return *service_; }
  [[nodiscard]] Engine& engine() { return *engine_; }

  // For an export: the first signal ends it and what it has written, the second the program; on a terminal it says how far it is.
  [[nodiscard]] GoOn export_watch(bool quiet);

  // Starts a run by `begin`, shows it, turns signals into stop and abandon, waits for its end.
  // An engine that pauses by itself (a loss that is not finite) is told to stop: nobody is there to look into it.
  // steered: lines of standard input are commands for it (steering.h), and one of them answers such a pause.
  [[nodiscard]] Result<Followed> follow(RunPrinter::Mode mode, const std::function<Result<RunId>(RunService&)>& begin,
                                        const std::function<void(RunId)>& started, bool steered = false);

 private:
  Session() = default;
  void stop(int count);

  std::atomic<int> before_export_{-1};  // signals; -1: no export yet
  std::unique_ptr<Project> project_;
  std::unique_ptr<StopSignals> signals_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<RunService> service_;
};

// Says how a run ended and turns that into an exit code.
int conclude(Session& session, const Followed& followed, bool quiet);

// Exports a run's last checkpoint, format "auto" as what its method can best be exported as, and says where and how exact; prints a JSON line
// {"type":"export",...} when asked to.
[[nodiscard]] Status export_and_say(Session& session, RunId run, std::int64_t step, ExportRequest wanted, bool json, bool quiet);

// Of a command that works long: ends it on the next signal, and on a terminal says how many bytes are done, over itself.
[[nodiscard]] GoOn byte_progress(const StopSignals& signals, bool quiet);

void print_export(const ExportReport& report, const std::string& format, const std::string& model, bool json, bool quiet);

// A folder to be written must not exist or be empty: said before hours of work, not after.
[[nodiscard]] Status check_new_folder(const std::string& folder, const std::string& option);

}  // namespace weft::cli
