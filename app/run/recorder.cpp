// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run/recorder.h"

#include <filesystem>
#include <utility>

#include "engine/core/processor.h"

namespace weft {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::seconds kCheckEvery{2};  // how soon a project that cannot be written is noticed

std::string relative_to_files(const Project& project, const std::string& path) {
  const std::string files = project.files_folder();
  if (files.empty()) return path;
  const fs::path relative = fs::path(path).lexically_relative(files);
  return relative.empty() || *relative.begin() == ".." ? path : relative.string();
}

Json started_facts(const StartedEvent& e) {
  Json sites = Json::array();
  for (const auto& site : e.sites)
    sites.push_back({{"path", site.path},
                     {"module", site.module},
                     {"layer", site.layer},
                     {"out", site.out},
                     {"in", site.in},
                     {"rank", site.rank}});
  return {{"model", e.model},
          {"method", e.method},
          {"trainable", e.trainable},
          {"total_parameters", e.total_parameters},
          {"rows", e.rows},
          {"held_out_rows", e.held_out_rows},
          {"compute", e.compute},
          {"storage", e.storage},
          {"activations", e.activations},
          {"machine", machine_name()},
          {"sites", sites}};
}

}  // namespace

RunService::Recorder::Recorder(Project& project, RunId run, std::shared_ptr<EventSink> listener)
    : project_(project), run_(run), listener_(std::move(listener)) {}

void RunService::Recorder::on_event(const Event& event) {
  std::lock_guard events(event_mutex_);
  record(event);
  const auto* finished = std::get_if<FinishedEvent>(&event);
  check_writing(finished != nullptr || std::holds_alternative<CheckpointEvent>(event));
  forward(event);
  if (!finished) return;
  std::lock_guard lock(mutex_);
  finished_ = *finished;
  over_.notify_all();
}

void RunService::Recorder::set_listener(std::shared_ptr<EventSink> listener) {
  std::lock_guard events(event_mutex_);
  listener_ = std::move(listener);
}

void RunService::Recorder::warn(const std::string& message) {
  on_event(WarningEvent{0, message});
}

bool RunService::Recorder::finished() const {
  std::lock_guard lock(mutex_);
  return finished_.has_value();
}

FinishedEvent RunService::Recorder::wait() {
  std::unique_lock lock(mutex_);
  over_.wait(lock, [this] { return finished_.has_value(); });
  return *finished_;
}

Status RunService::Recorder::failure() const {
  std::lock_guard lock(mutex_);
  return failure_;
}

void RunService::Recorder::record(const Event& event) {
  if (const auto* e = std::get_if<StepEvent>(&event)) return record_step(*e);
  if (const auto* e = std::get_if<SpectraEvent>(&event)) return record_spectra(*e);
  if (const auto* e = std::get_if<PreflightEvent>(&event)) return record_detail(0, "preflight", preflight_json(*e));
  if (const auto* e = std::get_if<RanksEvent>(&event)) return record_detail(e->step, "ranks", ranks_json(*e));
  if (const auto* e = std::get_if<SamplesEvent>(&event)) return record_detail(e->step, "samples", samples_json(*e));
  if (const auto* e = std::get_if<CheckpointEvent>(&event)) return record_checkpoint(*e);
  if (const auto* e = std::get_if<FinishedEvent>(&event)) return record_finished(*e);
  if (const auto* e = std::get_if<StartedEvent>(&event)) {
    started_ = started_facts(*e);
    return project_.record_started(run_, started_, e->total_steps);
  }
  if (const auto* e = std::get_if<EditEvent>(&event)) {
    if (e->edit.steps) project_.record_started(run_, started_, e->total_steps);
    return record_detail(e->edit.step, "edit", edit_json(*e));
  }
  if (const auto* e = std::get_if<BestEvent>(&event)) {
    if (e->replaced > 0) project_.forget_checkpoint(run_, e->replaced);
    return record_detail(e->step, "best", {{"loss", e->loss}});
  }
  if (const auto* e = std::get_if<BadStepEvent>(&event)) return record_detail(e->step, "bad_step", bad_step_json(*e));
  if (const auto* e = std::get_if<EvalEvent>(&event)) {
    project_.record_metrics({{run_, e->step, "eval_loss", e->loss}, {run_, e->step, "eval_accuracy", e->accuracy}});
    return record_detail(e->step, "eval", {{"loss", e->loss}, {"tokens", e->tokens}, {"ms", e->ms}});
  }
  if (const auto* e = std::get_if<WarningEvent>(&event))
    return record_detail(e->step, "warning", {{"message", e->message}});
  if (const auto* e = std::get_if<StateEvent>(&event)) {
    project_.record_run_state(run_, run_state_name(e->state), e->message);
    record_detail(e->step, "state", {{"state", run_state_name(e->state)}, {"message", e->message}});
  }
}

