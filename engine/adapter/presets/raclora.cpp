// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/chain.h"

namespace weft {
namespace {

std::vector<SettingSpec> settings() {
  auto all = chain_settings(/*rank=*/8, /*alpha=*/16, /*links=*/4);
  all.push_back({.key = "sketch", .title = "Drawn and frozen", .type = SettingType::Choice, .initial = "down", .choices = {"down", "up"},
                 .help = "Which side of every link is drawn once and stays: A (the paper's right sketch, B is trained) or B (its left sketch, A is trained). The paper leaves the "
                         "distribution open; this is LoRA's.", .parts = {"A", "B"}});
  return all;
}

}  // namespace

const MethodPreset& raclora_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "raclora", .title = "RAC-LoRA", .summary = "a chain of updates", .family = "low rank", .formula = "W' = W + s·(B₁·A₁ + B₂·A₂ + …), one after another",
                     .paper = "Malinovsky et al., RAC-LoRA, 2024, arXiv:2410.08305", .settings = settings(),
                     .parts = chain_parts, .width = chain_width, .scale = alpha_over_rank},
      .delta = "chain",
      .controller = "chain"};
  return preset;
}

}  // namespace weft
