// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "engine/adapter/presets/low_rank_common.h"

namespace weft {
namespace {

std::vector<SettingSpec> settings() {
  using T = SettingType;
  auto all = low_rank_settings_without({"start", "rank_stabilized"});
  setting_named(all, "rank").title = "Rank at the start";
  setting_named(all, "rank").initial = 8;
  setting_named(all, "rank").help = "Every matrix begins with this many directions on each side; they are found anew while training. The scale stays alpha over this number.";
  const std::vector<SettingSpec> own = {
      {.key = "most_rank", .title = "Most of one matrix", .type = T::Integer, .initial = 16, .min = 1, .max = 4096, .help = "No matrix gets more; room for this many is set aside.", .parts = {"U", "V"}},
      {.key = "turn_every", .title = "Turn every", .type = T::Integer, .initial = 20, .min = 2, .max = 1000000, .unit = "steps",
       .help = "How often the directions of the gradient are added to those in use; between, only the core S is trained. Those that do not count are dropped at three quarters of the way to the next time.",
       .parts = {"U", "V"}},
      {.key = "tolerance", .title = "Tolerance", .type = T::Real, .initial = 0.15, .min = 0.0, .max = 0.999999,
       .help = "As few directions stay as hold all but this share of the core's size; lower keeps more.", .parts = {"S"}},
      {.key = "rewarm", .title = "Rate rises again over", .type = T::Real, .initial = 0.25, .min = 0.0, .max = 1000000,
       .help = "A changed core begins without moments, and its learning rate rises from zero: below 1 a share of the steps between two turns, else a number of steps. 0: at once, as the "
               "authors have it.", .advanced = true, .parts = {"S"}}};
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

std::int64_t most(const AdapterSite& site, const SettingValues& settings) { return std::min({settings.at("most_rank").get<std::int64_t>(), site.out, site.in}); }

std::vector<MethodPart> parts(const AdapterSite& site, const SettingValues& settings) {
  const std::int64_t k = most(site, settings);
  return {{"W", "frozen weight", PartShape::Block, site.out, site.in, /*trained=*/false, /*stored=*/false},
          {"V", "left directions", PartShape::Block, site.out, k},
          {"S", "core", PartShape::Block, k, k},
          {"U", "right directions", PartShape::Block, k, site.in}};
}

}  // namespace

const MethodPreset& geolora_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "geolora", .title = "GeoLoRA", .summary = "directions found while training", .family = "low rank", .formula = "W' = W + s·V·Sᵀ·U, V and U orthonormal",
                     .paper = "Schotthöfer et al., GeoLoRA, 2024, arXiv:2410.18720", .settings = settings(),
                     .parts = parts, .width = most, .scale = alpha_over_rank, .allots_ranks = true},
      .delta = "subspaces",
      .controller = "subspaces"};
  return preset;
}

}  // namespace weft