void RunService::Recorder::record_step(const StepEvent& e) {
  const auto row = [&](const char* name, double value) { return MetricRow{run_, e.step, name, value}; };
  project_.record_metrics({row("loss", e.loss), row("grad_norm", e.grad_norm), row("lr", e.lr),
                           row("tokens_per_s", e.tokens_per_s), row("ms", e.ms),
                           row("rss_bytes", static_cast<double>(e.rss_bytes)),
                           row("tokens", static_cast<double>(e.tokens)),
                           row("trained_tokens", static_cast<double>(e.trained_tokens)), row("epoch", e.epoch)});
  if (e.consistency) project_.record_metrics({row("consistency", *e.consistency)});
  recent_.add(e);
  if (e.step % static_cast<std::int64_t>(RecentSteps::kMost) == 0) record_step_time(e.step);
}

// Not a metric a phase and step: where the time goes hardly moves, and a reader shows the last steps.
void RunService::Recorder::record_step_time(std::int64_t step) {
  const StepTime time = recent_.sum();
  if (time.steps == 0 || step == step_time_at_) return;
  step_time_at_ = step;
  record_detail(step, "step_time", to_json(time));
}

void RunService::Recorder::record_spectra(const SpectraEvent& e) {
  std::vector<SpectrumRow> rows;
  rows.reserve(e.sites.size());
  for (const auto& s : e.sites) {
    SpectrumRow row;
    row.run = run_;
    row.step = e.step;
    row.site = s.site;
    row.values = s.singular_values;
    row.effective_rank = s.effective_rank;
    row.stable_rank = s.stable_rank;
    row.frobenius = s.frobenius;
    row.magnitude_change = s.magnitude_change;
    row.direction_change = s.direction_change;
    row.energy_rank_90 = s.energy_rank_90;
    row.energy_rank_95 = s.energy_rank_95;
    row.energy_rank_99 = s.energy_rank_99;
    rows.push_back(std::move(row));
  }
  project_.record_spectra(std::move(rows));
  project_.record_metrics({{run_, e.step, "spectra_ms", e.ms}, {run_, e.step, "spectra_share", e.share}});
  if (e.every != spectra_every_)
    record_detail(e.step, "cadence", {{"every", e.every}, {"ms", e.ms}, {"share", e.share}});
  spectra_every_ = e.every;
}

void RunService::Recorder::record_checkpoint(const CheckpointEvent& e) {
  CheckpointRow row;
  row.run = run_;
  row.step = e.step;
  row.path = relative_to_files(project_, e.path);
  row.sha256 = e.sha256;
  row.bytes = e.bytes;
  record_detail(e.step, "checkpoint", {{"path", row.path}, {"bytes", e.bytes}});
  for (const auto step : e.dropped) project_.forget_checkpoint(run_, step);
  project_.record_checkpoint(std::move(row));
}

void RunService::Recorder::record_finished(const FinishedEvent& e) {
  record_step_time(e.step);
  record_detail(e.step, "finished",
                {{"outcome", e.outcome},
                 {"seconds_to_first_step", e.seconds_to_first_step},
                 {"process_seconds_to_first_step", e.process_seconds_to_first_step},
                 {"seconds", e.seconds},
                 {"peak_rss_bytes", e.peak_rss_bytes},
                 {"message", e.message},
                 {"code", e.code}});
  project_.record_run_state(run_, e.outcome, e.message);
}

void RunService::Recorder::record_detail(std::int64_t step, const std::string& type, Json detail) {
  project_.record_event({run_, step, type, std::move(detail), ""});
}

// Waits for the writer, so that a full disk is said while the run can still be stopped, and never after its end.
void RunService::Recorder::check_writing(bool now) {
  const auto time = std::chrono::steady_clock::now();
  if (!now && time - last_check_ < kCheckEvery) return;
  last_check_ = time;
  const Status status = project_.flush();
  if (status.ok()) return;
  {
    std::lock_guard lock(mutex_);
    if (failure_.ok()) failure_ = status;
  }
  forward(WarningEvent{0, "the project cannot be written: " + status.message() +
                              "; training goes on, but what happens now will be missing from the record. Free some "
                              "space, or stop and save"});
}

void RunService::Recorder::forward(const Event& event) {
  if (listener_) listener_->on_event(event);
}

}  // namespace weft
