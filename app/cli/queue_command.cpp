// SPDX-License-Identifier: GPL-3.0-or-later
// The queue of a project: frozen configurations, run one after the other.
#include <fmt/format.h>

#include <charconv>
#include <filesystem>

#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/run_request.h"
#include "app/cli/session.h"
#include "app/run/compare/comparison.h"
#include "app/run/queue_runner.h"
#include "app/run/run_estimate.h"
#include "app/run/run_file.h"
#include "app/run/sweep.h"
#include "engine/core/text_util.h"

namespace weft::cli {
namespace {

struct Options {
  std::string project;
};

struct AddOptions {
  std::shared_ptr<Options> queue;
  std::string run_file, name;
  std::vector<std::string> sets;
  bool preview = false;
};

struct Planned {
  NewQueueEntry entry;
  RunEstimate estimate;
};

std::string time_text(const RunEstimate& estimate) {
  return estimate.seconds ? "about " + duration(*estimate.seconds) : "not known";
}

Json seconds_json(const RunEstimate& estimate) { return estimate.seconds ? Json(*estimate.seconds) : Json(nullptr); }

Result<std::vector<NewQueueEntry>> read_entries(const AddOptions& options) {
  WEFT_ASSIGN_OR_RETURN(const TrainRequest base, read_run_file(options.run_file));
  WEFT_ASSIGN_OR_RETURN(const auto cells, expand_sweep(base, options.sets));
  const std::string name = options.name.empty() ? std::filesystem::path(options.run_file).stem().string() : options.name;
  std::vector<NewQueueEntry> entries;
  for (const auto& cell : cells) {
    auto request = read_run_request(options.run_file, cell.assignments);
    if (request.ok()) request = freeze(*request);
    if (!request.ok()) return cells.size() == 1 ? request.status() : request.status().with_context(cell.name);
    entries.push_back({cell.name.empty() ? name : name + " " + cell.name, to_json(*request)});
  }
  return entries;
}

// Sum of what is known; nullopt when one is not.
std::optional<double> total_of(const std::vector<Planned>& all) {
  double total = 0;
  for (const auto& planned : all) {
    if (!planned.estimate.seconds) return std::nullopt;
    total += *planned.estimate.seconds;
  }
  return total;
}

void print_planned(const std::vector<Planned>& all, const std::vector<QueueId>& ids, const Call& call) {
  const auto total = total_of(all);
  if (call.json) {
    Json json{{"entries", Json::array()}, {"expected_seconds", total ? Json(*total) : Json(nullptr)}, {"added", !ids.empty()}};
    for (std::size_t i = 0; i < all.size(); ++i) {
      Json line{{"name", all[i].entry.name}, {"steps", all[i].estimate.steps}, {"expected_seconds", seconds_json(all[i].estimate)}, {"basis", all[i].estimate.basis}};
      if (!ids.empty()) line["id"] = ids[i];
      json["entries"].push_back(std::move(line));
    }
    print_document(json);
    return;
  }
  Table table({"id", "name", "steps", "time", ""}, {true, false, true, true, false});
  for (std::size_t i = 0; i < all.size(); ++i)
    table.add({ids.empty() ? "" : std::to_string(ids[i]), printable(all[i].entry.name), all[i].estimate.steps > 0 ? grouped(all[i].estimate.steps) : "-",
               time_text(all[i].estimate), all[i].estimate.basis});
  print(table.text());
  print(fmt::format("{} {}; {}\n", ids.empty() ? "would add" : "added", all.size() == 1 ? "one run" : std::to_string(all.size()) + " runs",
                    total ? "together about " + duration(*total) + " of training" : "how long they take is not known"));
}

int add(const AddOptions& options, const Call& call) {
  const auto entries = read_entries(options);
  if (!entries.ok()) return entries.status().code() == ErrorCode::NotFound ? failed(entries.status()) : wrong_call(entries.status());
  std::error_code error;
  const bool there = std::filesystem::exists(options.queue->project, error);
  auto project = Project::open(options.preview && !there ? ":memory:" : options.queue->project, /*create_if_missing=*/true);
  if (!project.ok()) return failed(project.status());
  RunEstimator estimator(**project);
  std::vector<Planned> all;
  for (const auto& entry : *entries) {
    const auto request = train_request_from_json(entry.config);
    if (!request.ok()) return wrong_call(request.status());
    all.push_back({entry, estimator.estimate(*request)});
  }
  std::vector<QueueId> ids;
  if (!options.preview) {
    auto added = (*project)->queue().add(*entries);
    if (!added.ok()) return failed_or_wrong(added.status());
    ids = std::move(*added);
  }
  print_planned(all, ids, call);
  return kDone;
}

int list(const Options& options, const Call& call) {
  auto project = Project::open(options.project, /*create_if_missing=*/false);
  if (!project.ok()) return failed(project.status());
  const auto entries = (*project)->queue().entries();
  if (!entries.ok()) return failed(entries.status());
  std::vector<const Json*> configs;
  for (const auto& entry : *entries) configs.push_back(&entry.config);
  const auto rows = differing_settings(configs);
  RunEstimator estimator(**project);
  Json json{{"project", (*project)->path()}, {"entries", Json::array()}};
  Table table({"pos", "id", "name", "state", "run", "step", "time", "what differs", ""}, {true, true, false, false, false, true, true, false, false});
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const QueueEntry& entry = (*entries)[i];
    const auto request = train_request_from_json(entry.config);
    const RunEstimate estimate = request.ok() && entry.pending() ? estimator.estimate(*request) : RunEstimate{};
    const auto run = entry.run == 0 ? Result<RunRecord>(not_found("")) : (*project)->run(entry.run);
    const std::int64_t steps = run.ok() ? run->total_steps : estimate.steps;
    const std::int64_t step = run.ok() ? run->last_step : 0;
    if (call.json) {
      json["entries"].push_back({{"position", i + 1}, {"id", entry.id}, {"name", entry.name}, {"state", entry.state},
                                 {"run", entry.run == 0 ? Json(nullptr) : Json("r" + std::to_string(entry.run))}, {"step", step}, {"total_steps", steps},
                                 {"expected_seconds", seconds_json(estimate)}, {"differs", differences_of(rows, i)}, {"message", entry.message},
                                 {"added_at", entry.added_at}, {"config", entry.config}});
      continue;
    }
    table.add({std::to_string(i + 1), std::to_string(entry.id), printable(entry.name), entry.state, entry.run == 0 ? "" : "r" + std::to_string(entry.run),
               steps > 0 ? fmt::format("{}/{}", step, steps) : "", entry.pending() ? time_text(estimate) : "", printable(differences_of(rows, i)),
               printable(entry.message)});
  }
  if (call.json)
    print_document(json);
  else
    print(entries->empty() ? "the queue is empty; weft-cli queue PROJECT add RUN.toml fills it\n" : table.text());
  return kDone;
}

struct RunOptions {
  std::shared_ptr<Options> queue;
  bool stop_after_one = false;
};

void say_entry(const QueueRunner::Begun& begun, const std::string& state, const Call& call) {
  if (call.json)
    print_json_line({{"type", "queue"}, {"entry", begun.entry}, {"name", begun.name}, {"run", "r" + std::to_string(begun.run)}, {"state", state}});
  else if (!call.quiet)
    print(fmt::format("entry {} {} (r{}): {}\n", begun.entry, printable(begun.name), begun.run, state));
}

int run(const RunOptions& options, const Call& call) {
  auto session = Session::open(options.queue->project, Session::For::OldRun);
  if (!session.ok()) return failed(session.status());
  QueueRunner runner((*session)->service(), (*session)->project());
  runner.stop_after_this(options.stop_after_one);
  for (int count = 0;; ++count) {
    std::optional<QueueRunner::Begun> begun;
    bool empty = false;
    const auto followed = (*session)->follow(
        RunPrinter::mode_for(call.json, call.quiet),
        [&](RunService&) -> Result<RunId> {
          WEFT_ASSIGN_OR_RETURN(begun, runner.begin_next());
          empty = !begun;
          return begun ? Result<RunId>(begun->run) : not_found("no entry waits");
        },
        [&](RunId) { say_entry(*begun, begun->resumed ? "goes on" : "starts", call); });
    if (empty) {
      if (count == 0 && runner.failures() == 0 && !call.json) say("nothing waits in the queue");
      break;
    }
    if (!followed.ok()) return failed(followed.status());
    (void)conclude(**session, *followed, call.quiet || call.json);  // says how it ended; what counts is the entry's state
    const auto next = runner.conclude(followed->finished, followed->trouble);
    if (!next.ok()) return failed(next.status());
    say_entry(*begun, followed->finished.outcome, call);
    if (followed->interrupted) return kInterrupted;
    if (!*next) break;
  }
  return runner.failures() > 0 ? kFailed : kDone;
}

struct EntryOptions {
  std::shared_ptr<Options> queue;
  std::vector<std::string> entries;
  std::string entry;
  std::int64_t position = 1;
};

Result<QueueId> id_of(const std::string& text) {
  QueueId id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size()) return invalid_argument(quoted_excerpt(text) + " is not the id of an entry; queue PROJECT list shows them");
  return id;
}

