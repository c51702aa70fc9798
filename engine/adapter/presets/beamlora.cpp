// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/low_rank_common.h"

namespace weft {
namespace {

std::vector<SettingSpec> settings() {
  using T = SettingType;
  auto all = low_rank_settings_without({"start", "rank_stabilized"});
  const std::vector<SettingSpec> own = {
      {.key = "temperature", .title = "Temperature", .type = T::Real, .initial = 0.05, .min = 1e-4, .max = 100,
       .help = "How strongly gates tell ranks apart; lower is stronger. The authors take 0.05 for learning rates from 1e-4 on, 0.03 below.", .advanced = true, .parts = {"g"}},
      {.key = "beam_every", .title = "Beams move every", .type = T::Integer, .initial = 100, .min = 2, .max = 1000000, .unit = "steps",
       .help = "How often the ranks that count least give their place to copies of those that count most.", .parts = {"g"}},
      {.key = "beam_mass", .title = "Share that stays", .type = T::Real, .initial = 0.95, .min = 0.5, .max = 1.0,
       .help = "At first the ranks beyond this share of the whole importance give way; the share rises to 1 over the run.", .advanced = true, .parts = {"g"}}};
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

std::vector<MethodPart> parts(const AdapterSite& site, const SettingValues& settings) {
  const auto out = site.out, in = site.in, rank = settings.at("rank").get<std::int64_t>();
  return {{"W", "frozen weight", PartShape::Block, out, in, /*trained=*/false, /*stored=*/false},
          {"B", "up projection", PartShape::Block, out, rank},
          {"g", "gate of each rank", PartShape::Vector, rank, 1},
          {"A", "down projection", PartShape::Block, rank, in}};
}

}  // namespace

const MethodPreset& beamlora_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "beamlora", .title = "BeamLoRA", .summary = "ranks as beams", .family = "low rank",
                     .formula = "W' = W + s·B·diag(r·softmax(g/T))·A", .paper = "Gu et al., BeamLoRA, 2025, arXiv:2502.13604", .settings = settings(),
                     .parts = parts, .scale = alpha_over_rank, .allots_ranks = true},
      .delta = "gated",
      .controller = "beams"};
  return preset;
}

}  // namespace weft
