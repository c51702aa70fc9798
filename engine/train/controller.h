// SPDX-License-Identifier: GPL-3.0-or-later
// What a method does to its own parameters while they are trained, beside the update rule. Extension point "controller"; a method names one in
// its preset. It sees slots as plain views (AdapterSet::slot) and may change values and gradients. Engine thread only.
//
// One step: collect() ; penalize() ; norm and cut of the gradient ; before_update() ; the update rule, over what share() lets take part ;
// after_update().
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/adapter/adapter_set.h"
#include "engine/train/training_state.h"

namespace weft {

struct StepInfo {
  std::int64_t step = 1;        // from 1
  std::int64_t updates = 1;     // with this one: steps without those that were left out
  double lr = 0;
  at::Generator& generator;     // the run's, saved in checkpoints
};

class Controller {
 public:
  virtual ~Controller() = default;
  // Of a run that is not resumed, before anything else. An error says what of the adapter it cannot begin with.
  [[nodiscard]] virtual Status begin(AdapterSet&, at::Generator&) { return {}; }
  // Adds to the gradients what belongs to the loss.
  virtual void penalize(AdapterSet&) {}
  // What belongs to the step: the gradients as the update rule gets them.
  virtual void before_update(AdapterSet&, const StepInfo&) {}
  // With the gradients of the step still there.
  virtual void after_update(AdapterSet&, const StepInfo&) {}
  // How slots take part in updates, asked between before_update() and the rule; null: all alike.
  [[nodiscard]] virtual AdapterSet::Share share(const StepInfo&) const { return {}; }
  // How many ranks each site has now, by site; empty: it neither takes ranks away nor gives any.
  [[nodiscard]] virtual std::vector<std::int64_t> ranks(const AdapterSet&) const { return {}; }
  // What it did last, once: for the log.
  [[nodiscard]] virtual std::string take_news() { return ""; }
  // What a checkpoint keeps, under names of its own.
  [[nodiscard]] virtual TrainingState state() { return {}; }
};

// By the name in a preset, for adapters that hold their values (started or loaded); null where the method names none. `rule`: the live state of the
// update rule, for a controller that moves it along with parameters. An error says which settings do not fit the number of steps.
[[nodiscard]] Result<std::unique_ptr<Controller>> make_controller(AdapterSet& adapters, const TrainingState& rule, std::int64_t total_steps);

// One a file.
[[nodiscard]] std::unique_ptr<Controller> make_fixed_right(AdapterSet& adapters);
[[nodiscard]] Result<std::unique_ptr<Controller>> make_rank_budget(AdapterSet& adapters, std::int64_t total_steps);
[[nodiscard]] Result<std::unique_ptr<Controller>> make_chain(AdapterSet& adapters, std::int64_t total_steps);
[[nodiscard]] Result<std::unique_ptr<Controller>> make_growth(AdapterSet& adapters, std::int64_t total_steps);
[[nodiscard]] std::unique_ptr<Controller> make_subspaces(AdapterSet& adapters, const TrainingState& rule);
[[nodiscard]] std::unique_ptr<Controller> make_beams(AdapterSet& adapters, const TrainingState& rule, std::int64_t total_steps);

}  // namespace weft
