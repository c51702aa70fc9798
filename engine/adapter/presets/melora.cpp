// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/low_rank_common.h"

namespace weft {
namespace {

std::vector<SettingSpec> settings() {
  auto all = low_rank_settings_without({"start", "rank_stabilized"});
  setting_named(all, "rank").help = "Rank of each small LoRA; together they have blocks x rank, with the parameters of a LoRA of this rank.";
  all.push_back({.key = "blocks", .title = "Blocks", .type = SettingType::Integer, .initial = 2, .min = 1, .max = 1024,
                 .help = "How many small LoRAs share a matrix, each on an equal slice of its input and output. Must divide both sides of every target.",
                 .parts = {"A", "B"}});
  return all;
}

std::vector<MethodPart> parts(const AdapterSite& site, const SettingValues& settings) {
  const auto out = site.out, in = site.in, rank = settings.at("rank").get<std::int64_t>();
  return {{"W", "frozen weight", PartShape::Block, out, in, /*trained=*/false, /*stored=*/false},
          {"B", "up projections, one block under the other", PartShape::Block, out, rank},
          {"A", "down projections, side by side", PartShape::Block, rank, in}};
}

}  // namespace

const MethodPreset& melora_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "melora", .title = "MELoRA", .summary = "small LoRAs, in blocks", .family = "low rank",
                     .formula = "W' = W + s·blockdiag(B₁·A₁, …, Bₙ·Aₙ)", .paper = "Ren et al., MELoRA, 2024, arXiv:2402.17263", .settings = settings(),
                     .parts = parts,
                     .width = [](const AdapterSite&, const SettingValues& s) { return s.at("blocks").get<std::int64_t>() * s.at("rank").get<std::int64_t>(); },
                     .scale = alpha_over_rank},
      .delta = "block-diagonal"};
  return preset;
}

}  // namespace weft
