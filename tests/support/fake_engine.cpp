// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_engine.h"

#include <cmath>
#include <filesystem>

#include "engine/core/files.h"

namespace weft::test {
namespace fs = std::filesystem;
namespace {

std::string site_path(std::int64_t site) {
  return "model.layers." + std::to_string(site) + ".self_attn.q_proj";
}

bool due(std::int64_t step, std::int64_t every) {
  return every > 0 && step % every == 0;
}

}  // namespace

FakeEngine::FakeEngine(FakeScript script) : script_(std::move(script)) {}

FakeEngine::~FakeEngine() {
  {
    std::lock_guard lock(mutex_);
    abandon_ = closing_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void FakeEngine::release() {
  std::lock_guard lock(mutex_);
  released_ = true;
  pause_ = false;
  changed_.notify_all();
}

void FakeEngine::wait_until_held() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return held_ || !running_; });
}

std::vector<TrainRequest> FakeEngine::requests() const {
  std::lock_guard lock(mutex_);
  return requests_;
}

std::vector<ExportRequest> FakeEngine::exports() const {
  std::lock_guard lock(mutex_);
  return exports_;
}

std::vector<GenerateRequest> FakeEngine::questions() const {
  std::lock_guard lock(mutex_);
  return questions_;
}

double FakeEngine::loss_at(std::int64_t step) {
  return 2.0 + 2.0 * std::exp(-static_cast<double>(step) / 20.0);
}

Result<JobId> FakeEngine::train(TrainRequest request, std::shared_ptr<EventSink> sink) {
  std::unique_lock lock(mutex_);
  if (running_) return Status(ErrorCode::Busy, "another job runs");
  if (thread_.joinable()) thread_.join();
  running_ = true;
  held_ = stop_ = abandon_ = pause_ = checkpoint_ = false;
  requests_.push_back(request);
  waiting_.clear();
  step_ = 0;
  thread_ = std::thread([this, request = std::move(request), sink = std::move(sink)] { run(request, *sink); });
  return ++job_;
}

Status FakeEngine::control(JobId job, Control control) {
  std::lock_guard lock(mutex_);
  if (!running_ || job != job_) return not_found("no such job");
  switch (control) {
    case Control::Pause:
      pause_ = true;
      break;
    case Control::Continue:
      pause_ = false;
      break;
    case Control::Checkpoint:
      checkpoint_ = true;
      break;
    case Control::Sample:
      break;
    case Control::Stop:
      stop_ = true;
      break;
    case Control::Abandon:
      abandon_ = true;
      break;
  }
  changed_.notify_all();
  return {};
}

std::vector<RunEdit> FakeEngine::edits() const {
  std::lock_guard lock(mutex_);
  return edits_;
}

void FakeEngine::edit(JobId job, RunEdit edit, std::function<void(Result<std::int64_t>)> done) {
  Result<std::int64_t> answer = not_found("no such job");
  {
    std::lock_guard lock(mutex_);
    edits_.push_back(edit);
    if (running_ && job == job_) {
      edit.step = step_ + 1;
      const bool can = edit.lr || edit.keep || edit.spectra;
      if (can) waiting_.push_back(edit);
      answer = can ? Result<std::int64_t>(edit.step) : Result<std::int64_t>(unsupported("this engine changes learning rates alone"));
    }
  }
  done(std::move(answer));
}

FakeEngine::Next FakeEngine::before_step(std::int64_t step, EventSink& sink) {
  std::unique_lock lock(mutex_);
  const bool by_itself = step == script_.pause_at_step && !released_;
  if (by_itself) pause_ = true;
  if (pause_ && !stop_ && !abandon_) {
    lock.unlock();
    if (by_itself && script_.bad_loss) {
      sink.on_event(StepEvent{.step = step, .loss = std::nan(""), .grad_norm = 0, .lr = 1e-3, .ms = 100});
      sink.on_event(BadStepEvent{.step = step, .what = "loss", .site = "model.layers.0.mlp", .lr = 1e-3, .grad_norm_before = 0.5,
                                 .rows = {{12, 11, "Once upon a time"}, {7, 6, "The end"}}, .more_rows = 1});
    }
    const std::string why = !by_itself ? "" : script_.disk_full ? "[train.checkpoint] step " + std::to_string(step - 1) + ": a checkpoint takes 3 MB and 1 MB are free"
                                                              : "loss is NaN at step " + std::to_string(step);
    sink.on_event(StateEvent{RunState::Paused, step - 1, why, !by_itself ? "" : script_.disk_full ? "disk" : "loss"});
    lock.lock();
  }
  const auto waits = [&] {
    return !stop_ && !abandon_ && (pause_ || (step == script_.hold_before_step && !released_));
  };
  held_ = waits();
  changed_.notify_all();
  changed_.wait(lock, [&] { return !waits(); });
  held_ = false;
  return abandon_ ? Next::Abandon : stop_ ? Next::Stop : Next::Step;
}

