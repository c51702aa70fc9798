// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/low_rank_common.h"

namespace weft {
namespace {

std::vector<SettingSpec> settings() {
  using T = SettingType;
  auto all = low_rank_settings(/*stabilized=*/false);
  std::erase_if(all, [](const SettingSpec& s) { return s.key == "rank_spread" || s.key == "start_batches"; });
  std::erase(setting_named(all, "start").choices, "eva");   // it plans ranks by itself
  SettingSpec& rank = setting_named(all, "rank");
  rank.title = "Rank of the scale";
  rank.initial = 8;
  rank.help = "What alpha is divided by, and what is shown before the run: each block then gets a rank of its own, by how much it raises the intrinsic dimension "
              "of the hidden states, and the scale stays.";
  setting_named(all, "alpha").initial = 16.0;
  all.push_back({.key = "look_rows", .title = "Rows looked at", .type = T::Integer, .initial = 500, .min = 50, .max = 1000000, .unit = "rows",
                 .help = "Before the first step this many rows go through the model, and the log tells the dimensions with their spread: more rows, less spread. "
                         "A row is one point, the mean of its tokens.", .advanced = true, .parts = {"A", "B"}});
  return all;
}

}  // namespace

const MethodPreset& gelora_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "gelora", .title = "GeLoRA", .summary = "ranks by dimension", .family = "low rank",
                     .formula = "W' = W + s·B·A, in block i of rank max(d_{i+1} − d_i, 0) + 1, d: intrinsic dimension",
                     .paper = "Ed-dib et al., GeLoRA, 2024, arXiv:2412.09250", .settings = settings(),
                     .parts = low_rank_parts, .scale = low_rank_scale, .pairs = true},
      .delta = "low-rank",
      .plans_ranks = true,
      .to_peft = low_rank_to_peft};
  return preset;
}

}  // namespace weft
