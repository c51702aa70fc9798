// SPDX-License-Identifier: GPL-3.0-or-later
// The engine thread: one queue of tasks, one running training job, every tensor.
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/core/grad_mode.h>
#include <torch/headeronly/version.h>

#include <malloc.h>

#include <algorithm>
#include <deque>
#include <iterator>
#include <mutex>
#include <thread>

#include "engine/api/engine.h"
#include "engine/core/process.h"
#include "engine/generate/generation.h"
#include "engine/probe/floor_probe.h"
#include "engine/runtime/guard.h"
#include "engine/runtime/job_control.h"
#include "engine/tensor/tensor.h"
#include "engine/train/evaluation.h"
#include "engine/train/exporter.h"
#include "engine/train/inspection.h"
#include "engine/train/trainer.h"

namespace weft {
namespace {

class EngineImpl final : public Engine {
 public:
  EngineImpl() {
    // Large blocks apart, given back when they are free: glibc would otherwise learn to keep them in its heaps, where those of a step
    // that do not come from the engine's pool leave holes (a seventh of a DoRA run's memory).
    mallopt(M_MMAP_THRESHOLD, 256 * 1024);
    info_.torch_version = TORCH_VERSION;
    info_.cpu = at::get_cpu_capability();
    info_.threads = at::get_num_threads();
    thread_ = std::thread([this] { serve(); });
  }

  ~EngineImpl() override {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
      if (control_) control_->set(Control::Abandon);
      changed_.notify_all();
    }
    thread_.join();
  }

  EngineInfo info() const override { return info_; }

  Result<JobId> train(TrainRequest request, std::shared_ptr<EventSink> sink) override {
    const std::lock_guard lock(mutex_);
    if (control_) return Status(ErrorCode::Busy, "a run is already in progress; stop it or wait for its end");
    control_ = std::make_shared<JobControl>();
    job_ = ++last_job_;
    tasks_.push_back([this, request = std::move(request), sink = std::move(sink), control = control_]() mutable {
      run_job(std::move(request), *sink, *control);
    });
    changed_.notify_all();
    return job_;
  }

  Status control(JobId job, Control what) override {
    const std::lock_guard lock(mutex_);
    if (!control_ || job != job_) return not_found("this run is not in progress any more");
    control_->set(what);
    return {};
  }

  void export_adapter(ExportRequest request, std::function<void(Result<ExportReport>)> done) override {
    post([request = std::move(request), done = std::move(done)] { done(guarded("export", [&] { return weft::export_adapter(request); })); });
  }
  void logits(LogitsRequest request, std::function<void(Result<LogitsReply>)> done) override {
    post([request = std::move(request), done = std::move(done)] { done(guarded("logits", [&] { return compute_logits(request); })); });
  }
  void evaluate(EvaluateRequest request, std::function<void(Result<EvaluateReply>)> done) override {
    post([request = std::move(request), done = std::move(done)] { done(guarded("evaluate", [&] { return evaluate_files(request); })); });
  }
  void inspect(InspectRequest request, std::function<void(Result<InspectReply>)> done) override {
    post([request = std::move(request), done = std::move(done)] { done(guarded("inspect", [&] { return inspect_adapter(request); })); });
  }
  void close_up(CloseUpRequest request, std::function<void(Result<CloseUpReply>)> done) override {
    post_between_steps([this, request = std::move(request), done = std::move(done)] {
      done(guarded("close-up", [&]() -> Result<CloseUpReply> {
        if (!request.adapter.empty()) return close_up_of_file(request);
        if (!trainer_) return not_found("no run is in progress: name an adapter");
        return trainer_->close_up(request);
      }));
    });
  }
  void generate(GenerateRequest request, std::function<void(Result<GenerateReply>)> done) override {
    post_between_steps([this, request = std::move(request), done = std::move(done)]() mutable {
      done(guarded("generate", [&]() -> Result<GenerateReply> {
        WEFT_RETURN_IF_ERROR(validate(request));
        request.cancelled = [asked = std::move(request.cancelled), run = running()] { return (asked && asked()) || (run && run->stopped()); };
        if (!request.model.empty()) return generate_from_files(request);
        if (!trainer_) return not_found("no run is in progress: name a model");
        return trainer_->generate(std::move(request));
      }));
    });
  }
  void edit(JobId job, RunEdit edit, std::function<void(Result<std::int64_t>)> done) override {
    {
      const std::lock_guard lock(mutex_);
      if (control_ && job == job_) {
        between_steps_.push_back([this, job, edit = std::move(edit), done] {
          done(guarded("edit", [&]() -> Result<std::int64_t> {
            if (!trainer_ || !is_running(job)) return not_found("the run ended before the edit could be made");
            return trainer_->edit(edit);
          }));
        });
        changed_.notify_all();
        control_->poke();
        return;
      }
    }
    done(not_found("this run is not in progress any more"));
  }
  void calibrate(CalibrateRequest request, std::function<void(Result<CalibrateReply>)> done) override {
    post([request = std::move(request), done = std::move(done)] { done(guarded("calibrate", [&] { return measure_floor(request); })); });
  }

