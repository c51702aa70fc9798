// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/controller.h"

namespace weft {

Result<std::unique_ptr<Controller>> make_controller(AdapterSet& adapters, const TrainingState& rule, std::int64_t total_steps) {
  const std::string& name = adapters.preset().controller;
  if (name.empty()) return std::unique_ptr<Controller>();
  if (name == "fixed-right") return make_fixed_right(adapters);
  if (name == "rank-budget") return make_rank_budget(adapters, total_steps);
  if (name == "beams") return make_beams(adapters, rule, total_steps);
  if (name == "chain") return make_chain(adapters, total_steps);
  if (name == "growth") return make_growth(adapters, total_steps);
  if (name == "subspaces") return make_subspaces(adapters, rule);
  return internal_error("[train] no controller named \"" + name + "\"");
}

}  // namespace weft
