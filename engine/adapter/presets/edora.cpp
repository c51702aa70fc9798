// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/low_rank_common.h"

namespace weft {
namespace {

// Without a choice of starts: B and A are W's own singular vectors.
std::vector<SettingSpec> settings() {
  auto all = low_rank_settings_without({"start"});
  all.push_back({.key = "core_std", .title = "Spread of the core", .type = SettingType::Real, .initial = 1e-5, .min = 0.0, .max = 1.0,
                 .help = "Standard deviation of R at the start. The authors take 1e-5 or 5e-6: next to no change of the model.",
                 .advanced = true, .parts = {"R"}});
  return all;
}

std::vector<MethodPart> parts(const AdapterSite& site, const SettingValues& settings) {
  const auto out = site.out, in = site.in, rank = settings.at("rank").get<std::int64_t>();
  return {{"m", "magnitude of each row", PartShape::Vector, out, 1},
          {"W", "frozen weight", PartShape::Block, out, in, /*trained=*/false, /*stored=*/false},
          {"B", "left singular vectors of W", PartShape::Block, out, rank, /*trained=*/false},
          {"R", "core", PartShape::Block, rank, rank},
          {"A", "right ones, times the singular values", PartShape::Block, rank, in, /*trained=*/false}};
}

}  // namespace

const MethodPreset& edora_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "edora", .title = "EDoRA", .summary = "a trained core", .family = "weight-decomposed",
                     .formula = "W' = m · (W + s·B·R·A) / ‖W + s·B·R·A‖, by rows; B and A from W's SVD",
                     .paper = "Nasiri and Garraghan, EDoRA, 2025, arXiv:2501.12067", .settings = settings(),
                     .parts = parts, .scale = low_rank_scale},
      .delta = "svd-core",
      .wraps = {"dora"}};
  return preset;
}

}  // namespace weft
