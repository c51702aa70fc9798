// SPDX-License-Identifier: GPL-3.0-or-later
// How gradients change parameters. Extension point "update rule": works on the flat buffers of an AdapterSet. Engine thread only.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/adapter/adapter_set.h"
#include "engine/api/settings.h"

namespace weft {

class UpdateRule {
 public:
  virtual ~UpdateRule() = default;
  // One step with learning rate lr (times the group's ratio). step counts from 1 for bias correction.
  virtual void step(Tensor& params, const Tensor& gradients, const std::vector<ParameterGroup>& groups, double lr, std::int64_t step) = 0;
  // State by name, flat and of params' size; what a checkpoint keeps. Tensors are live: copying into them restores.
  [[nodiscard]] virtual std::vector<std::pair<std::string, Tensor>> state() = 0;
};

// By the name of [train] optimizer, with its settings; `like` is the flat parameter buffer.
[[nodiscard]] Result<std::unique_ptr<UpdateRule>> make_update_rule(const SettingValues& train, const Tensor& like);

}  // namespace weft