void FakeEngine::write_checkpoint(const TrainRequest& request, std::int64_t step, EventSink& sink) {
  if (request.checkpoint_folder.empty()) return;
  const std::string path = (fs::path(request.checkpoint_folder) / ("step-" + std::to_string(step) + ".fake")).string();
  const std::string content = "checkpoint of step " + std::to_string(step);
  if (Status status = write_file_atomically(path, content); !status.ok())
    return sink.on_event(WarningEvent{step, status.message()});
  sink.on_event(CheckpointEvent{step, path, sha256_hex(std::as_bytes(std::span(content))), content.size()});
}

SpectraEvent FakeEngine::spectra(std::int64_t step) const {
  SpectraEvent event;
  event.step = step;
  event.ms = 0.5;
  event.share = 0.01;
  event.every = step >= 5 && script_.late_spectra > 0 ? script_.late_spectra : 5;
  for (std::int64_t site = 0; site < script_.sites; ++site) {
    SpectrumEvent s;
    s.step = step;
    s.site = site_path(site);
    for (std::int64_t i = 0; i < script_.rank; ++i)
      s.singular_values.push_back(static_cast<float>(step) * static_cast<float>(site + 1) / static_cast<float>(1 << i));
    s.effective_rank = 1.0 + static_cast<double>(site);
    s.stable_rank = 1.25;
    s.energy_rank_90 = s.energy_rank_95 = s.energy_rank_99 = 2;
    s.frobenius = static_cast<double>(step);
    event.sites.push_back(std::move(s));
  }
  return event;
}

void FakeEngine::measure(std::int64_t step, EventSink& sink) const {
  if (script_.ranks) {
    RanksEvent event{step, {}};
    for (std::int64_t site = 0; site < script_.sites; ++site) event.sites.push_back({site_path(site), script_.rank - std::min(site, step / 5)});
    sink.on_event(event);
  }
  const SpectraEvent event = spectra(step);
  sink.on_event(event);
  if (event.every > 5 && step == 5) sink.on_event(WarningEvent{step, "spectra took 0 ms, over 2.0 % of the step time: now every " + std::to_string(event.every) + " steps"});
}