int change(const std::string& project_path, const std::function<Status(RunQueue&)>& what) {
  auto project = Project::open(project_path, /*create_if_missing=*/false);
  if (!project.ok()) return failed(project.status());
  const Status status = what((*project)->queue());
  return status.ok() ? kDone : failed_or_wrong(status);
}

int move(const EntryOptions& options, const Call&) {
  const auto id = id_of(options.entry);
  if (!id.ok()) return wrong_call(id.status());
  return change(options.queue->project, [&](RunQueue& queue) { return queue.move(*id, options.position); });
}

int remove(const EntryOptions& options, const Call&) {
  std::vector<QueueId> ids;
  for (const auto& text : options.entries) {
    const auto id = id_of(text);
    if (!id.ok()) return wrong_call(id.status());
    ids.push_back(*id);
  }
  return change(options.queue->project, [&](RunQueue& queue) -> Status {
    for (const QueueId id : ids) WEFT_RETURN_IF_ERROR(queue.remove(id));
    return {};
  });
}

}  // namespace

void add_queue(CLI::App& app, Call& call) {
  const Arguments command(app, "queue", "runs one after the other: frozen when added, going on after a failure",
                          "weft-cli queue my.weft add run.toml --set train.lr=1e-4,2e-4 --set rank=8,16\n  weft-cli queue my.weft run");
  const auto queue = std::make_shared<Options>();
  command.text_required("PROJECT", queue->project, "the project file");
  command.need_subcommand();

  const Arguments adding(command.app(), "add", "freeze a run file as an entry, or as one entry for each cell of a grid of settings",
                         "weft-cli queue my.weft add run.toml --set train.lr=1e-4,2e-4 --set rank=8,16 --preview");
  const auto add_options = set_work<AddOptions>(adding, call, add);
  add_options->queue = queue;
  adding.text_required("RUN.toml", add_options->run_file, "the run file");
  adding.texts("--set", add_options->sets, "key=value, or key=value,value for a grid (repeatable)");
  adding.text("--name", add_options->name, "name of the entry; the run file's when left out");
  adding.flag("--preview", add_options->preview, "show the list and its time, add nothing");
  adding.json_flag(call);

  const Arguments listing(command.app(), "list", "all entries in order, with state, progress and what differs", "weft-cli queue my.weft list --json");
  listing.json_flag(call);
  listing.on_parsed([&call, queue] { call.run = [&call, queue] { return list(*queue, call); }; });

  const Arguments running(command.app(), "run", "run what waits; Ctrl+C stops and saves, the rest keeps waiting", "weft-cli queue my.weft run --stop-after-one");
  const auto run_options = set_work<RunOptions>(running, call, run);
  run_options->queue = queue;
  running.flag("--stop-after-one", run_options->stop_after_one, "end after the first entry");
  running.json_flag(call, "print every event as one JSON object a line");
  running.quiet_flag(call);

  const Arguments moving(command.app(), "move", "put an entry at another position", "weft-cli queue my.weft move 3 1");
  const auto move_options = set_work<EntryOptions>(moving, call, move);
  move_options->queue = queue;
  moving.text_required("ID", move_options->entry, "id of the entry");
  moving.number("POS", move_options->position, 1, 1000000, "position, counted from 1");

  const Arguments removing(command.app(), "remove", "take entries out; runs they became stay", "weft-cli queue my.weft remove 3 4");
  const auto remove_options = set_work<EntryOptions>(removing, call, remove);
  remove_options->queue = queue;
  removing.texts("ID", remove_options->entries, "ids of the entries");
}

}  // namespace weft::cli
