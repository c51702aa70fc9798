// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/low_rank_common.h"

namespace weft {
namespace {

std::vector<SettingSpec> settings() {
  auto all = low_rank_settings_without({"start"});
  all.push_back({.key = "side", .title = "Updated side", .type = SettingType::Choice, .initial = "columns", .choices = {"columns", "rows"},
                 .help = "columns (SBoRA-FA): A picks rank columns of W at random, B is trained. rows (SBoRA-FB): B picks rows, A is trained; "
                         "the paper finds it weaker.",
                 .parts = {"A", "B"}});
  return all;
}

std::vector<MethodPart> parts(const AdapterSite& site, const SettingValues& settings) {
  const auto out = site.out, in = site.in, rank = settings.at("rank").get<std::int64_t>();
  const bool columns = settings.at("side") == "columns";
  return {{"W", "frozen weight", PartShape::Block, out, in, /*trained=*/false, /*stored=*/false},
          {"B", columns ? "up projection" : "picks rows of W", PartShape::Block, out, rank, /*trained=*/columns},
          {"A", columns ? "picks columns of W" : "down projection", PartShape::Block, rank, in, /*trained=*/!columns}};
}

}  // namespace

const MethodPreset& sbora_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "sbora", .title = "SBoRA", .summary = "picked columns or rows", .family = "low rank",
                     .formula = "W' = W + s·B·A, one of them unit vectors", .paper = "Po et al., SBoRA, 2024, arXiv:2407.05413", .settings = settings(),
                     .parts = parts, .scale = low_rank_scale},
      .delta = "standard-basis",
      .to_peft = low_rank_to_peft};
  return preset;
}

}  // namespace weft
