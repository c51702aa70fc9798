// SPDX-License-Identifier: GPL-3.0-or-later
// An engine that does what a script says instead of computing: it stands in for LibTorch where only the conversation
// counts. Events, checkpoints (small real files) and controls behave as engine/api/engine.h promises. One run at a
// time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/api/engine.h"

namespace weft::test {

struct FakeScript {
  std::int64_t sites = 3;
  std::int64_t rank = 4;
  std::int64_t hold_before_step = 0;  // waits there until release() or a control; 0: never
  std::int64_t fail_at_step = 0;      // ends with "failed" instead of this step; 0: never
  std::int64_t pause_at_step = 0;     // pauses by itself, as for a loss that is not finite; 0: never
  std::string warning;                // said after the start
  bool ranks = false;                 // tells of ranks before each spectra: those of site i at step n are rank - min(i, n / 5)
  std::int64_t hold_answer_after = 0; // an answer waits after so many words until it is cancelled; 0: never
  bool hold_export = false;           // an export is written until it is cancelled
  bool hold_decomposition = false;    // a weight is decomposed until that is cancelled
  bool hold_look = false;             // an adapter is looked at until that is cancelled
  bool refuse_base = false;           // an adapter is seen by itself only: it was made for another model
  bool refuse_other = false;          // a second adapter has no such matrix
  bool hold_floor = false;            // a floor is timed until that is cancelled
  bool two_passes = false;            // each step has a divergence of its passes: 1 / step
  bool bad_loss = false;              // the step at which it pauses by itself has a loss that is no number
  bool disk_full = false;             // it pauses by itself since there is no room for a checkpoint
  ErrorCode fail_code = ErrorCode::EngineFailure;  // of fail_at_step
  std::int64_t late_spectra = 0;      // the cadence that its spectra are lowered to after step 5; 0: never
};

class FakeEngine final : public Engine {
 public:
  explicit FakeEngine(FakeScript script = {});
  ~FakeEngine() override;

  void release();          // lets a held run go on, for good
  void wait_until_held();  // blocks until the run stands at hold_before_step, or is paused
  [[nodiscard]] std::vector<TrainRequest> requests() const;
  [[nodiscard]] std::vector<ExportRequest> exports() const;
  [[nodiscard]] std::vector<RunEdit> edits() const;   // that were asked for; one that changes alpha, rank, dropout or a side is refused
  [[nodiscard]] std::vector<GenerateRequest> questions() const;
  [[nodiscard]] static double loss_at(std::int64_t step);

  [[nodiscard]] EngineInfo info() const override { return {"fake", "none", 1}; }
  [[nodiscard]] Result<JobId> train(TrainRequest request, std::shared_ptr<EventSink> sink) override;
  [[nodiscard]] Status control(JobId job, Control control) override;
  void edit(JobId job, RunEdit edit, std::function<void(Result<std::int64_t>)> done) override;
  void export_adapter(ExportRequest request, std::function<void(Result<ExportReport>)> done) override;
  void evaluate(EvaluateRequest request, std::function<void(Result<EvaluateReply>)> done) override;
  void logits(LogitsRequest request, std::function<void(Result<LogitsReply>)> done) override;
  void close_up(CloseUpRequest request, std::function<void(Result<CloseUpReply>)> done) override;
  // Answers on a thread of its own, word by word: "base" or "tuned" (a checkpoint, a file or the run), the last message, and the seed.
  void generate(GenerateRequest request, std::function<void(Result<GenerateReply>)> done) override;
  void inspect(InspectRequest request, std::function<void(Result<InspectReply>)> done) override;
  void calibrate(CalibrateRequest request, std::function<void(Result<CalibrateReply>)> done) override;

 private:
  void hold_until(const std::function<bool()>& ended);   // or until the engine goes
  enum class Next { Step, Stop, Abandon };
  void run(const TrainRequest& request, EventSink& sink);
  [[nodiscard]] Next before_step(std::int64_t step, EventSink& sink);
  void write_checkpoint(const TrainRequest& request, std::int64_t step, EventSink& sink);
  [[nodiscard]] SpectraEvent spectra(std::int64_t step) const;
  void measure(std::int64_t step, EventSink& sink) const;

  const FakeScript script_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool released_ = false, held_ = false, running_ = false;                    // guarded by mutex_
  bool pause_ = false, stop_ = false, abandon_ = false, checkpoint_ = false;  // guarded by mutex_
  JobId job_ = 0;                                                             // guarded by mutex_
  std::vector<TrainRequest> requests_;                                        // guarded by mutex_
  std::vector<ExportRequest> exports_;                                        // guarded by mutex_
  std::vector<RunEdit> edits_, waiting_;                                      // guarded by mutex_
  std::int64_t step_ = 0;                                                     // guarded by mutex_
  std::vector<GenerateRequest> questions_;                                    // guarded by mutex_
  bool closing_ = false;                                                      // guarded by mutex_
  std::vector<std::jthread> answers_;                                         // guarded by mutex_
  std::thread thread_;
};

}  // namespace weft::test
