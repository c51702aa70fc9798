// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/compute.h"

#include "engine/core/processor.h"

namespace weft {

std::string compute_of(const SettingValues& model, const EvaluationPolicy& evaluation) {
  const auto compute = model.at("compute").get<std::string>();
  if (compute != "auto") return compute;
  return multiplies_bf16_fast() && refusal(evaluation.fixed, {.bf16 = true}).empty() ? "bf16" : "fp32";
}

}  // namespace weft
