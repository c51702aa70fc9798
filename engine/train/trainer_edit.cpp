// SPDX-License-Identifier: GPL-3.0-or-later
// What changes a run that is going on: edits, from asking to the step that they hold for, and what a checkpoint keeps of them.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/adapter/pruning.h"
#include "engine/train/trainer.h"

namespace weft {
namespace {

bool is_factor(const std::string& slot) { return slot == "A" || slot == "B"; }

bool planned_first(const RunEdit& one, const RunEdit& other) { return one.step < other.step; }

}  // namespace

Result<std::int64_t> Trainer::edit(RunEdit edit) {
  const std::int64_t next = step_ + 1;
  if (edit.step == 0) edit.step = next;
  if (edit.step < next) return invalid_argument(fmt::format("step {} is over: the next one is {}", edit.step, next));
  WEFT_RETURN_IF_ERROR(check(edit));
  asked_.insert(std::upper_bound(asked_.begin(), asked_.end(), edit, planned_first), edit);
  return edit.step;
}

// Of the run as it is now.
Status Trainer::check(const RunEdit& edit) const {
  TrainRequest now = request_;
  now.method = adapters_->settings();
  now.method["name"] = adapters_->preset().descriptor.name;
  WEFT_RETURN_IF_ERROR(check_edit(edit, now));
  if (edit.dropout && orders_ && edit.dropout->place == "adapter" && edit.dropout->rate > 0 && !dropout_.adapter.active())
    return unsupported("[train] evaluation chose its order of products for a run without dropout of the adapter's input, so none can begin now");
  if (edit.alpha)
    for (std::size_t i = 1; i < adapters_->size(); ++i)
      if (adapters_->context(i).scale != adapters_->context(0).scale)
        return unsupported(fmt::format("the matrices have scales of their own ({} at {}, {} at {}), which one alpha cannot say", adapters_->context(0).scale,
                                       adapters_->context(0).path, adapters_->context(i).scale, adapters_->context(i).path));
  return edit.prune ? ranks_after(*edit.prune).status() : Status();
}

Result<std::vector<std::int64_t>> Trainer::ranks_after(const RunEdit::Prune& prune) const {
  std::vector<std::int64_t> ranks;
  std::int64_t named = 0, most = 0;
  bool less = false;
  for (std::size_t i = 0; i < adapters_->size(); ++i) {
    const SiteContext& site = adapters_->context(i);
    const bool meant = adapters_->values(i).contains("A") && (prune.site.empty() || names_site(prune.site, site.path));
    named += meant;
    if (meant) most = std::max(most, site.rank);
    ranks.push_back(meant ? std::min(prune.rank, site.rank) : site.rank);
    less = less || ranks.back() < site.rank;
  }
  if (named == 0) return not_found(fmt::format("rank.{}: no adapted matrix is called so", prune.site));
  if (!less) return invalid_argument(fmt::format("rank = {}: {} {} at most {} already, and ranks can only be taken away", prune.rank, prune.site.empty() ? "all matrices" : prune.site, "have", most));
  return ranks;
}

// Before a step: a checkpoint first, so that there is a way back.
Status Trainer::apply_edits() {
  for (auto* list : {&planned_, &asked_})
    while (!list->empty() && list->front().step <= step_ + 1) {
      RunEdit edit = std::move(list->front());
      list->erase(list->begin());
      edit.step = step_ + 1;
      if (Status status = check(edit); !status.ok()) {
        sink_.on_event(WarningEvent{step_, fmt::format("the edit {} was not made: {}", to_text(edit), status.message())});
        continue;
      }
      if (step_ > 0) WEFT_RETURN_IF_ERROR(keep_checkpoint());
      WEFT_ASSIGN_OR_RETURN(const std::string text, put_in_force(edit));
      edits_.push_back(edit);
      sink_.on_event(EditEvent{edit, text, total_steps_});
      if (edit.prune) report_ranks(/*unless_told=*/false);
    }
  return {};
}

// Planned ones come again when the run goes on; the others would be forgotten without a word.
void Trainer::say_what_was_not_made() {
  for (const auto& edit : asked_)
    sink_.on_event(WarningEvent{step_, fmt::format("the edit {} was not made: the run ended before step {}", to_text(edit), edit.step)});
  asked_.clear();
}

Result<std::string> Trainer::put_in_force(const RunEdit& edit) {
  std::vector<std::string> said;
  if (edit.alpha) {
    const double before = adapters_->settings().at("alpha").get<double>(), scale = adapters_->context(0).scale;
    adapters_->set_alpha(*edit.alpha);
    said.push_back(fmt::format("alpha {} to {} (scale {:.4g} to {:.4g})", before, *edit.alpha, scale, adapters_->context(0).scale));
  }
  if (edit.prune) {
    WEFT_ASSIGN_OR_RETURN(const std::string text, prune_to(*edit.prune));
    said.push_back(text);
  }
  for (auto& text : set_by(edit)) said.push_back(std::move(text));
  return fmt::format("{}", fmt::join(said, "; "));
}

// What is no part of the adapter: a resumed run does it again.
std::vector<std::string> Trainer::set_by(const RunEdit& edit) {
  std::vector<std::string> said;
  if (edit.lr) {
    said.push_back(fmt::format("learning rate {} to {}", schedule_.peak, *edit.lr));
    schedule_.peak = *edit.lr;
    request_.train["lr"] = *edit.lr;
  }
  if (edit.steps) {
    const char* meaning = schedule_.shape == "constant" ? "the learning rate stays" : "the learning rate now falls to zero there";
    said.push_back(fmt::format("end at step {} instead of {} ({})", *edit.steps, total_steps_, meaning));
    total_steps_ = schedule_.total_steps = *edit.steps;
    program_ = make_plain_program(request_, total_steps_);
    layers_.emplace(*adapters_, request_.train.at("layers_at_first").get<double>(), total_steps_);
    noise_.emplace(request_.train.at("weight_noise").get<double>(), request_.train.at("seed").get<std::uint64_t>(), total_steps_);
  }
  if (edit.dropout) {
    const std::string key = edit.dropout->place + "_rate";
    const double before = request_.dropout.at(key).get<double>();
    if (const auto settings = dropout_with(request_.dropout, *edit.dropout); settings.ok())
      if (const auto dropout = dropout_of(*settings); dropout.ok()) {
        request_.dropout = *settings;
        dropout_ = *dropout;
      }
    said.push_back(fmt::format("dropout ({}) {} to {}", key, before, edit.dropout->rate));
  }
  if (edit.freeze) {
    frozen_ = *edit.freeze;
    said.push_back(frozen_ == FrozenSide::None ? "both factors are trained" : frozen_ == FrozenSide::Left ? "left factors (B) are frozen" : "right factors (A) are frozen");
  }
  if (edit.spectra) {
    said.push_back(*edit.spectra > 0 ? fmt::format("spectra every {} steps instead of {}, whatever they cost", *edit.spectra, probe_->every()) : "no more spectra");
    request_.probe["max_share"] = 0.0;
    probe_->hold(*edit.spectra);
  }
  if (edit.activations)
    if (const auto policy = named_policy(*edit.activations)) {
      said.push_back(fmt::format("activations {} instead of {}", to_text(*policy), to_text(activations_)));
      request_.train["activations"] = *edit.activations;
      activations_ = *policy;
      model_->set_activations(activations_);
    }
  if (edit.keep) {
    said.push_back(*edit.keep > 0 ? fmt::format("the last {} checkpoints stay", *edit.keep) : "all checkpoints stay");
    keep_ = *edit.keep;
  }
  return said;
}

// A set of its own takes the place of the one before; what the update rule knew of the ranks that were there says nothing of the new ones.
Result<std::string> Trainer::prune_to(const RunEdit::Prune& wanted) {
  WEFT_ASSIGN_OR_RETURN(const auto ranks, ranks_after(wanted));
  std::int64_t before = 0, after = 0, cut = 0;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    before += adapters_->context(i).rank;
    after += ranks[i];
  }
  WEFT_ASSIGN_OR_RETURN(PrunedAdapters pruned, prune(*adapters_, ranks));
  WEFT_ASSIGN_OR_RETURN(auto rule, make_update_rule(request_.train, pruned.adapters->params(), pruned.adapters->pairs()));
  const TrainingState old_state = rule_->state(), new_state = rule->state();
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    cut += pruned.cut[i];
    if (pruned.cut[i]) begun_[i] = updates_;
    for (const auto& [name, value] : adapters_->values(i)) {
      if ((pruned.cut[i] && is_factor(name)) || !adapters_->slot(i, name).gradient.defined()) continue;
      for (std::size_t s = 0; s < new_state.size(); ++s)
        pruned.adapters->same_place(new_state[s].second, i, name).copy_(adapters_->same_place(old_state[s].second, i, name));
    }
  }
  const auto every = probe_->every();
  const std::unique_ptr<AdapterSet> old = std::exchange(adapters_, std::move(pruned.adapters));  // the model reads it until the next line but two
  rule_ = std::move(rule);
  if (orders_) adapters_->evaluate_by(&*orders_);
  attach_adapters(*model_, *adapters_);
  probe_ = std::make_unique<SpectraProbe>(*adapters_, every, request_.probe.at("max_share").get<double>());
  return fmt::format("{} ranks to {} in {} matrices; {:.2f} % of their update's energy stays, least {:.2f} % at {}; the optimizer's moments of them begin anew", before,
                     after, cut, 100 * pruned.energy, 100 * pruned.least, pruned.least_site);
}

