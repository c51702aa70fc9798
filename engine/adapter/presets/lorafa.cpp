// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/low_rank_common.h"

namespace weft {
namespace {

std::vector<SettingSpec> settings() {
  auto all = low_rank_settings(/*stabilized=*/false);
  setting_named(all, "start").parts = {"A", "B"};
  all.push_back({.key = "correct_gradient", .title = "Correct B's gradient", .type = SettingType::Boolean, .initial = true,
                 .help = "Multiplies B's gradient by (A A')^-1 / s^2, as PEFT's LoRA-FA does: the step nearest to that of the whole matrix. Off takes it as it is.",
                 .advanced = true, .parts = {"B"}});
  return all;
}

std::vector<MethodPart> parts(const AdapterSite& site, const SettingValues& settings) {
  auto parts = low_rank_parts(site, settings);
  for (auto& part : parts)
    if (part.symbol == "A") {
      part.title = "down projection, as drawn";
      part.trained = false;
    }
  return parts;
}

}  // namespace

const MethodPreset& lorafa_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "lorafa", .title = "LoRA-FA", .summary = "A stays frozen", .family = "low rank",
                     .formula = "W' = W + s·B·A, A frozen", .paper = "Zhang et al., LoRA-FA, 2023, arXiv:2308.03303", .settings = settings(),
                     .parts = parts, .scale = low_rank_scale},
      .delta = "fixed-right",
      .controller = "fixed-right",
      .to_peft = low_rank_to_peft};
  return preset;
}

}  // namespace weft
