// SPDX-License-Identifier: GPL-3.0-or-later
// How gradients change parameters. Extension point "update rule": works on the flat buffers of an AdapterSet, and where it must know which
// B belongs to which A, on the pairs in them. Engine thread only.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/adapter/adapter_set.h"
#include "engine/api/settings.h"
#include "engine/train/training_state.h"

namespace weft {

class UpdateRule {
 public:
  virtual ~UpdateRule() = default;
  // One step with learning rate lr (times the group's ratio). step counts from 1 for bias correction (of a group that begun later, from there). What is in no group stays as it is, with its state.
  virtual void step(Tensor& params, const Tensor& gradients, const std::vector<ParameterGroup>& groups, double lr, std::int64_t step) = 0;
  // What a checkpoint keeps. Tensors are live: copying into them restores.
  [[nodiscard]] virtual TrainingState state() = 0;
  // Whether it cuts gradients by [train] grad_clip itself, in a norm of its own: then they come uncut.
  [[nodiscard]] virtual bool clips() const { return false; }
  // What a user should know before the first step, or "".
  [[nodiscard]] virtual std::string remark() const { return ""; }
};

// By the name of [train] optimizer, with its settings; `like` is the flat parameter buffer, `pairs` are those of AdapterSet::pairs().
// A rule that works on pairs refuses a method that has none.
[[nodiscard]] Result<std::unique_ptr<UpdateRule>> make_update_rule(const SettingValues& train, const Tensor& like, const std::vector<FactorPair>& pairs = {});

// One a file.
[[nodiscard]] std::unique_ptr<UpdateRule> make_adamw(const SettingValues& train, const Tensor& like);
[[nodiscard]] std::unique_ptr<UpdateRule> make_lora_rite(const SettingValues& train, const Tensor& like, const std::vector<FactorPair>& pairs);
[[nodiscard]] std::unique_ptr<UpdateRule> make_lora_pro(const SettingValues& train, const Tensor& like, const std::vector<FactorPair>& pairs);

// Of the group that a place of the flat buffer lies in; nothing where it is in none.
[[nodiscard]] std::optional<double> lr_ratio_at(const std::vector<ParameterGroup>& groups, std::int64_t place);

}  // namespace weft
