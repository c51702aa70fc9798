// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/bench_cell.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>

#include <fmt/format.h>

#include "app/run/run_file.h"
#include "engine/api/method_catalogue.h"
#include "engine/core/files.h"
#include "engine/core/json.h"

extern char** environ;

namespace weft::cli {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;

// `weft-cli train RUN.toml --json` with its output in a pipe and its complaints in a file.
class TrainProcess {
 public:
  TrainProcess(const std::string& run_file, const std::string& error_file) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, error_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    ::sigemptyset(&none);  // this program blocks the signals that it waits for
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    std::string program = "/proc/self/exe", train = "train", file = run_file, json = "--json";
    char* argv[] = {program.data(), train.data(), file.data(), json.data(), nullptr};
    if (::posix_spawn(&pid_, program.c_str(), &actions, &attributes, argv, environ) != 0) pid_ = 0;
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
    ::close(ends[1]);
    lines_ = ::fdopen(ends[0], "r");
  }
  ~TrainProcess() {
    if (lines_) std::fclose(lines_);
    if (pid_ > 0) ::kill(pid_, SIGKILL);
    if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
  }
  TrainProcess(const TrainProcess&) = delete;
  TrainProcess& operator=(const TrainProcess&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }

  [[nodiscard]] bool read_line(std::string& line) {
    line.clear();
    if (!lines_) return false;
    for (int c = std::fgetc(lines_); c != EOF; c = std::fgetc(lines_)) {
      if (c == '\n') return true;
      line.push_back(static_cast<char>(c));
    }
    return false;
  }

  // Exit code, or 128 + signal; what the process used.
  [[nodiscard]] int wait(rusage& used) {
    int status = 0;
    if (pid_ <= 0 || ::wait4(pid_, &status, 0, &used) < 0) return 127;
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t pid_ = 0;
  std::FILE* lines_ = nullptr;
};

void take_step(const Json& event, const BenchSetup& setup, CellRun& run) {
  run.last_loss = event["loss"].is_number() ? event["loss"].get<double>() : 0;
  if (event.at("step").get<std::int64_t>() <= setup.warmup) return;
  run.step_ms.push_back(event.at("ms").get<double>());
  run.tokens = event.at("tokens").get<std::int64_t>();
  run.trained_tokens = event.at("trained_tokens").get<std::int64_t>();
  ByPhase<double> phases{};
  for (std::size_t i = 0; i < kPhases; ++i) phases[i] = event.at("phase_ms").at(phase_name(static_cast<Phase>(i))).get<double>();
  run.phase_ms.push_back(phases);
}

void take_event(const Json& event, const BenchSetup& setup, double seconds, CellRun& run) {
  const std::string type = event.value("type", "");
  if (type == "started") {
    run.method = event.value("method", "");
    run.compute = event.value("compute", "");
    run.storage = event.value("storage", "");
    run.activations = event.value("activations", "");
  } else if (type == "state" && event.value("state", "") == "running" && run.start_seconds == 0) {
    run.start_seconds = seconds;  // nothing stands between this and the first step: no evaluation, no spectra
  } else if (type == "step") {
    take_step(event, setup, run);
  }
}

}  // namespace

Result<TrainRequest> request_of(const BenchCell& cell, const BenchSetup& setup) {
  TrainRequest request;
  WEFT_ASSIGN_OR_RETURN(const MethodDescriptor* method, find_method(cell.method));
  request.model = {{"path", setup.model}, {"compute", cell.compute}, {"storage", cell.storage}};
  request.data = {{"path", setup.data}, {"max_length", cell.length}, {"pack", false}, {"shuffle", false}, {"holdout", 0.0}};
  request.method = {{"name", method->name}};
  for (const auto& spec : method->settings) {
    if (spec.key == "rank") request.method["rank"] = cell.rank;
    if (spec.key == "alpha") request.method["alpha"] = 2.0 * static_cast<double>(cell.rank);
  }
  request.train = {{"steps", setup.steps}, {"batch_size", cell.rows}, {"schedule", "constant"}, {"warmup", 0.0},
                   {"eval_every", 0}, {"checkpoint_every", 0}, {"threads", setup.threads}, {"activations", cell.activations}};
  request.probe = {{"spectra_every", 0}};
  WEFT_ASSIGN_OR_RETURN(TrainRequest complete, validate(request));
  return complete;
}

Result<CellRun> run_cell(const BenchCell& cell, const BenchSetup& setup, std::atomic<pid_t>& child) {
  WEFT_ASSIGN_OR_RETURN(const TrainRequest request, request_of(cell, setup));
  const fs::path run_file = fs::path(setup.folder) / "run.toml", errors = fs::path(setup.folder) / "errors.txt";
  WEFT_RETURN_IF_ERROR(write_file_atomically(run_file, write_run_file(request)));
  const auto begin = Clock::now();
  TrainProcess process(run_file.string(), errors.string());
  if (process.pid() <= 0) return io_error("weft-cli could not be started anew");
  child = process.pid();
  CellRun run;
  std::string line;
  Status odd;
  while (process.read_line(line)) {
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    const auto event = parse_json(line);
    if (!event.ok()) {
      odd = event.status();
      continue;
    }
    take_event(*event, setup, seconds, run);
  }
  rusage used{};
  const int code = process.wait(used);
  child = 0;
  run.peak_bytes = static_cast<std::uint64_t>(used.ru_maxrss) * 1024;
  if (code != 0 || run.step_ms.empty() || !odd.ok()) {
    auto said = read_file(errors, 1 << 20);
    std::string why = said.ok() && !said->empty() ? *said : odd.ok() ? "no step was measured" : odd.message();
    if (why.ends_with('\n')) why.pop_back();
    return Status(code == 2 ? ErrorCode::InvalidArgument : ErrorCode::EngineFailure,
                  fmt::format("[bench] {} rank {} on {} x {}: the run ended with {}: {}", cell.method, cell.rank, cell.rows, cell.length, code,
                              why.substr(why.rfind('\n') + 1)));
  }
  return run;
}

}  // namespace weft::cli
