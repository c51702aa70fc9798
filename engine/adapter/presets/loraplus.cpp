// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/low_rank_common.h"

namespace weft {
namespace {

std::vector<SettingSpec> settings() {
  auto specs = low_rank_settings(/*stabilized=*/false);
  specs.push_back({.key = "lr_ratio", .title = "Rate of B over A", .type = SettingType::Real, .initial = 16.0, .min = 1e-3, .max = 1e4,
                   .help = "B learns this many times faster than A; 16 is common, lower it when the loss jumps.", .parts = {"B"}});
  return specs;
}

}  // namespace

const MethodPreset& loraplus_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "loraplus", .title = "LoRA+", .summary = "faster B", .family = "low rank",
                     .formula = "W' = W + s·B·A, rate of B = λ · rate of A",
                     .paper = "Hayou et al., LoRA+, 2024, arXiv:2402.12354", .settings = settings(),
                     .parts = low_rank_parts, .scale = low_rank_scale, .pairs = true},
      .delta = "low-rank",
      .lr_ratio = [](const std::string& group, const SettingValues& s) { return group == "left" ? s.at("lr_ratio").get<double>() : 1.0; },
      .to_peft = low_rank_to_peft};
  return preset;
}

}  // namespace weft
