// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/low_rank_common.h"

namespace weft {

const MethodPreset& lora_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "lora", .title = "LoRA", .summary = "the standard", .family = "low rank",
                     .formula = "W' = W + s·B·A", .paper = "Hu et al., LoRA, 2021, arXiv:2106.09685",
                     .settings = low_rank_settings(/*stabilized=*/false),
                     .parts = low_rank_parts, .scale = low_rank_scale, .pairs = true},
      .delta = "low-rank",
      .to_peft = low_rank_to_peft,
      .matches = [](const PeftConfig& c) { return c.peft_type == "LORA" && !c.use_dora && !c.use_rslora; },
      .from_peft = low_rank_from_peft};
  return preset;
}

}  // namespace weft