 private:
  [[nodiscard]] bool is_running(JobId job) {
    const std::lock_guard lock(mutex_);
    return control_ && job == job_;
  }
  // What a run in progress answers between two of its steps.
  void post_between_steps(std::function<void()> task) {
    const std::lock_guard lock(mutex_);
    (control_ ? between_steps_ : tasks_).push_back(std::move(task));
    changed_.notify_all();
    if (control_) control_->poke();
  }

  [[nodiscard]] std::shared_ptr<const JobControl> running() const {
    const std::lock_guard lock(mutex_);
    return control_;
  }

  void post(std::function<void()> task) {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    changed_.notify_all();
    if (control_) control_->poke();
  }

  [[nodiscard]] std::function<void()> take_task() {  // mutex_ held
    if (tasks_.empty()) return {};
    auto task = std::move(tasks_.front());
    tasks_.pop_front();
    return task;
  }

  void serve() {
    // denormal gradients cost a hundred times more than zeros; worker threads inherit the setting of the thread that makes them
    at::globalContext().setFlushDenormal(true);
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return closing_ || !tasks_.empty(); });
      auto task = take_task();
      if (!task) return;  // closing, and everything that was asked for has been answered
      lock.unlock();
      task();
      task = {};
      lock.lock();
    }
  }

  // Called by a run between two steps, and while it is paused: answers what was asked meanwhile.
  void run_waiting_tasks(bool paused) {
    while (true) {
      std::function<void()> task;
      {
        const std::lock_guard lock(mutex_);
        if (!between_steps_.empty()) {
          task = std::move(between_steps_.front());
          between_steps_.pop_front();
        } else if (paused) {
          task = take_task();
        }
      }
      if (!task) return;
      task();
    }
  }

  void run_job(TrainRequest request, EventSink& sink, JobControl& control) {
    FinishedEvent end;
    forget_peak_memory();
    {
      Trainer trainer(std::move(request), sink, control, [this](bool paused) { run_waiting_tasks(paused); });
      trainer_ = &trainer;
      auto result = guarded("train", [&] { return trainer.run(); });
      trainer_ = nullptr;
      if (result.ok()) {
        end = *result;
      } else {
        end.outcome = "failed";
        end.message = result.status().message();
        if (result.status().code() == ErrorCode::OutOfMemory)
          if (const std::string where = trainer.where_memory_ended(); !where.empty()) end.message += " (" + where + ")";
        end.code = error_code_name(result.status().code());
        end.step = trainer.step();
      }
    }
    end.peak_rss_bytes = peak_resident_bytes();
    const RunState last = end.outcome == "done"      ? RunState::Done
                          : end.outcome == "stopped" ? RunState::Stopped
                          : end.outcome == "failed"  ? RunState::Failed
                                                     : RunState::Abandoned;
    sink.on_event(StateEvent{last, end.step, end.message});
    {
      const std::lock_guard lock(mutex_);  // before the last event: whoever hears it may start the next run
      control_.reset();
      std::move(between_steps_.begin(), between_steps_.end(), std::back_inserter(tasks_));
      between_steps_.clear();
    }
    sink.on_event(end);
  }

  EngineInfo info_;                        // constant after construction
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;  // guarded by mutex_
  std::deque<std::function<void()>> between_steps_;  // guarded by mutex_; empty when no run is in progress
  Trainer* trainer_ = nullptr;               // engine thread only: of the run in progress
  std::shared_ptr<JobControl> control_;      // guarded by mutex_; null when no run is in progress
  JobId job_ = 0, last_job_ = 0;             // guarded by mutex_
  bool closing_ = false;                     // guarded by mutex_
  std::thread thread_;
};

}  // namespace
}  // namespace weft

extern "C" __attribute__((visibility("default"))) weft::Engine* weft_create_engine() { return new weft::EngineImpl(); }
