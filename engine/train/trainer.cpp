// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/trainer.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/core/process.h"
#include "engine/core/non_finite.h"
#include "engine/core/text_util.h"
#include "engine/data/batch_plan.h"
#include "engine/probe/close_up.h"
#include "engine/tensor/buffer_pool.h"
#include "engine/tensor/phase_clock.h"
#include "engine/generate/generation.h"
#include "engine/train/checkpoint.h"
#include "engine/train/evaluation.h"
#include "engine/train/inspection.h"
#include "engine/train/objective.h"

namespace weft {
namespace {

double milliseconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

constexpr std::size_t kRowsShown = 64;      // of a batch that gave no number
constexpr std::ptrdiff_t kTokensShown = 512;

std::int64_t longest_row(const PackedBatch& batch) {
  std::int64_t longest = 0;
  for (std::size_t s = 0; s + 1 < batch.segments.size(); ++s) longest = std::max(longest, batch.segments[s + 1] - batch.segments[s]);
  return longest;
}

}  // namespace

Trainer::Trainer(TrainRequest request, EventSink& sink, JobControl& control, std::function<void(bool paused)> idle)
    : request_(std::move(request)), sink_(sink), control_(control), idle_(std::move(idle)) {}

Trainer::~Trainer() {
  choose_products_by(nullptr);
  release_pool();
}

BatchPlan Trainer::batch_plan() const { return batch_plan_of(request_.data, request_.train); }

TrainingState Trainer::training_state() {
  TrainingState state = rule_->state();
  if (controller_)
    for (auto& entry : controller_->state()) state.push_back(std::move(entry));
  return state;
}

void Trainer::state(RunState s, const std::string& message) { sink_.on_event(StateEvent{s, step_, message}); }

double Trainer::since_start() const { return milliseconds_since(start_) / 1000; }

Result<FinishedEvent> Trainer::run() {
  state(RunState::Preparing);
  WEFT_RETURN_IF_ERROR(prepare());
  announce();
  FinishedEvent end;
  WEFT_RETURN_IF_ERROR(preflight());
  if (request_.only_preflight) {
    end.outcome = control_.stopped() ? "abandoned" : "done";
    end.seconds = since_start();
    return end;
  }
  WEFT_RETURN_IF_ERROR(loop(end));
  end.step = step_;
  end.seconds = since_start();
  return end;
}

// Once: what there is to say of the rows, when all are read or the run ends before.
void Trainer::report_rows() {
  if (rows_reported_) return;
  rows_reported_ = true;
  const DataPreview rows = data_->preview();
  if (data_->complete()) warn_of_long_rows();
  for (std::size_t i = data_->remarks().size(); i < rows.warnings.size(); ++i) sink_.on_event(WarningEvent{step_, rows.warnings[i]});
  if (rows.rejected.empty()) return;
  sink_.on_event(WarningEvent{step_, fmt::format("{} rows of {} were left out; line {}: {}", rows.rejected.size(), rows.path,
                                                 rows.rejected.front().line, rows.rejected.front().reason)});
}

void Trainer::warn_of_long_rows() {
  const auto context = static_cast<std::size_t>(std::max<std::int64_t>(0, model_->config().context));
  std::size_t longer = 0, longest = 0;
  for (const auto* rows : {&data_->train_rows(), &data_->held_out_rows()})
    for (const auto& row : *rows) {
      longer += row.ids.size() > context;
      longest = std::max(longest, row.ids.size());
    }
  if (context > 0 && longer > 0)
    sink_.on_event(WarningEvent{step_, fmt::format("{} rows are longer than the model's context of {} tokens, the longest has {}: the model has not "
                                                   "learned positions beyond it; [data] max_length = {} cuts them there", longer, context, longest, context)});
}

// Shapes are met as the run goes on: batches differ in length.
void Trainer::report_choices() {
  if (orders_)
    if (const auto news = orders_->take_news(); !news.empty())
      sink_.on_event(WarningEvent{step_, fmt::format("[train] evaluation = \"{}\" chose for matrices of {}", request_.train.at("evaluation").get<std::string>(),
                                                     fmt::join(news, "; "))});
  if (!products_) return;
  if (const auto news = products_->take_news(); !news.ok())
    sink_.on_event(WarningEvent{step_, "[model] products = \"auto\" will try again in the next run: " + news.status().message()});
  else if (!news->empty())
    sink_.on_event(WarningEvent{step_, fmt::format("[model] products = \"auto\", measured once on this machine: {}", fmt::join(*news, "; "))});
}

Status Trainer::loop(FinishedEvent& end) {
  state(RunState::Running);
  if (!resumed_) WEFT_RETURN_IF_ERROR(act(program_->after(0, probe_->every())));
  bool finished = step_ >= total_steps_;
  while (!finished && !control_.stopped()) {
    WEFT_RETURN_IF_ERROR(apply_edits());
    if (end.process_seconds_to_first_step == 0) end.process_seconds_to_first_step = process_seconds();
    const double lr = schedule_.at(step_);
    (void)take_phase_seconds();  // what passed between the steps
    const StepResult result = train_step();
    at_work_ = {};
    if (result.abandoned) break;
    ByPhase<double> phase_ms = take_phase_seconds();
    for (auto& value : phase_ms) value *= 1000;
    const double ms = std::accumulate(phase_ms.begin(), phase_ms.end(), 0.0);
    ++step_;
    if (end.seconds_to_first_step == 0) end.seconds_to_first_step = since_start();
    sink_.on_event(StepEvent{step_, result.loss, result.grad_norm, lr, result.tokens, result.trained,
                             static_cast<double>(result.tokens) / (ms / 1000), ms, resident_bytes(), stream_->epoch(), phase_ms,
                             dropout_.consistency == Consistency::None ? std::nullopt : std::optional(result.apart)});
    if (!result.bad_site.empty()) WEFT_RETURN_IF_ERROR(handle_bad_step(result, lr));
    report_choices();
    if (controller_)
      if (const std::string news = controller_->take_news(); !news.empty())
        sink_.on_event(WarningEvent{step_, adapters_->preset().descriptor.title + ": " + news});
    probe_->add_step_time(ms);
    if (data_->complete()) report_rows();
    StepActions actions = program_->after(step_, probe_->every());
    actions.checkpoint = actions.checkpoint || control_.take_checkpoint_wish();
    finished = actions.finish;
    WEFT_RETURN_IF_ERROR(act(actions));
    if (!finished && early_stop_->ends()) {
      end.message = why_early();
      finished = true;
      break;
    }
    WEFT_RETURN_IF_ERROR(pause_point());
  }
  report_rows();
  report_ranks(/*unless_told=*/true);
  say_what_was_not_made();
  if (control_.abandoned()) {
    end.outcome = "abandoned";
  } else if (finished) {
    if (!end.message.empty()) WEFT_RETURN_IF_ERROR(keep_checkpoint());
    end.outcome = "done";
  } else {
    state(RunState::Stopping);
    if (last_checkpoint_ != step_ && step_ > 0) WEFT_RETURN_IF_ERROR(checkpoint());
    end.outcome = "stopped";
  }
  return {};
}

Trainer::StepResult Trainer::train_step() {
  StepResult result;
  const auto accumulate = request_.train.at("accumulate").get<std::int64_t>();
  std::vector<PackedBatch> batches;  // of the whole window, so that the loss can be divided by its trained tokens
  for (std::int64_t i = 0; i < accumulate; ++i) {
    batches.push_back(stream_->next());
    result.tokens += batches.back().tokens();
    result.trained += batches.back().trained_tokens;
  }
  {
    const PhaseScope scope(Phase::Adapter);
    adapters_->zero_gradients();
    adapters_->rest(layers_->draw(step_, *generator_));
    adapters_->disturb(noise_->at(step_));
    adapters_->prepare();
  }
  DropPass pass{.dropout = dropout_, .seed = request_.train.at("seed").get<std::uint64_t>(), .step = step_, .batch = -1};
  for (const auto& batch : batches) {
    ++pass.batch;
    if (control_.abandoned()) {
      result.abandoned = true;
      return result;
    }
    if (batch.trained_tokens == 0) continue;
    at_work_ = {batch.tokens(), longest_row(batch)};
    const at::AutoGradMode grad_on(true);
    const BatchLoss loss = batch_loss(*model_, batch, static_cast<double>(result.trained), pass);
    const double value = loss.value();
    result.loss += loss.task;
    result.apart += loss.apart;
    if (!std::isfinite(value)) {
      result.loss = value;
      result.bad_site = model_->find_non_finite(view_of(batch));
      if (result.bad_site.empty()) result.bad_site = "the output layer";
      result.bad_batches.push_back(batch);
      return result;
    }
    loss.total.backward();
  }
  {
    const PhaseScope scope(Phase::Adapter);
    adapters_->collect();
    if (controller_) controller_->penalize(*adapters_);
  }
  const PhaseScope scope(Phase::Optimizer);
  leave_out_frozen();
  Tensor& gradients = adapters_->gradients();
  result.grad_norm = gradients.norm().item<double>();
  if (!std::isfinite(result.grad_norm)) {
    result.bad_site = adapters_->first_bad_site();
    result.bad_batches = std::move(batches);
    return result;
  }
  last_grad_norm_ = result.grad_norm;
  const double clip = request_.train.at("grad_clip").get<double>();
  if (clip > 0 && result.grad_norm > clip && !rule_->clips()) gradients.mul_(clip / (result.grad_norm + 1e-6));
  ++updates_;
  const StepInfo info{.step = step_ + 1, .updates = updates_, .lr = schedule_.at(step_), .generator = *generator_};
  if (controller_) controller_->before_update(*adapters_, info);
  rule_->step(adapters_->params(), gradients, adapters_->working_groups(share(info)), info.lr, updates_);
  if (controller_) controller_->after_update(*adapters_, info);
  return result;
}

// Parameters are those of the last good update: continuing skips the batch.
Status Trainer::handle_bad_step(const StepResult& result, double lr) {
  const BadStepEvent bad = describe(result, lr);
  const std::string message =
      fmt::format("[train.step] {} is {} at step {} (learning rate {:.3g}, gradient norm {}), first at {}; the update was not applied. Lower the learning "
                  "rate, or continue to skip this batch of {} rows",
                  bad.what, non_finite_name(std::isfinite(result.loss) ? result.grad_norm : result.loss), step_, lr,
                  last_grad_norm_ > 0 ? fmt::format("{:.4g} just before", last_grad_norm_) : "not known before", bad.site,
                  static_cast<std::int64_t>(bad.rows.size()) + bad.more_rows);
  control_.pause();
  sink_.on_event(bad);
  sink_.on_event(WarningEvent{step_, message});
  sink_.on_event(StateEvent{RunState::Paused, step_, message, "loss"});
  control_.wait_while_paused([this] { idle_(true); });
  if (!control_.stopped()) state(RunState::Running);
  return {};
}

// The rows as text, where the model has a tokenizer.
BadStepEvent Trainer::describe(const StepResult& result, double lr) {
  BadStepEvent bad{.step = step_, .what = std::isfinite(result.loss) ? "gradient norm" : "loss", .site = result.bad_site, .lr = lr, .grad_norm_before = last_grad_norm_};
  const auto writer = samples_->writer();
  for (const auto& batch : result.bad_batches)
    for (std::size_t s = 0; s + 1 < batch.segments.size(); ++s) {
      if (bad.rows.size() == kRowsShown) {
        ++bad.more_rows;
        continue;
      }
      const auto begin = batch.ids.begin() + batch.segments[s], end = batch.ids.begin() + batch.segments[s + 1];
      BadStepEvent::Row row{.tokens = end - begin, .trained = std::count_if(batch.targets.begin() + batch.segments[s], batch.targets.begin() + batch.segments[s + 1],
                                                                            [](std::int32_t target) { return target != kNoLabel; }), .text = {}};
      const std::vector<std::int32_t> ids(begin, begin + std::min<std::ptrdiff_t>(end - begin, kTokensShown));
      if (writer.ok()) row.text = (*writer)->coder().decode(ids, /*skip_special=*/false);
      if (row.text.empty()) row.text = fmt::format("{}", fmt::join(ids, " "));
      bad.rows.push_back(std::move(row));
    }
  return bad;
}

std::string Trainer::where_memory_ended() const {
  if (at_work_.tokens == 0 && step_ == 0) return "";
  std::string text = at_work_.tokens > 0 ? fmt::format("at step {}, a batch of {} tokens with rows of up to {}", step_ + 1, at_work_.tokens, at_work_.longest)
                                         : fmt::format("after step {}", step_);
  text += fmt::format("; at most {} were taken. ", human_bytes(static_cast<double>(peak_resident_bytes())));
  return text + (last_checkpoint_ > 0 ? fmt::format("The checkpoint of step {} is whole", last_checkpoint_) : std::string("No checkpoint was written yet"));
}

Status Trainer::pause_point() {
  idle_(false);
  if (!control_.pause_wanted()) return {};
  state(RunState::Paused);
  Status failed;
  control_.wait_while_paused([&] {
    if (control_.take_checkpoint_wish() && failed.ok()) failed = checkpoint();
    if (control_.take_sample_wish()) sample(/*asked=*/true);
    idle_(true);
  });
  WEFT_RETURN_IF_ERROR(failed);
  if (!control_.stopped()) state(RunState::Running);
  return {};
}

// What rests in a step, and its noise, are of that step alone.
void Trainer::settle_adapters() {
  adapters_->rest({});
  adapters_->disturb({});
}

Status Trainer::act(const StepActions& actions) {
  settle_adapters();
  if (actions.spectra || actions.evaluate) adapters_->prepare();  // factors of the new parameters
  const std::int64_t replaced = early_stop_->own_checkpoint ? early_stop_->best_step() : 0;
  const std::optional<double> loss = actions.evaluate ? evaluate() : std::nullopt;
  const bool best = loss && early_stop_->add(step_, *loss);
  if (best) early_stop_->own_checkpoint = !actions.checkpoint && !request_.checkpoint_folder.empty();
  if (actions.spectra) {
    report_ranks(/*unless_told=*/false);
    probe();
  }
  if (const bool asked = control_.take_sample_wish(); asked || actions.sample) sample(asked);
  if (actions.checkpoint || best) WEFT_RETURN_IF_ERROR(checkpoint());
  if (!best) return {};
  std::error_code ignored;  // the best before, that nothing else asked for; then it is only not tidied up
  if (replaced > 0) std::filesystem::remove(checkpoint_path(request_.checkpoint_folder, replaced), ignored);
  std::erase(saved_, replaced);
  sink_.on_event(BestEvent{step_, *loss, replaced});
  return {};
}

std::string Trainer::why_early() const {
  return fmt::format("ended early at step {}: the loss on held-out rows has not fallen {}in {} evaluations; the best is {:.5g} at step {}", step_,
                     request_.train.at("min_delta").get<double>() > 0 ? fmt::format("by more than {} ", request_.train.at("min_delta").get<double>()) : "",
                     early_stop_->waited(), early_stop_->best_loss(), early_stop_->best_step());
}

Result<CloseUpReply> Trainer::close_up(const CloseUpRequest& request) {
  if (!adapters_ || !probe_) return not_found("the run has no adapter yet: it is still being prepared");
  adapters_->prepare();
  const std::string site = request.site.empty() && adapters_->size() > 0 ? adapters_->context(0).path : request.site;
  WEFT_ASSIGN_OR_RETURN(const auto other, factors_of_other(request.other, request_.model.at("path").get<std::string>(), site));
  WEFT_ASSIGN_OR_RETURN(CloseUpReply reply, close_up_of(*adapters_, request, other));
  reply.step = step_;
  return reply;
}

Result<GenerateReply> Trainer::generate(GenerateRequest request) {
  if (!adapters_ || !samples_) return not_found("the run has no adapter yet: it is still being prepared");
  WEFT_ASSIGN_OR_RETURN(const PromptWriter* writer, samples_->writer());
  if (request.chat_template.empty()) request.chat_template = template_of_run(request_.data);
  settle_adapters();
  adapters_->prepare();
  return generate_with(*model_, *writer, request, step_);
}

// A run goes on without what cannot be answered: that is said once a try.
void Trainer::sample(bool asked) {
  if (!samples_->any()) {
    if (asked) sink_.on_event(WarningEvent{step_, "[samples] prompts is empty: there is nothing to answer; a run that names prompts answers them while it trains"});
    return;
  }
  settle_adapters();
  adapters_->prepare();
  auto event = samples_->draw(*model_, step_, [this] { return control_.stopped(); });
  if (!event.ok())
    sink_.on_event(WarningEvent{step_, "no samples: " + event.status().message()});
  else if (!event->answers.empty())
    sink_.on_event(*std::move(event));
}

std::optional<double> Trainer::evaluate() {
  if (data_->held_out_count() == 0) return std::nullopt;
  if (evaluation_.empty()) evaluation_ = evaluation_batches(data_->held_out_rows(), batch_plan().batch_tokens);
  const auto begin = std::chrono::steady_clock::now();
  const auto rows = loss_of_rows(*model_, evaluation_, [this] { return control_.abandoned(); });
  if (!rows || rows->tokens == 0) return std::nullopt;
  const EvalEvent event{.step = step_, .loss = rows->loss(), .tokens = rows->tokens, .ms = milliseconds_since(begin), .accuracy = rows->accuracy()};
  sink_.on_event(event);
  return event.loss;
}

void Trainer::probe() {
  bool lowered = false;
  const SpectraEvent event = probe_->take(step_, lowered);
  sink_.on_event(event);
  if (lowered)
    sink_.on_event(WarningEvent{step_, fmt::format("spectra took {:.0f} ms, over {:.1f} % of the step time: now every {} steps", event.ms,
                                                   100 * request_.probe.at("max_share").get<double>(), event.every)});
}

// unless_told: only where the last event said something else.
void Trainer::report_ranks(bool unless_told) {
  std::vector<std::int64_t> ranks;
  if (controller_) ranks = controller_->ranks(*adapters_);
  for (std::size_t i = 0; !begun_.empty() && i < adapters_->size(); ++i) ranks.push_back(adapters_->context(i).rank);   // cut by an edit
  if (ranks.empty() || (unless_told && ranks == told_ranks_)) return;
  RanksEvent event{step_, {}};
  for (std::size_t i = 0; i < ranks.size(); ++i) event.sites.push_back({adapters_->context(i).path, ranks[i]});
  sink_.on_event(event);
  told_ranks_ = std::move(ranks);
}

}  // namespace weft
