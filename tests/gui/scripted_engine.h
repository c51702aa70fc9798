// SPDX-License-Identifier: GPL-3.0-or-later
// Plays a list of events on its own thread, as fast as it can or paced: for floods and for runs that look like real ones.
#pragma once

#include <atomic>
#include <thread>
#include <vector>

#include "engine/api/engine.h"

namespace weft::test {

// The events of a run of a 30-layer model with LoRA r16, falling losses and spreading spectra; always the same.
[[nodiscard]] std::vector<Event> plausible_run(std::int64_t steps, std::int64_t layers, std::int64_t spectra_every, std::int64_t eval_every);

class ScriptedEngine final : public Engine {
 public:
  explicit ScriptedEngine(std::vector<Event> events) : events_(std::move(events)) {}
  ~ScriptedEngine() override;

  [[nodiscard]] EngineInfo info() const override { return {"scripted", "none", 1}; }
  [[nodiscard]] Result<JobId> train(TrainRequest request, std::shared_ptr<EventSink> sink) override;
  [[nodiscard]] Status control(JobId job, Control control) override;
  void edit(JobId job, RunEdit edit, std::function<void(Result<std::int64_t>)> done) override;
  void export_adapter(ExportRequest request, std::function<void(Result<ExportReport>)> done) override;
  void evaluate(EvaluateRequest request, std::function<void(Result<EvaluateReply>)> done) override;
  void logits(LogitsRequest request, std::function<void(Result<LogitsReply>)> done) override;
  void close_up(CloseUpRequest request, std::function<void(Result<CloseUpReply>)> done) override;
  void generate(GenerateRequest request, std::function<void(Result<GenerateReply>)> done) override;
  void inspect(InspectRequest request, std::function<void(Result<InspectReply>)> done) override;
  void calibrate(CalibrateRequest request, std::function<void(Result<CalibrateReply>)> done) override;

 private:
  void end();
  const std::vector<Event> events_;
  std::atomic<bool> ended_ = false;
  std::thread thread_;
};

}  // namespace weft::test
