// SPDX-License-Identifier: GPL-3.0-or-later
// One training run from request to last event. Created, run and destroyed on the engine thread.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "engine/adapter/evaluation.h"
#include "engine/api/dropout.h"
#include "engine/api/engine.h"
#include "engine/data/data_set.h"
#include "engine/model/decoder.h"
#include "engine/probe/spectra_probe.h"
#include "engine/runtime/job_control.h"
#include "engine/tensor/product_choice.h"
#include "engine/train/adapter_io.h"
#include "engine/train/controller.h"
#include "engine/train/early_stop.h"
#include "engine/train/layer_draw.h"
#include "engine/train/program.h"
#include "engine/train/samples.h"
#include "engine/train/schedule.h"
#include "engine/train/update_rule.h"
#include "engine/train/weight_noise.h"

namespace weft {

class Trainer {
 public:
  // sink hears every event but the last; `idle` answers the engine's other requests, between two steps or paused.
  Trainer(TrainRequest request, EventSink& sink, JobControl& control, std::function<void(bool paused)> idle);

  ~Trainer();

  // The whole run. The result is its last event's content; a Status is a failure. May throw (see guard.h).
  [[nodiscard]] Result<FinishedEvent> run();
  [[nodiscard]] std::int64_t step() const { return step_; }
  // Of the adapter as it is now; between two steps.
  [[nodiscard]] Result<CloseUpReply> close_up(const CloseUpRequest& request);
  // As Engine::edit(); between two steps.
  [[nodiscard]] Result<std::int64_t> edit(RunEdit edit);
  // By model and adapter as they are now; between two steps.
  [[nodiscard]] Result<GenerateReply> generate(GenerateRequest request);
  // Of a run whose memory ended: step, batch, and what is saved; "" before the first.
  [[nodiscard]] std::string where_memory_ended() const;

 private:
  struct StepResult {
    double loss = 0, grad_norm = 0, apart = 0;
    std::int64_t tokens = 0, trained = 0;
    std::string bad_site;             // not empty: nothing was updated
    std::vector<PackedBatch> bad_batches;  // what it was computed of
    bool abandoned = false;
  };

  // trainer_prepare.cpp
  [[nodiscard]] Status prepare();
  [[nodiscard]] Status prepare_adapters();
  [[nodiscard]] Status prepare_edits();
  using Starts = std::map<std::string, SiteStart>;   // by path; empty: all as the settings say
  [[nodiscard]] Result<Starts> look_at_model(const MethodPreset& preset, const SettingValues& settings);
  [[nodiscard]] Result<Starts> look_at_inputs(const SettingValues& settings);
  [[nodiscard]] Result<Starts> look_at_dimensions(const SettingValues& settings);
  [[nodiscard]] Status choose_orders();
  [[nodiscard]] Status settle_memory();
  [[nodiscard]] Status check_vocabulary() const;
  [[nodiscard]] Status resume_position(const AdapterSource& source);
  [[nodiscard]] std::int64_t count_steps() const;
  void announce();
  // trainer_edit.cpp
  [[nodiscard]] Status check(const RunEdit& edit) const;
  [[nodiscard]] Result<std::vector<std::int64_t>> ranks_after(const RunEdit::Prune& prune) const;
  [[nodiscard]] Status apply_edits();
  void say_what_was_not_made();
  [[nodiscard]] Result<std::string> put_in_force(const RunEdit& edit);
  [[nodiscard]] std::vector<std::string> set_by(const RunEdit& edit);
  [[nodiscard]] Result<std::string> prune_to(const RunEdit::Prune& wanted);
  [[nodiscard]] AdapterSet::Share share(const StepInfo& info) const;
  void leave_out_frozen();
  [[nodiscard]] Json edits_state() const;
  [[nodiscard]] Status restore_edits(const Json& state);
  // trainer_preflight.cpp
  [[nodiscard]] bool wants_preflight() const;
  [[nodiscard]] Status preflight();
  // trainer_saving.cpp
  [[nodiscard]] Status check_disk();
  [[nodiscard]] Result<bool> has_room();       // false: the run was told to end without saving
  void let_go_of_checkpoints(std::int64_t most);
  [[nodiscard]] Status checkpoint();
  [[nodiscard]] Status keep_checkpoint();   // one of this step that stays
  // trainer.cpp
  [[nodiscard]] BatchPlan batch_plan() const;
  [[nodiscard]] TrainingState training_state();
  void report_choices();
  void report_rows();
  void warn_of_long_rows();
  [[nodiscard]] Status loop(FinishedEvent& end);
  [[nodiscard]] StepResult train_step();
  [[nodiscard]] Status act(const StepActions& actions);
  [[nodiscard]] std::optional<double> evaluate();
  [[nodiscard]] std::string why_early() const;
  void probe();
  void sample(bool asked);
  void settle_adapters();
  void report_ranks(bool unless_told);
  [[nodiscard]] Status handle_bad_step(const StepResult& result, double lr);
  [[nodiscard]] BadStepEvent describe(const StepResult& result, double lr);
  [[nodiscard]] Status pause_point();
  void state(RunState state, const std::string& message = "");
  [[nodiscard]] double since_start() const;

  TrainRequest request_;
  Dropout dropout_;                          // of request_
  EventSink& sink_;
  JobControl& control_;
  const std::function<void(bool paused)> idle_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();

  std::shared_ptr<const DataSet> data_;
  std::unique_ptr<BatchStream> stream_;
  std::vector<PackedBatch> evaluation_;
  std::optional<EvaluationChoice> orders_;   // of the adapted products, where they are not the default
  std::optional<ProductChoice> products_;    // who makes those in float32
  std::unique_ptr<Decoder> model_;
  std::unique_ptr<AdapterSet> adapters_;
  std::unique_ptr<UpdateRule> rule_;
  std::unique_ptr<Controller> controller_;   // null: the method has none
  std::optional<LayerDraw> layers_;          // which layers' adapters take part in a step
  std::optional<WeightNoise> noise_;         // on the weights of a step
  std::unique_ptr<Program> program_;
  std::unique_ptr<SpectraProbe> probe_;
  std::optional<RunSamples> samples_;
  std::optional<at::Generator> generator_;
  Schedule schedule_;
  std::int64_t total_steps_ = 0, step_ = 0, updates_ = 0, first_step_ = 1;
  std::int64_t resumed_spectra_every_ = 0;
  std::int64_t last_checkpoint_ = -1;
  std::vector<std::int64_t> saved_, dropped_;  // steps of the checkpoints that are there; of those let go since the last event
  std::int64_t keep_ = 0;                    // of them; 0: all
  std::uint64_t saved_bytes_ = 0;            // of one
  double last_grad_norm_ = 0;                // of the last good step
  struct {
    std::int64_t tokens = 0, longest = 0;    // 0 tokens: none
  } at_work_;                                // the batch
  std::optional<EarlyStop> early_stop_;
  std::vector<RunEdit> edits_, planned_, asked_;   // made; to be made, by step: of the request, and asked for while it goes on
  Json resumed_edits_;                       // of the checkpoint, until all is there that they change
  FrozenSide frozen_ = FrozenSide::None;
  std::map<std::size_t, std::int64_t> begun_;  // by site that was cut: updates made before
  std::vector<std::int64_t> told_ranks_;     // as the last RanksEvent said
  bool resumed_ = false, rows_reported_ = false;
  std::string compute_, storage_;
  ActivationPolicy activations_;
  std::uint64_t planned_bytes_ = 0;          // of the whole run; 0: not known
  bool tight_ = false;                       // that is more than half of what there is
};

}  // namespace weft