AdapterSet::Share Trainer::share(const StepInfo& info) const {
  if (controller_) return controller_->share(info);   // then nothing of it is ours to decide: edit_limits()
  if (frozen_ == FrozenSide::None && begun_.empty()) return {};
  return [this](std::size_t site, const std::string& slot) {
    SlotShare share;
    if (!is_factor(slot)) return share;
    share.works = !(frozen_ == FrozenSide::Left && slot == "B") && !(frozen_ == FrozenSide::Right && slot == "A");
    if (const auto begun = begun_.find(site); begun != begun_.end()) share.begun = begun->second;
    return share;
  };
}

// Its gradient must not count for the norm, and so for the cut.
void Trainer::leave_out_frozen() {
  if (frozen_ == FrozenSide::None) return;
  for (const auto& group : adapters_->groups())
    if (group.name == frozen_side_name(frozen_)) adapters_->gradients().narrow(0, group.begin, group.end - group.begin).zero_();
}

// Null while there is nothing to keep, so that such a checkpoint is as it always was.
Json Trainer::edits_state() const {
  if (edits_.empty()) return nullptr;
  Json state = {{"made", Json::array()}, {"begun", Json::array()}, {"scales", Json::array()}};
  for (const auto& edit : edits_) state["made"].push_back(to_json(edit));
  for (const auto& [site, begun] : begun_) state["begun"].push_back({site, begun});
  for (std::size_t i = 0; i < adapters_->size(); ++i) state["scales"].push_back(adapters_->context(i).scale);
  return state;
}

// The adapter of the checkpoint has its ranks and its alpha already; the scales are put back to the last bit. May throw of JSON.
Status Trainer::restore_edits(const Json& state) {
  if (state.is_null()) return {};
  for (const auto& item : state.at("made")) {
    WEFT_ASSIGN_OR_RETURN(const RunEdit edit, run_edit_from_json(item));
    if (edit.dropout) WEFT_RETURN_IF_ERROR(dropout_with(request_.dropout, *edit.dropout).status());
    if (edit.steps && *edit.steps < 1) return corrupt("an edit of the run ends it at step " + std::to_string(*edit.steps));
    (void)set_by(edit);
    edits_.push_back(edit);
  }
  for (const auto& item : state.at("begun")) begun_[item.at(0).get<std::size_t>()] = item.at(1).get<std::int64_t>();
  const Json& scales = state.at("scales");
  if (scales.size() != adapters_->size()) return corrupt(fmt::format("the checkpoint has {} scales for {} matrices", scales.size(), adapters_->size()));
  for (std::size_t i = 0; i < adapters_->size(); ++i) adapters_->set_scale(i, scales.at(i).get<double>());
  adapters_->prepare();
  return {};
}

}  // namespace weft