void FakeEngine::run(const TrainRequest& request, EventSink& sink) {
  const auto steps = request.train.at("steps").get<std::int64_t>();
  const auto eval_every = request.train.at("eval_every").get<std::int64_t>();
  const auto checkpoint_every = request.train.at("checkpoint_every").get<std::int64_t>();
  const auto spectra_every = request.probe.at("spectra_every").get<std::int64_t>();
  std::int64_t step = 0;
  if (!request.resume_from.empty()) step = std::stoll(fs::path(request.resume_from).filename().string().substr(5));
  sink.on_event(StateEvent{RunState::Preparing, step, ""});
  StartedEvent started{.model = "fake model",
                       .method = "LoRA",
                       .trainable = 1000,
                       .total_parameters = 100000,
                       .total_steps = steps,
                       .first_step = step + 1,
                       .rows = 10,
                       .held_out_rows = 2,
                       .sites = {},
                       .compute = "fp32",
                       .storage = "fp32"};
  for (std::int64_t site = 0; site < script_.sites; ++site)
    started.sites.push_back({site_path(site), "q_proj", static_cast<int>(site), 8, 8, script_.rank});
  sink.on_event(started);
  sink.on_event(StateEvent{RunState::Running, step, ""});
  if (!script_.warning.empty()) sink.on_event(WarningEvent{0, script_.warning});
  if (step == 0) {
    if (eval_every > 0) sink.on_event(EvalEvent{0, loss_at(0) + 0.1, 50, 1.0});
    if (spectra_every > 0) measure(0, sink);
  }
  FinishedEvent finished{.outcome = "done", .seconds_to_first_step = 0.1, .seconds = 1, .peak_rss_bytes = 123456789};
  while (step < steps) {
    const Next next = before_step(step + 1, sink);
    if (next == Next::Stop) finished.outcome = "stopped";
    if (next == Next::Abandon) finished.outcome = "abandoned";
    if (next != Next::Step) break;
    if (step + 1 == script_.fail_at_step) {
      finished.outcome = "failed";
      finished.message = "[train.step] told to fail at step " + std::to_string(step + 1);
      finished.code = error_code_name(script_.fail_code);
      break;
    }
    std::vector<RunEdit> now;
    {
      std::lock_guard lock(mutex_);
      step_ = step + 1;
      now.swap(waiting_);
    }
    for (auto& edit : now) {
      if (step > 0) write_checkpoint(request, step, sink);
      edit.step = step + 1;
      sink.on_event(EditEvent{edit, edit.lr ? "learning rate 0.001 to " + std::to_string(*edit.lr) : to_text(edit), steps});
    }
    ++step;
    sink.on_event(
        StepEvent{step, loss_at(step), 0.5, 1e-3, 100, 60, 1000.0, 100.0, 100000000, static_cast<double>(step) / 10.0,
                  {60, 25, 0, 5, 0, 0, 10}, script_.two_passes ? std::optional(1.0 / static_cast<double>(step)) : std::nullopt});
    if (due(step, spectra_every)) measure(step, sink);
    if (due(step, eval_every)) sink.on_event(EvalEvent{step, loss_at(step) + 0.1, 50, 1.0});
    bool asked = false;
    {
      std::lock_guard lock(mutex_);
      asked = std::exchange(checkpoint_, false);
    }
    if (asked || due(step, checkpoint_every)) write_checkpoint(request, step, sink);
  }
  if (finished.outcome == "stopped" || (finished.outcome == "done" && !due(step, checkpoint_every)))
    write_checkpoint(request, step, sink);
  finished.step = step;
  {
    std::lock_guard lock(mutex_);
    running_ = false;
    changed_.notify_all();
  }
  sink.on_event(finished);
}

void FakeEngine::hold_until(const std::function<bool()>& ended) {
  std::unique_lock waiting(mutex_);
  while (!closing_ && !ended()) changed_.wait_for(waiting, std::chrono::milliseconds(2));
}

void FakeEngine::export_adapter(ExportRequest request, std::function<void(Result<ExportReport>)> done) {
  {
    std::lock_guard lock(mutex_);
    exports_.push_back(request);
    if (script_.hold_export) {
      answers_.emplace_back([this, request, done = std::move(done)] {
        hold_until([&] { return !request.go_on(300u << 20, 400u << 20); });
        done(Status(ErrorCode::Cancelled, "the writing was ended; nothing was kept"));
      });
      return;
    }
  }
  const Status status = write_folder_atomically(
      request.out, [](const fs::path& folder) { return write_file_atomically(folder / "adapter_config.json", "{}"); });
  if (!status.ok()) return done(status);
  ExportReport report;
  report.path = request.out;
  report.files = {"adapter_config.json"};
  report.bytes = 2;
  report.max_difference = 1e-6;
  report.logits_scale = 10;
  done(report);
}

void FakeEngine::evaluate(EvaluateRequest, std::function<void(Result<EvaluateReply>)> done) { done(unsupported("the scripted engine computes nothing")); }

void FakeEngine::logits(LogitsRequest request, std::function<void(Result<LogitsReply>)> done) {
  LogitsReply reply;
  for (std::size_t i = 0; i < 16; ++i) reply.last.push_back(static_cast<float>(i + request.ids.size()));
  done(reply);
}

void FakeEngine::calibrate(CalibrateRequest request, std::function<void(Result<CalibrateReply>)> done) {
  if (script_.hold_floor) {
    const std::lock_guard lock(mutex_);
    answers_.emplace_back([this, request = std::move(request), done = std::move(done)] {
      hold_until(request.cancelled);
      done(Status(ErrorCode::Cancelled, "the measuring was ended"));
    });
    return;
  }
  CalibrateReply reply;
  reply.own = {0.05, 0.02, 0.03};
  reply.library = {0.06, 0.04, 0.03};
  reply.copy_bytes_per_s = 2e10;
  reply.kernels = "plain";
  reply.threads = 1;
  done(reply);
}

