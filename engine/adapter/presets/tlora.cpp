// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/low_rank_common.h"

namespace weft {
namespace {

std::vector<SettingSpec> settings() {
  auto all = low_rank_settings_without({"start", "rank_stabilized", "alpha"});
  setting_named(all, "rank").initial = 32;
  setting_named(all, "rank").help = "Side of the trained core: rank x rank parameters a matrix, and one.";
  return all;
}

std::vector<MethodPart> parts(const AdapterSite& site, const SettingValues& settings) {
  const auto out = site.out, in = site.in, rank = settings.at("rank").get<std::int64_t>();
  return {{"W", "frozen weight", PartShape::Block, out, in, /*trained=*/false, /*stored=*/false},
          {"C", "random, frozen", PartShape::Block, out, rank, /*trained=*/false},
          {"B", "core", PartShape::Block, rank, rank},
          {"A", "random, frozen", PartShape::Block, rank, in, /*trained=*/false},
          {"λ", "scale", PartShape::Vector, 1, 1}};
}

}  // namespace

const MethodPreset& tlora_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "tlora", .title = "TLoRA", .summary = "a core between noise", .family = "low rank",
                     .formula = "W' = W + λ·C·B·A, C and A random", .paper = "TLoRA, tri-matrix low-rank adaptation, 2025, arXiv:2504.18735", .settings = settings(),
                     .parts = parts, .scale = no_scale},
      .delta = "random-core"};
  return preset;
}

}  // namespace weft
