// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/low_rank_common.h"

namespace weft {

const MethodPreset& rslora_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "rslora", .title = "rsLoRA", .summary = "scale for high ranks", .family = "low rank",
                     .formula = "W' = W + (α/√r)·B·A",
                     .paper = "Kalajdzievski, A rank stabilization scaling factor for fine-tuning with LoRA, 2023, arXiv:2312.03732",
                     .settings = low_rank_settings(/*stabilized=*/true),
                     .parts = low_rank_parts, .scale = low_rank_scale, .pairs = true},
      .delta = "low-rank",
      .to_peft = low_rank_to_peft,
      .matches = [](const PeftConfig& c) { return c.peft_type == "LORA" && !c.use_dora && c.use_rslora; },
      .from_peft = low_rank_from_peft};
  return preset;
}

}  // namespace weft