void FakeEngine::close_up(CloseUpRequest request, std::function<void(Result<CloseUpReply>)> done) {
  if (script_.refuse_base && !request.base.empty())
    return done(invalid_argument(request.adapter + " adapts no matrix of " + request.base + ": it was made for another model"));
  if (script_.refuse_other && !request.other.empty()) return done(invalid_argument(request.other + " has no adapter at q_proj: angles need the same matrix in both"));
  CloseUpReply reply;
  reply.method = "LoRA";
  reply.step = 10;
  for (const char* module : {"q_proj", "v_proj"}) {
    const std::string path = std::string("model.layers.0.self_attn.") + module;
    reply.sites.push_back({path, module, 0, 4, 6, 2});
    reply.changes.push_back({path, module, 0, 0.1, module[0] == 'q' ? 0.2 : 0.4, 0, 0});
    if (path == request.site || reply.shown.path.empty()) reply.shown = reply.sites.back();
  }
  if (!request.site.empty() && reply.shown.path != request.site) return done(not_found(request.site + " is none of the 2 matrices"));
  reply.pictures.push_back({"ΔW", 4, 6, 2, 2, {1, -0.5, 0, 0.25}, 1, 1.2});
  reply.pictures.push_back({"A", 2, 6, 2, 2, {0, 0, 0, 0}, 0, 0});
  reply.rows = {{1, 1, 2, 2}, {1.1F, 0.9F, 2, 2.2F}};
  reply.columns = {{1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 1, 1}};
  if (!request.other.empty()) {
    reply.output_angles = {10, 80};
    reply.input_angles = {5, 90};
  }
  if (request.decompose_base) reply.base.values = {4, 3, 2, 1};
  if (request.decompose_base ? !script_.hold_decomposition : !script_.hold_look) return done(reply);
  const std::lock_guard lock(mutex_);
  answers_.emplace_back([this, request = std::move(request), done = std::move(done)] {
    hold_until(request.cancelled);
    done(Status(ErrorCode::Cancelled, "the look at the adapter was ended"));
  });
}

void FakeEngine::generate(GenerateRequest request, std::function<void(Result<GenerateReply>)> done) {
  std::lock_guard lock(mutex_);
  questions_.push_back(request);
  answers_.emplace_back([this, request = std::move(request), done = std::move(done)] {
    const bool tuned = request.strength > 0 && (request.model.empty() || !request.adapter.empty());
    GenerateReply reply;
    for (const auto& message : request.messages) reply.prompt.text += "<" + message.role + ">" + message.content;
    reply.prompt.tokens = static_cast<std::int64_t>(request.messages.size());
    reply.prompt.template_name = request.chat_template;
    if (request.on_prompt) request.on_prompt(reply.prompt);
    const std::vector<std::string> words{tuned ? "tuned" : "base", " " + request.messages.back().content, " " + std::to_string(request.sampling.seed)};
    reply.end = "end of turn";
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (script_.hold_answer_after > 0 && static_cast<std::int64_t>(i) == script_.hold_answer_after) {
        std::unique_lock waiting(mutex_);
        while (!closing_ && !(request.cancelled && request.cancelled())) changed_.wait_for(waiting, std::chrono::milliseconds(2));
      }
      if (request.cancelled && request.cancelled()) {
        reply.end = "cancelled";
        break;
      }
      const auto id = static_cast<std::int32_t>(i);
      GeneratedToken token{{id, words[i], 0.5}, words[i], {{id, words[i], 0.5}, {id + 10, " other", 0.25}}};
      reply.text += words[i];
      if (request.on_token) request.on_token(token);
      reply.tokens.push_back(std::move(token));
    }
    done(std::move(reply));
  });
}

void FakeEngine::inspect(InspectRequest, std::function<void(Result<InspectReply>)> done) {
  InspectReply reply;
  reply.method = "LoRA";
  reply.spectra = spectra(10).sites;
  done(reply);
}

}  // namespace weft::test
