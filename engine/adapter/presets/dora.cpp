// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/low_rank_common.h"

namespace weft {

const MethodPreset& dora_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "dora", .title = "DoRA", .summary = "magnitude + direction", .family = "weight-decomposed",
                     .formula = "W' = m · (W + s·B·A) / ‖W + s·B·A‖, by rows",
                     .paper = "Liu et al., DoRA, 2024, arXiv:2402.09353", .settings = low_rank_settings(/*stabilized=*/false),
                     .parts = decomposed_parts, .scale = low_rank_scale},
      .delta = "low-rank",
      .wraps = {"dora"},
      .to_peft = decomposed_to_peft,
      .matches = [](const PeftConfig& c) { return c.peft_type == "LORA" && c.use_dora; },
      .from_peft = low_rank_from_peft};
  return preset;
}

}  // namespace weft
