// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/low_rank_common.h"

namespace weft {
namespace {

std::vector<SettingSpec> settings() {
  using T = SettingType;
  auto all = low_rank_settings_without({"start", "rank_stabilized"});
  setting_named(all, "rank").help = "Rank of each matrix's update, which may be more than the budget.";
  all.push_back({.key = "budget", .title = "Budget", .type = T::Integer, .initial = 4, .min = 1, .max = 4096,
                 .help = "Parameters, as the rank of a LoRA that has as many. The paper names no standard value for this and the next two.", .parts = {"A", "B"}});
  all.push_back({.key = "shards", .title = "Shards of a vector", .type = T::Integer, .initial = 2, .min = 1, .max = 1024,
                 .help = "Pieces that a row of A and a column of B are put together of. Must divide both sides of every target.", .parts = {"A", "B"}});
  all.push_back({.key = "private", .title = "Private ranks", .type = T::Integer, .initial = 1, .min = 0, .max = 4096,
                 .help = "Ranks of each matrix that no other matrix uses.", .advanced = true, .parts = {"A", "B"}});
  return all;
}

std::vector<MethodPart> parts(const AdapterSite& site, const SettingValues& settings) {
  const auto number = [&](const char* key) { return settings.at(key).get<std::int64_t>(); };
  const std::int64_t shards = number("shards"), rows = number("budget") * shards, used = number("rank") * shards;
  return {{"W", "frozen weight", PartShape::Block, site.out, site.in, /*trained=*/false, /*stored=*/false},
          {"B", "its share of the pool of B's shards", PartShape::Block, rows, site.out / shards},
          {"A", "its share of the pool of A's shards", PartShape::Block, rows, site.in / shards},
          {"i", "which shards", PartShape::Vector, 2 * used, 1, /*trained=*/false}};
}

}  // namespace

const MethodPreset& mos_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "mos", .title = "MoS", .summary = "shards from shared pools", .family = "shared",
                     .formula = "W' = W + s·B·A, put together from shards of pools", .paper = "Wang et al., MoS, 2024, arXiv:2410.00938", .settings = settings(),
                     .parts = parts, .scale = alpha_over_rank},
      .delta = "shards"};
  return preset;
}

}  // namespace weft
