// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/chain.h"

namespace weft {
namespace {

std::vector<SettingSpec> settings() {
  auto all = chain_settings(/*rank=*/1, /*alpha=*/1, /*links=*/8);
  all.push_back({.key = "layer_share", .title = "Layers a link", .type = SettingType::Real, .initial = 0.5, .min = 1e-6, .max = 1.0,
                 .help = "Share of the layers, drawn anew, whose matrices each link is added to; the authors' number for other models than theirs is not published.", .parts = {"A", "B"}});
  all.push_back({.key = "norm_penalty", .title = "Penalty on norms", .type = SettingType::Real, .initial = 0.0, .min = 0.0, .max = 1.0,
                 .help = "Adds this much of |A|² + |B|² of the link that is trained to the loss; the authors' number is not published, 0 leaves it out.", .parts = {"A", "B"}});
  return all;
}

}  // namespace

const MethodPreset& xgblora_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "xgblora", .title = "XGBLoRA", .summary = "boosted, a rank at a time", .family = "low rank", .formula = "W' = W + s·(B₁·A₁ + B₂·A₂ + …), each in some layers",
                     .paper = "Zhang et al., XGBLoRA, 2024, arXiv:2410.19694", .settings = settings(),
                     .parts = chain_parts, .width = chain_width, .scale = alpha_over_rank, .allots_ranks = true},
      .delta = "chain",
      .controller = "chain"};
  return preset;
}

}  // namespace weft
