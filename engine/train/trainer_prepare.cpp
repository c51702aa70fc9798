// SPDX-License-Identifier: GPL-3.0-or-later
// What a run does before its first step: request to model, rows, adapters and where to go on.
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include <fmt/format.h>

#include "engine/api/run_plan.h"
#include "engine/train/arithmetic.h"
#include "engine/train/checkpoint.h"
#include "engine/train/intrinsic_dimension.h"
#include "engine/train/trainer.h"

namespace weft {
namespace {

// Whether two methods have the same tensors, whichever of them they train: LoRA, LoRA+ and LoRA-FA.
bool hold_the_same(const MethodPreset& one, const MethodPreset& other, const SettingValues& settings) {
  if (one.wraps != other.wraps) return false;
  if (one.delta == other.delta) return true;
  const auto names = [&](const MethodPreset& preset) {
    SiteContext site{{.path = "a", .module = "a", .layer = 0, .out = 64, .in = 64}};
    site.rank = 1;
    site.settings = &settings;
    std::vector<std::string> found;
    const auto delta = make_delta(preset.delta);
    for (const auto& slot : delta.ok() && (*delta)->check(site).ok() ? (*delta)->slots(site) : std::vector<Slot>()) found.push_back(slot.peft_suffix);
    return found;
  };
  const auto held = names(one);
  return !held.empty() && held == names(other);
}

// Of factors with more directions than their matrix has; "" where there are none.
std::string ranks_beyond_matrices(const AdapterSet& adapters) {
  std::int64_t beyond = 0;
  const SiteContext* smallest = nullptr;
  for (std::size_t i = 0; i < adapters.size(); ++i) {
    const SiteContext& site = adapters.context(i);
    const auto right = adapters.values(i).find("A");
    if (right == adapters.values(i).end() || right->second.dim() != 2 || right->second.size(0) <= std::min(site.out, site.in)) continue;
    ++beyond;
    if (!smallest || std::min(site.out, site.in) < std::min(smallest->out, smallest->in)) smallest = &site;
  }
  if (!smallest) return "";
  return fmt::format("[method] rank {} is more than {} of {} matrices can have: {} is {} x {}, so {} of its directions can add nothing; a rank up to {} does the same with less",
                     smallest->rank, beyond, adapters.size(), smallest->path, smallest->out, smallest->in, smallest->rank - std::min(smallest->out, smallest->in),
                     std::min(smallest->out, smallest->in));
}

}  // namespace

Status Trainer::prepare() {
  WEFT_ASSIGN_OR_RETURN(request_, validate(request_));
  if (const auto threads = request_.train.at("threads").get<int>(); threads > 0) {
    at::set_num_threads(threads);
    if (const unsigned cores = std::thread::hardware_concurrency(); cores > 0 && static_cast<unsigned>(threads) > cores)
      sink_.on_event(WarningEvent{0, fmt::format("[train] threads = {}, but this machine runs {} at a time: threads that take turns wait for each "
                                                 "other at every product; 0 chooses by itself", threads, cores)});
  }
  WEFT_ASSIGN_OR_RETURN(dropout_, dropout_of(request_.dropout));
  WEFT_RETURN_IF_ERROR(settle_memory());
  const auto model_path = request_.model.at("path").get<std::string>();
  WEFT_ASSIGN_OR_RETURN(auto source, ModelSource::open(model_path));
  WEFT_ASSIGN_OR_RETURN(const EvaluationPolicy evaluation, evaluation_policy(request_.train.at("evaluation").get<std::string>()));
  const Arithmetic arithmetic = choose_arithmetic(request_.model, evaluation);
  if (!arithmetic.warning.empty()) sink_.on_event(WarningEvent{0, arithmetic.warning});
  compute_ = arithmetic.compute;
  storage_ = arithmetic.storage;
  if (arithmetic.products != ProductChoice::Maker::Own && arithmetic.options.precision == Precision::Full)
    choose_products_by(&products_.emplace(arithmetic.products, ProductChoice::file_of_this_machine()));
  WEFT_ASSIGN_OR_RETURN(model_, Decoder::load(std::move(source), arithmetic.options));
  WEFT_ASSIGN_OR_RETURN(data_, request_.data_ahead.valid() ? request_.data_ahead.get() : DataSet::load(request_.data, model_path));
  request_.data_ahead = {};
  for (const auto& remark : data_->remarks()) sink_.on_event(WarningEvent{0, remark});
  if (data_->complete()) report_rows();
  WEFT_RETURN_IF_ERROR(check_vocabulary());
  stream_ = std::make_unique<BatchStream>(*data_, batch_plan());
  generator_ = make_generator(request_.train.at("seed").get<std::uint64_t>());
  total_steps_ = count_steps();
  WEFT_RETURN_IF_ERROR(prepare_adapters());
  model_->set_activations(activations_);

  schedule_ = {request_.train.at("schedule").get<std::string>(), request_.train.at("lr").get<double>(),
               warmup_steps(request_.train.at("warmup").get<double>(), total_steps_), total_steps_};
  program_ = make_plain_program(request_, total_steps_);
  const auto every = resumed_ ? resumed_spectra_every_ : request_.probe.at("spectra_every").get<std::int64_t>();
  probe_ = std::make_unique<SpectraProbe>(*adapters_, every, request_.probe.at("max_share").get<double>());
  samples_.emplace(request_);
  WEFT_RETURN_IF_ERROR(check_disk());
  return prepare_edits();
}

// After all that an edit may change.
Status Trainer::prepare_edits() {
  if (const auto patience = request_.train.at("patience").get<std::int64_t>(); patience > 0 && data_->held_out_count() == 0)
    return invalid_argument(fmt::format("[train] patience = {} waits for the loss on held-out rows to fall, but none of the {} rows is held out: raise [data] holdout or give more rows",
                                        patience, data_->train_count()));
  try {
    if (Status status = restore_edits(resumed_edits_); !status.ok()) return status.with_context(request_.resume_from);
  } catch (const Json::exception& error) {
    return corrupt(request_.resume_from + ": the edits of the run cannot be read: " + error.what());
  }
  for (const auto& edit : request_.edits)
    if (edit.step > step_) planned_.push_back(edit);
  std::stable_sort(planned_.begin(), planned_.end(), [](const RunEdit& one, const RunEdit& other) { return one.step < other.step; });
  return {};
}

// Before the model is opened, so that what the machine has free does not yet hold it. The program itself is loaded: the plan counts it.
Status Trainer::settle_memory() {
  const auto named = named_policy(request_.train.at("activations").get<std::string>());
  if (named) activations_ = *named;
  auto plan = make_plan(request_);
  if (!plan.ok()) {   // for example a checkpoint whose run does not name its method
    if (!named) sink_.on_event(WarningEvent{0, "[train] activations = \"auto\" takes \"cheap\", since the memory cannot be planned: " + plan.status().message()});
    return {};
  }
  const std::uint64_t free = available_memory_bytes(), available = free > 0 ? free + std::min(resident_bytes(), plan->memory.front().bytes) : 0;
  const std::string why = settle_activations(*plan, available);
  activations_ = plan->activations;
  if (!why.empty()) sink_.on_event(WarningEvent{0, "[train] " + why});
  planned_bytes_ = plan->memory_bytes();
  tight_ = available > 0 && 2 * planned_bytes_ > available;
  return request_.insist ? Status() : check_fits(*plan, available);
}

Status Trainer::check_vocabulary() const {
  if (!data_->complete()) return {};  // of a set that is read while training, every id was known to be in range
  const auto size = model_->config().vocabulary;
  for (const auto* rows : {&data_->train_rows(), &data_->held_out_rows()})
    for (const auto& row : *rows)
      for (const auto id : row.ids)
        if (id < 0 || id >= size)
          return invalid_argument(fmt::format("{} holds the token id {}, the model's vocabulary has {} tokens: the data was made for another tokenizer",
                                              data_->preview().path, id, size));
  return {};
}

Status Trainer::prepare_adapters() {
  const std::string from = !request_.resume_from.empty() ? request_.resume_from : request_.init_adapter;
  std::optional<AdapterSource> resumed;
  if (from.empty()) {
    WEFT_ASSIGN_OR_RETURN(const MethodPreset* preset, find_preset(request_.method.at("name").get<std::string>()));
    SettingValues settings = request_.method;
    settings.erase("name");
    WEFT_ASSIGN_OR_RETURN(const Starts starts, look_at_model(*preset, settings));
    WEFT_ASSIGN_OR_RETURN(adapters_, create_adapters(*model_, *preset, settings, starts));
    WEFT_RETURN_IF_ERROR(adapters_->start(*generator_));
  } else {
    WEFT_ASSIGN_OR_RETURN(AdapterSource source, open_adapter(from));
    // a run file that names a method may change how the same tensors are trained (LoRA+), not what they are
    if (request_.method.contains("name") && request_.resume_from.empty()) {
      WEFT_ASSIGN_OR_RETURN(const MethodPreset* preset, find_preset(request_.method.at("name").get<std::string>()));
      SettingValues settings = source.settings;
      for (const auto& spec : preset->descriptor.settings)
        if (!settings.contains(spec.key)) settings[spec.key] = request_.method.at(spec.key);
      if (!hold_the_same(*preset, *source.preset, settings))
        return invalid_argument(fmt::format("[method] name = \"{}\" but {} holds a {} adapter", preset->descriptor.name, from, source.preset->descriptor.title));
      source.settings = std::move(settings);
      source.preset = preset;
    }
    WEFT_ASSIGN_OR_RETURN(adapters_, load_adapters(*model_, source));
    if (!request_.resume_from.empty()) resumed = std::move(source);
  }
  WEFT_ASSIGN_OR_RETURN(rule_, make_update_rule(request_.train, adapters_->params(), adapters_->pairs()));
  WEFT_ASSIGN_OR_RETURN(controller_, make_controller(*adapters_, rule_->state(), total_steps_));
  layers_.emplace(*adapters_, request_.train.at("layers_at_first").get<double>(), total_steps_);
  noise_.emplace(request_.train.at("weight_noise").get<double>(), request_.train.at("seed").get<std::uint64_t>(), total_steps_);
  early_stop_.emplace(request_.train.at("patience").get<std::int64_t>(), request_.train.at("min_delta").get<double>());
  if (resumed) WEFT_RETURN_IF_ERROR(resume_position(*resumed));
  else if (controller_) WEFT_RETURN_IF_ERROR(controller_->begin(*adapters_, *generator_));
  if (const std::string remark = ranks_beyond_matrices(*adapters_); !remark.empty()) sink_.on_event(WarningEvent{0, remark});
  if (const std::string remark = rule_->remark(); !remark.empty()) sink_.on_event(WarningEvent{0, remark});
  WEFT_RETURN_IF_ERROR(check_dropout(adapters_->preset(), dropout_));
  WEFT_RETURN_IF_ERROR(choose_orders());
  attach_adapters(*model_, *adapters_);
  if (!request_.save_init.empty())
    WEFT_RETURN_IF_ERROR(write_folder_atomically(request_.save_init, [&](const std::filesystem::path& folder) {
      return write_peft_files(folder.string(), *adapters_, base_model_name(model_->source()));
    }));
  return {};
}

// What some methods want to know before there is an adapter, from batches of a stream of their own, which the run's does not notice.
Result<Trainer::Starts> Trainer::look_at_model(const MethodPreset& preset, const SettingValues& settings) {
  if (preset.plans_ranks) return look_at_dimensions(settings);
  if (!settings.contains("start")) return Starts();
  WEFT_ASSIGN_OR_RETURN(const auto start, make_start(start_of(settings, model_->linears().front()->base->is_rounded())));
  return start->wants_inputs() ? look_at_inputs(settings) : Starts();
}

Result<Trainer::Starts> Trainer::look_at_dimensions(const SettingValues& settings) {
  WEFT_ASSIGN_OR_RETURN(const auto sites, chosen_sites(*model_, settings));
  BatchStream rows(*data_, batch_plan());
  const auto next = [&]() -> std::optional<PackedBatch> { return rows.epoch() < 1 ? std::optional(rows.next()) : std::nullopt; };
  auto survey = survey_dimensions(*model_, settings.at("look_rows").get<std::int64_t>(), next, [&] { return !control_.stopped(); });
  if (!survey.ok() && control_.stopped()) return Starts();  // nothing will be trained
  if (!survey.ok()) return survey.status().with_context("[method] the ranks cannot be planned: give more rows that differ, or name another method");
  std::string ranks, dimensions;
  for (const auto& d : survey->dimensions) dimensions += fmt::format("{}{:.1f} ± {:.1f}", dimensions.empty() ? "" : ", ", d.value, d.spread);
  for (const auto rank : survey->ranks) ranks += fmt::format("{}{}", ranks.empty() ? "" : ", ", rank);
  sink_.on_event(WarningEvent{0, fmt::format("[method] ranks by block: {}. Intrinsic dimensions of the embeddings and after each block, of {} rows{}: {}", ranks, survey->rows,
                                             survey->repeated > 0 ? fmt::format(" ({} more were the same again)", survey->repeated) : "", dimensions)});
  Starts starts;
  for (const auto& site : sites) {
    if (site.layer < 0 || static_cast<std::size_t>(site.layer) >= survey->ranks.size())
      return internal_error("[method] " + site.path + " is in no block of the model");
    starts[site.path].rank = survey->ranks[static_cast<std::size_t>(site.layer)];
  }
  return starts;
}

Result<Trainer::Starts> Trainer::look_at_inputs(const SettingValues& settings) {
  WEFT_ASSIGN_OR_RETURN(const auto sites, chosen_sites(*model_, settings));
  const SurveyOptions options{.rank = settings.at("rank").get<std::int64_t>(), .spread = settings.at("rank_spread").get<double>(),
                              .most_batches = settings.at("start_batches").get<std::int64_t>()};
  BatchStream rows(*data_, batch_plan());
  InputSurvey survey = survey_inputs(*model_, sites, options, [&] { return rows.next(); }, *generator_, [&] { return !control_.stopped(); });
  if (survey.sites.empty())
    return invalid_argument(fmt::format("[method] start = \"{}\": none of the first {} batches holds a token that is trained", settings.at("start").get<std::string>(),
                                        survey.batches));
  std::int64_t least = options.rank, most = 0, none_left = 0;
  for (const auto& [path, site] : survey.sites) {
    least = std::min(least, site.rank);
    most = std::max(most, site.rank);
    none_left += site.rank == 0;
  }
  sink_.on_event(WarningEvent{0, fmt::format("[method] start = \"{}\" looked at {} batches: ranks {} to {}{}{}", settings.at("start").get<std::string>(), survey.batches, least,
                                             most, none_left > 0 ? fmt::format(", none for {} matrices", none_left) : "",
                                             survey.unsteady.empty() ? "" : fmt::format("; the directions of {} matrices still moved, first {}: raise start_batches to wait for them",
                                                                                        survey.unsteady.size(), survey.unsteady.front()))});
  return survey.sites;
}

Status Trainer::choose_orders() {
  WEFT_ASSIGN_OR_RETURN(const EvaluationPolicy policy, evaluation_policy(request_.train.at("evaluation").get<std::string>()));
  if (policy.kind == EvaluationPolicy::Kind::Fixed && policy.fixed.kept()) return {};
  if (adapters_->preset().dense)
    return invalid_argument(fmt::format("[train] evaluation = \"{}\" orders the products of thin factors, and the update of {} is none: choose \"auto\"",
                                        request_.train.at("evaluation").get<std::string>(), adapters_->preset().descriptor.title));
  WEFT_ASSIGN_OR_RETURN(orders_, EvaluationChoice::create(policy, {.bf16 = model_->options().precision == Precision::Bf16, .dropout = dropout_.adapter.active()}));
  adapters_->evaluate_by(&*orders_);
  return {};
}

Status Trainer::resume_position(const AdapterSource& source) {
  if (source.checkpoint.is_null()) return invalid_argument(source.path + " is not a checkpoint; use --init-adapter to go on from a PEFT folder");
  WEFT_RETURN_IF_ERROR(restore_training(*source.file, training_state(), *generator_));
  try {
    step_ = source.checkpoint.at("step").get<std::int64_t>();
    updates_ = source.checkpoint.at("updates").get<std::int64_t>();
    resumed_spectra_every_ = source.checkpoint.at("spectra_every").get<std::int64_t>();
    WEFT_RETURN_IF_ERROR(stream_->seek(source.checkpoint.at("data")));
    early_stop_->restore(source.checkpoint.value("held_out", Json()));
    resumed_edits_ = source.checkpoint.value("edits", Json());
  } catch (const Json::exception& error) {
    return corrupt(source.path + ": the position of the run is incomplete: " + error.what());
  }
  first_step_ = step_ + 1;
  last_checkpoint_ = step_;
  resumed_ = true;
  return {};
}

// From epochs: the batches of one pass are counted by packing it once (no tensor work). This wants all rows, whatever
// their number: the learning rate of the first step already depends on the number of steps.
std::int64_t Trainer::count_steps() const {
  const auto steps = request_.train.at("steps").get<std::int64_t>();
  if (steps > 0) return steps;
  (void)data_->train_rows();
  BatchStream pass(*data_, batch_plan());
  std::int64_t batches = 0;
  while (pass.epoch() < 1) {
    (void)pass.next();
    ++batches;
  }
  return steps_of_passes(static_cast<double>(batches), request_.train);
}

void Trainer::announce() {
  StartedEvent started;
  started.model = base_model_name(model_->source());
  started.method = adapters_->preset().descriptor.title;
  started.trainable = adapters_->parameters();
  started.total_parameters = model_->parameters();
  started.total_steps = total_steps_;
  started.first_step = first_step_;
  started.rows = data_->train_count();
  started.held_out_rows = data_->held_out_count();
  started.sites = adapters_->shapes();
  started.compute = compute_;
  started.storage = storage_;
  started.activations = to_text(activations_);
  sink_.on_event(started);
}

}  // namespace weft
