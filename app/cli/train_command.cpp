// SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>

#include <charconv>
#include <filesystem>

#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/run_request.h"
#include "app/cli/session.h"
#include "app/cli/steering.h"
#include "app/run/locations.h"
#include "app/run/run_file.h"
#include "engine/api/data_preview.h"
#include "engine/api/model_info.h"
#include "engine/api/run_plan.h"
#include "engine/core/text_util.h"
#include "engine/formats/peft_config.h"

namespace weft::cli {
namespace fs = std::filesystem;
namespace {

struct Options {
  std::string run_file, project, init_adapter, save_init, out;
  std::vector<std::string> sets, edits;
  bool insist = false, steer = false;
};

Result<TrainRequest> read_request(const Options& options) {
  WEFT_ASSIGN_OR_RETURN(TrainRequest request, read_run_request(options.run_file, options.sets));
  request.init_adapter = options.init_adapter;
  request.save_init = options.save_init;
  for (const auto& text : options.edits) {
    auto edit = parse_edit(text);
    if (!edit.ok()) return edit.status().with_context("--edit");
    request.edits.push_back(*std::move(edit));
  }
  request.insist = options.insist;
  WEFT_ASSIGN_OR_RETURN(TrainRequest complete, validate(request));
  return complete;
}

// Everything that can be refused without the engine is, before a run exists.
Status check_request(const TrainRequest& request, const Options& options) {
  if (!options.out.empty()) WEFT_RETURN_IF_ERROR(check_new_folder(options.out, "--out"));
  if (!options.save_init.empty()) WEFT_RETURN_IF_ERROR(check_new_folder(options.save_init, "--save-init"));
  if (!options.init_adapter.empty()) {
    const auto config = read_peft_config(options.init_adapter);
    if (!config.ok()) return config.status().with_context("--init-adapter");
  }
  const auto model = inspect_model(request.model.at("path").get<std::string>());
  if (!model.ok()) return model.status().with_context("[model]");
  if (!model->trainable) return unsupported("[model] " + model->path + " cannot be trained: " + model->why_not);
  if (request.insist) return {};
  WEFT_ASSIGN_OR_RETURN(RunPlan plan, make_plan(request));
  settle_activations(plan, available_memory_bytes());
  return check_fits(plan, available_memory_bytes());
}

int train(const Options& options, const Call& call, TrainRequest request) {
  const bool in_memory = options.project.empty();
  if (in_memory && !call.json && !call.quiet)
    say(options.out.empty() ? "no --project: nothing is kept of this run, neither curves nor checkpoints nor the "
                              "adapter (--project or --out keep it)"
                            : "no --project: only the final adapter in --out is kept of this run");
  auto session = Session::open(in_memory ? ":memory:" : options.project, Session::For::NewRun, [&request] {
    request.data_ahead = read_ahead(request.data, request.model.at("path").get<std::string>());
  });
  if (!session.ok()) return failed(session.status());
  const fs::path temporary = options.out.empty() ? ""
                                                 : fs::path(options.out).lexically_normal().string() + ".checkpoints-" +
                                                       std::to_string(::getpid());
  if (in_memory && !options.out.empty()) request.checkpoint_folder = fs::absolute(temporary).string();

  const auto followed = (*session)->follow(
      RunPrinter::mode_for(call.json, call.quiet), [&](RunService& service) { return service.start(request); },
      [&](RunId run) {
        if (!call.json) print("r" + std::to_string(run) + "\n");
        std::fflush(stdout);
      },
      options.steer);
  int code = kFailed;
  if (!followed.ok()) {
    code = failed_or_wrong(followed.status());
  } else {
    code = conclude(**session, *followed, call.quiet || call.json);
    const bool has_checkpoint = followed->finished.outcome == "done" || followed->finished.outcome == "stopped";
    if (!options.out.empty() && has_checkpoint) {
      const Status status =
          export_and_say(**session, followed->run, 0, {.format = "auto", .out = options.out}, call.json, call.quiet);
      if (!status.ok()) code = failed(status);
    }
  }
  std::error_code ignored;
  if (!request.checkpoint_folder.empty()) fs::remove_all(temporary, ignored);
  return code;
}

int work(const Options& options, const Call& call) {
  auto request = read_request(options);
  if (!request.ok())
    return request.status().code() == ErrorCode::NotFound ? failed(request.status()) : wrong_call(request.status());
  if (Status status = check_request(*request, options); !status.ok()) return failed_or_wrong(status);
  return train(options, call, std::move(*request));
}

struct ResumeOptions {
  std::string project, run, out, from, edit;
  bool steer = false;
};

Result<ResumeFrom> read_resume(const ResumeOptions& options) {
  ResumeFrom from;
  if (!options.edit.empty()) {
    auto edit = parse_edit(options.edit);
    if (!edit.ok()) return edit.status().with_context("--edit");
    if (edit->step > 0) return invalid_argument("--edit " + options.edit + ": it holds from the step that the run goes on with; leave its number out");
    from.edit = *std::move(edit);
  }
  if (options.from == "best") {
    from.step = kBestCheckpoint;
  } else if (!options.from.empty()) {
    const auto [end, failure] = std::from_chars(options.from.data(), options.from.data() + options.from.size(), from.step);
    if (failure != std::errc() || end != options.from.data() + options.from.size() || from.step < 1)
      return invalid_argument("--from " + quoted_excerpt(options.from) + " is neither best nor the step of a checkpoint, a number from 1");
  }
  return from;
}

// The last run that is not done.
Result<RunId> last_unfinished(Project& project) {
  WEFT_ASSIGN_OR_RETURN(const auto runs, project.runs());
  for (auto run = runs.rbegin(); run != runs.rend(); ++run)
    if (run->state != "done") return run->id;
  return not_found("no run of " + project.path() + " is left to go on with");
}

int resume(const ResumeOptions& options, const Call& call) {
  const auto from = read_resume(options);
  if (!from.ok()) return wrong_call(from.status());
  if (!options.out.empty())
    if (Status status = check_new_folder(options.out, "--out"); !status.ok()) return failed(status);
  auto session = Session::open(options.project, Session::For::OldRun);
  if (!session.ok()) return failed(session.status());
  const auto run =
      options.run.empty() ? last_unfinished((*session)->project()) : (*session)->project().find_run(options.run);
  if (!run.ok()) return failed(run.status());
  const auto followed = (*session)->follow(
      RunPrinter::mode_for(call.json, call.quiet), [&](RunService& service) { return service.resume(*run, *from); },
      [&](RunId id) {
        if (!call.json) print("r" + std::to_string(id) + "\n");
        std::fflush(stdout);
      },
      options.steer);
  if (!followed.ok()) return failed_or_wrong(followed.status());
  int code = conclude(**session, *followed, call.quiet || call.json);
  if (!options.out.empty() && (followed->finished.outcome == "done" || followed->finished.outcome == "stopped")) {
    const Status status =
        export_and_say(**session, followed->run, 0, {.format = "auto", .out = options.out}, call.json, call.quiet);
    if (!status.ok()) code = failed(status);
  }
  return code;
}

}  // namespace

void add_train(CLI::App& app, Call& call) {
  const Arguments command(app, "train", "train as a run file says; prints the run's id",
                          "weft-cli train run.toml --project my.weft --set rank=8 --set train.lr=1e-4 --out adapter");
  auto options = set_work<Options>(command, call, work);
  command.text_required("RUN.toml", options->run_file, "the run file");
  command.text("--project", options->project, "project to record the run in; made when missing");
  command.texts("--set", options->sets, "key=value or section.key=value instead of the run file's (repeatable)");
  command.texts("--edit", options->edits,
                "STEP:key=value[,key=value]: what changes from that step on, after a checkpoint; keys are lr, steps, dropout (dropout.key, .hidden, ...), alpha, "
                "rank (rank.q_proj), freeze (left, right, none), spectra (their cadence), activations, keep (how many checkpoints stay); such as 40:lr=1e-4,rank=4 (repeatable)");
  command.text("--init-adapter", options->init_adapter, "go on from this PEFT folder");
  command.text("--save-init", options->save_init, "write the untrained adapter as a PEFT folder");
  command.text("--out", options->out, "write the final adapter as a PEFT folder");
  command.flag("--steer", options->steer, Steering::help());
  command.flag("--insist", options->insist, "try it although the plan says that it will not fit in memory");
  command.json_flag(call, "print every event as one JSON object a line");
  command.quiet_flag(call);
}

void add_resume(CLI::App& app, Call& call) {
  const Arguments command(app, "resume", "go on exactly where a stopped or killed run was",
                          "weft-cli resume my.weft r3");
  auto options = set_work<ResumeOptions>(command, call, resume);
  command.text_required("PROJECT", options->project, "the project file");
  command.text("RUN", options->run, "r3, 3 or its name; the last unfinished run when left out");
  command.text("--from", options->from, "go back to the checkpoint of this step, or best; what came after it is forgotten");
  command.text("--edit", options->edit, "key=value[,key=value]: what changes from here on, as train --edit says it, such as lr=1e-4");
  command.text("--out", options->out, "write the final adapter as a PEFT folder");
  command.flag("--steer", options->steer, Steering::help());
  command.json_flag(call, "print every event as one JSON object a line");
  command.quiet_flag(call);
}

}  // namespace weft::cli
