// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run/run_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/run/best_step.h"
#include "app/run/floor_book.h"
#include "app/run/recorder.h"
#include "engine/core/files.h"
#include "engine/core/processor.h"

namespace weft {
namespace fs = std::filesystem;
namespace {

// A frozen request must mean the same from any working folder.
void make_absolute(Json& section, const char* key) {
  if (!section.is_object() || !section.contains(key) || !section[key].is_string()) return;
  const std::string path = section[key].get<std::string>();
  std::error_code error;
  if (!path.empty() && fs::exists(path, error)) section[key] = fs::absolute(path, error).lexically_normal().string();
}

}  // namespace

RunService::RunService(Engine& engine, Project& project) : engine_(engine), project_(project) {}

RunService::~RunService() {
  set_listener(nullptr);
}  // also waits for an event that is being recorded

void RunService::set_listener(std::shared_ptr<EventSink> listener) {
  std::shared_ptr<Recorder> recorder;
  {
    std::lock_guard lock(mutex_);
    listener_ = listener;
    recorder = recorder_;
  }
  if (recorder) recorder->set_listener(std::move(listener));  // outside the lock: a listener may call this service
}

Result<RunId> RunService::start(const TrainRequest& request) {
  WEFT_RETURN_IF_ERROR(check_recordable(project_));
  WEFT_ASSIGN_OR_RETURN(TrainRequest frozen, freeze(request));
  if (active()) return Status(ErrorCode::Busy, "a run is going on; stop it or wait for its end");
  WEFT_ASSIGN_OR_RETURN(const RunId run,
                        project_.create_run(to_json(frozen), frozen.train["steps"].get<std::int64_t>()));
  const std::string files = project_.files_folder();
  if (frozen.checkpoint_folder.empty() && !files.empty())
    frozen.checkpoint_folder = (fs::path(files) / "checkpoints" / ("r" + std::to_string(run))).string();
  if (Status status = submit(run, std::move(frozen), ""); !status.ok()) return status;
  return run;
}

Result<RunId> RunService::resume(RunId run, const ResumeFrom& from) {
  WEFT_RETURN_IF_ERROR(check_recordable(project_));
  if (active()) return Status(ErrorCode::Busy, "a run is going on; stop it or wait for its end");
  WEFT_ASSIGN_OR_RETURN(const RunRecord record, project_.run(run));
  if (record.state == run_state_name(RunState::Done))
    return invalid_argument(
        fmt::format("run r{} is done after {} steps; there is nothing to go on with", run, record.last_step));
  WEFT_ASSIGN_OR_RETURN(TrainRequest request, request_of(run));
  const std::string files = project_.files_folder();
  if (files.empty()) return unsupported("a project in memory keeps no checkpoints, so its runs cannot be resumed");
  request.checkpoint_folder = (fs::path(files) / "checkpoints" / ("r" + std::to_string(run))).string();

  const auto checkpoint = find_whole_checkpoint(project_, run, from.step);
  if (!checkpoint.ok() && (from.step != 0 || checkpoint.status().code() != ErrorCode::NotFound)) return checkpoint.status();
  std::string note;
  if (checkpoint.ok()) {
    request.resume_from = checkpoint_file(project_, *checkpoint);
  } else if (record.last_step > 0) {
    note = fmt::format("{}; starting again from the beginning", checkpoint.status().message());
  }
  if (from.edit) {
    request.edits.push_back(*from.edit);
    request.edits.back().step = (checkpoint.ok() ? checkpoint->step : 0) + 1;
    WEFT_ASSIGN_OR_RETURN(request, validate(request));
  }
  WEFT_RETURN_IF_ERROR(project_.truncate_run_after(run, checkpoint.ok() ? checkpoint->step : -1));
  if (Status status = submit(run, std::move(request), note); !status.ok()) return status;
  return run;
}

Status RunService::submit(RunId run, TrainRequest request, const std::string& note) {
  if (!request.checkpoint_folder.empty()) {
    std::error_code error;
    fs::create_directories(request.checkpoint_folder, error);
    if (error) {
      const std::string message =
          "cannot create the checkpoint folder " + request.checkpoint_folder + ": " + error.message();
      project_.record_run_state(run, run_state_name(RunState::Failed), message);
      (void)project_.flush();  // the folder's error is the one to tell
      return io_error(message);
    }
  }
  std::shared_ptr<Recorder> recorder;
  {
    std::lock_guard lock(mutex_);
    if (recorder_ && !recorder_->finished())
      return Status(ErrorCode::Busy, "a run is going on; stop it or wait for its end");
    recorder = recorder_ = std::make_shared<Recorder>(project_, run, listener_);
    job_ = 0;
  }
  if (!note.empty()) recorder->warn(note);
  const auto job = engine_.train(std::move(request), recorder);
  if (!job.ok()) {
    recorder->on_event(FinishedEvent{.outcome = run_state_name(RunState::Failed),
                                     .message = job.status().message(),
                                     .code = error_code_name(job.status().code())});
    return job.status();
  }
  std::lock_guard lock(mutex_);
  job_ = *job;
  return {};
}

Status RunService::control(Control control) {
  JobId job = 0;
  {
    std::lock_guard lock(mutex_);
    if (!recorder_ || recorder_->finished() || job_ == 0) return not_found("no run is going on");
    job = job_;
  }
  return engine_.control(job, control);
}

void RunService::edit(RunEdit edit, std::function<void(Result<std::int64_t>)> done) {
  JobId job = 0;
  {
    std::lock_guard lock(mutex_);
    if (recorder_ && !recorder_->finished()) job = job_;
  }
  if (job == 0) return done(not_found("no run is going on"));
  engine_.edit(job, std::move(edit), std::move(done));
}

std::optional<RunId> RunService::active() const {
  std::lock_guard lock(mutex_);
  if (!recorder_ || recorder_->finished()) return std::nullopt;
  return recorder_->run();
}

FinishedEvent RunService::wait() {
  std::shared_ptr<Recorder> recorder;
  {
    std::lock_guard lock(mutex_);
    recorder = recorder_;
  }
  return recorder ? recorder->wait() : FinishedEvent{};
}

Status RunService::recording() const {
  std::lock_guard lock(mutex_);
  return recorder_ ? recorder_->failure() : Status();
}

void RunService::export_run(RunId run, std::int64_t step, ExportRequest wanted, std::function<void(Result<ExportReport>)> done) {
  const auto request = request_of(run);
  if (!request.ok()) return done(request.status());
  const auto checkpoint = find_whole_checkpoint(project_, run, step);
  if (!checkpoint.ok()) return done(checkpoint.status());
  wanted.model = request->model.value("path", "");
  wanted.adapter = checkpoint_file(project_, *checkpoint);
  std::string format = wanted.format == "lora" ? "peft" : wanted.format;   // the form of the files; what of the update they hold follows
  if (wanted.rank != 0) format += fmt::format("-rank-{}", wanted.rank);
  if (wanted.energy != 0) format += fmt::format("-energy-{:g}", wanted.energy);
  const std::int64_t at = checkpoint->step;
  engine_.export_adapter(std::move(wanted), [this_project = &project_, run, at, format,
                                             done = std::move(done)](Result<ExportReport> report) {
    if (report.ok() && !this_project->read_only()) {
      ArtifactRow row;
      row.run = run;
      row.step = at;
      row.format = format;
      row.path = report->path;
      row.bytes = report->bytes;
      row.max_difference = report->max_difference;
      if (Status status = this_project->save_artifact(row); !status.ok())
        return done(status.with_context("the export is whole in " + report->path +
                                        ", but the project did not take note of it"));
    }
    done(std::move(report));
  });
}

Result<std::string> RunService::checkpoint_path(RunId run, std::int64_t step) const {
  WEFT_ASSIGN_OR_RETURN(const CheckpointRow row, find_whole_checkpoint(project_, run, step));
  return checkpoint_file(project_, row);
}

Result<TrainRequest> RunService::request_of(RunId run) const {
  WEFT_ASSIGN_OR_RETURN(const RunRecord record, project_.run(run));
  auto request = train_request_from_json(record.config);
  if (!request.ok()) return request.status().with_context("settings of run r" + std::to_string(run));
  return request;
}

Result<FloorQuestion> RunService::floor_question_of(RunId run) const {
  WEFT_ASSIGN_OR_RETURN(const RunRecord record, project_.run(run));
  const auto fact = [&](const char* key) {
    const auto at = record.started.is_object() ? record.started.find(key) : record.started.end();
    return record.started.is_object() && at != record.started.end() && at->is_string() ? at->get<std::string>() : std::string();
  };
  if (const std::string machine = fact("machine"); !machine.empty() && machine != machine_name())
    return unsupported(
        fmt::format("run r{} ran on another machine ({}; this is {}), so its floor cannot be measured here", run, machine, machine_name()));
  WEFT_ASSIGN_OR_RETURN(const TrainRequest request, request_of(run));
  return floor_question(request, fact("compute"));
}

Result<KnownFloor> RunService::floor_of(RunId run) {
  KnownFloor known;
  WEFT_ASSIGN_OR_RETURN(const auto events, project_.events(run));
  for (const auto& event : events)
    if (event.type == "floor")
      if (const auto floor = batch_floor_from_json(event.detail); floor.ok()) known.floor = *floor;
  if (known.floor) return known;
  const auto question = floor_question_of(run);
  if (!question.ok()) {
    known.why_not = question.status().message();
    return known;
  }
  known.floor = kept_floor(*question, engine_.info());
  if (known.floor && !project_.read_only()) project_.record_event({run, 0, "floor", to_json(*known.floor), ""});
  return known;
}

void RunService::measure_floor(RunId run, std::function<void(Result<BatchFloor>)> done, std::function<bool()> cancelled) {
  if (active()) return done(Status(ErrorCode::Busy, "a run is going on; the floor is measured when the machine is free"));
  auto question = floor_question_of(run);
  if (!question.ok()) return done(question.status());
  const auto batch = typical_batch(question->run);
  if (!batch.ok()) return done(batch.status());
  CalibrateRequest request = floor_request(*question, *batch);
  request.cancelled = std::move(cancelled);
  engine_.calibrate(request, [project = &project_, info = engine_.info(), run, request, model = std::move(question->model),
                              shape = batch->shape, done = std::move(done)](Result<CalibrateReply> measured) {
    if (!measured.ok()) return done(measured.status());
    const BatchFloor floor = batch_floor(model, shape, request.compute, *measured);
    // the floor itself counts, not whether it could be kept: it can be measured again
    (void)keep_floor(request, info, floor);
    if (!project->read_only()) project->record_event({run, 0, "floor", to_json(floor), ""});
    done(floor);
  });
}

Result<TrainRequest> freeze(const TrainRequest& request) {
  WEFT_ASSIGN_OR_RETURN(TrainRequest frozen, validate(request));
  make_absolute(frozen.model, "path");
  make_absolute(frozen.data, "path");
  std::error_code error;
  if (!frozen.init_adapter.empty())
    frozen.init_adapter = fs::absolute(frozen.init_adapter, error).lexically_normal().string();
  return frozen;
}

Result<CheckpointRow> find_whole_checkpoint(Project& project, RunId run, std::int64_t step) {
  if (step == kBestCheckpoint) {
    WEFT_ASSIGN_OR_RETURN(const auto events, project.events(run));
    const auto best = best_step(events);
    if (!best) return not_found(fmt::format("run r{} has no best checkpoint: no loss on held-out rows was measured after a step", run));
    step = best->step;
  }
  WEFT_ASSIGN_OR_RETURN(std::vector<CheckpointRow> rows, project.checkpoints(run));
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.step > b.step; });
  std::string trouble;
  for (const auto& row : rows) {
    if (step != 0 && row.step != step) continue;
    const std::string file = checkpoint_file(project, row);
    const auto hash = sha256_of_file(file);
    if (hash.ok() && (row.sha256.empty() || *hash == row.sha256)) return row;
    if (trouble.empty())
      trouble = hash.ok() ? "; " + file + " is not as it was written" : "; " + hash.status().message();
  }
  if (step != 0 && trouble.empty()) {
    std::string known;
    for (auto row = rows.rbegin(); row != rows.rend(); ++row)
      known += (known.empty() ? "" : ", ") + std::to_string(row->step);
    return not_found(
        fmt::format("run r{} has no checkpoint at step {}{}", run, step, known.empty() ? "" : "; it has " + known));
  }
  return not_found(fmt::format("run r{} has no whole checkpoint{}", run, trouble));
}

Status check_recordable(const Project& project) {
  if (!project.read_only()) return {};
  return io_error("project " + project.path() +
                  " can only be read, so a run could not be recorded in it: " + project.read_only_reason() +
                  "; choose another project, or make it and its folder writable where that is what it lacks");
}

std::string checkpoint_file(const Project& project, const CheckpointRow& row) {
  const fs::path path = row.path;
  return path.is_absolute() || project.files_folder().empty() ? path.string()
                                                              : (fs::path(project.files_folder()) / path).string();
}

}  // namespace weft
