// SPDX-License-Identifier: GPL-3.0-or-later
// What a method does to its own parameters while they are trained, beside the update rule. Extension point "controller"; a method names one in
// its preset. It sees slots as plain views (AdapterSet::slot) and may change values and gradients. Engine thread only.
//
// One step: collect() ; penalize() ; norm and cut of the gradient ; before_update() ; the update rule ; after_update().
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/adapter/adapter_set.h"
#include "engine/train/training_state.h"

namespace weft {

class Controller {
 public:
  virtual ~Controller() = default;
  // Adds to the gradients what belongs to the loss.
  virtual void penalize(AdapterSet&) {}
  // What belongs to the step: the gradients as the update rule gets them.
  virtual void before_update(AdapterSet&) {}
  // With the gradients of the step still there. step counts from 1. The generator is the run's, saved in checkpoints.
  virtual void after_update(AdapterSet&, std::int64_t /*step*/, at::Generator&) {}
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
[[nodiscard]] std::unique_ptr<Controller> make_beams(AdapterSet& adapters, const TrainingState& rule, std::int64_t total_steps);

}  // namespace weft
