// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/low_rank_common.h"

namespace weft {
namespace {

std::vector<SettingSpec> settings() {
  using T = SettingType;
  auto all = low_rank_settings_without({"start", "rank_stabilized"});
  setting_named(all, "rank").title = "Rank at the start";
  setting_named(all, "rank").initial = 12;
  setting_named(all, "rank").help = "Every matrix begins with this many; the least important of all are taken away until target rank x matrices are left.";
  const std::vector<SettingSpec> own = {
      {.key = "target_rank", .title = "Target rank", .type = T::Integer, .initial = 8, .min = 1, .max = 4096,
       .help = "Ranks a matrix in the mean at the end; which matrix gets how many is found while training.", .parts = {"E"}},
      {.key = "budget_start", .title = "Budget falls after", .type = T::Real, .initial = 0.1, .min = 0.0, .max = 1000000,
       .help = "Below 1 a share of the steps, else a number of steps, with all ranks. The authors' tinit.", .advanced = true, .parts = {"E"}},
      {.key = "budget_end", .title = "Steps at the target", .type = T::Real, .initial = 0.3, .min = 0.0, .max = 1000000,
       .help = "Below 1 a share of the steps, else a number of steps, at the end with what is left. The authors' tfinal.", .advanced = true, .parts = {"E"}},
      {.key = "allocate_every", .title = "Choose every", .type = T::Integer, .initial = 1, .min = 1, .max = 1000000, .unit = "steps",
       .help = "How often it is chosen anew which ranks stay.", .advanced = true, .parts = {"E"}},
      {.key = "sensitivity_memory", .title = "Memory of the sensitivity", .type = T::Real, .initial = 0.85, .min = 0.0, .max = 0.999999,
       .help = "Smoothing of the importance of each number; higher is calmer.", .advanced = true, .parts = {"E"}},
      {.key = "uncertainty_memory", .title = "Memory of its spread", .type = T::Real, .initial = 0.85, .min = 0.0, .max = 0.999999,
       .help = "Smoothing of how much that importance varies.", .advanced = true, .parts = {"E"}},
      {.key = "orthogonality", .title = "Orthogonality", .type = T::Real, .initial = 0.5, .min = 0.0, .max = 1000,
       .help = "Weight of the penalty that keeps A's rows and B's columns orthogonal, so that E's entries are like singular values; 0 turns it off.",
       .advanced = true, .parts = {"A", "B"}}};
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

std::vector<MethodPart> parts(const AdapterSite& site, const SettingValues& settings) {
  const auto out = site.out, in = site.in, rank = settings.at("rank").get<std::int64_t>();
  return {{"W", "frozen weight", PartShape::Block, out, in, /*trained=*/false, /*stored=*/false},
          {"B", "left directions", PartShape::Block, out, rank},
          {"E", "strength of each rank", PartShape::Vector, rank, 1},
          {"A", "right directions", PartShape::Block, rank, in}};
}

// PEFT divides by the rank plus 1e-5.
double scale(const SettingValues& settings) { return settings.at("alpha").get<double>() / (settings.at("rank").get<double>() + 1e-5); }

}  // namespace

const MethodPreset& adalora_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "adalora", .title = "AdaLoRA", .summary = "ranks where they count", .family = "low rank",
                     .formula = "W' = W + s·B·diag(E)·A, entries of E set to zero while training",
                     .paper = "Zhang et al., AdaLoRA, 2023, arXiv:2303.10512", .settings = settings(),
                     .parts = parts, .scale = scale, .allots_ranks = true},
      .delta = "svd-diagonal",
      .controller = "rank-budget"};
  return preset;
}

}  // namespace weft
