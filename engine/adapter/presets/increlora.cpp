// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/low_rank_common.h"

namespace weft {
namespace {

std::vector<SettingSpec> settings() {
  using T = SettingType;
  auto all = low_rank_settings_without({"start", "rank_stabilized"});
  setting_named(all, "rank").title = "Rank at the start";
  setting_named(all, "rank").initial = 2;
  setting_named(all, "rank").help = "Every matrix begins with this many, and those that count most get as many more each time.";
  const std::vector<SettingSpec> own = {
      {.key = "grown_rank", .title = "Rank at the end", .type = T::Integer, .initial = 8, .min = 1, .max = 4096,
       .help = "Ranks a matrix in the mean when all are given out. The scale is alpha over this number and stays while ranks grow; the authors divide by the ranks of the moment.",
       .parts = {"E"}},
      {.key = "most_rank", .title = "Most of one matrix", .type = T::Integer, .initial = 16, .min = 1, .max = 4096, .help = "No matrix gets more; room for this many is set aside.",
       .advanced = true, .parts = {"A", "B"}},
      {.key = "grow_start", .title = "Growth begins after", .type = T::Real, .initial = 0.1, .min = 0.0, .max = 1000000,
       .help = "Below 1 a share of the steps, else a number of steps. The authors wait 1000.", .advanced = true, .parts = {"E"}},
      {.key = "grow_end", .title = "Steps at full size", .type = T::Real, .initial = 0.3, .min = 0.0, .max = 1000000,
       .help = "Below 1 a share of the steps, else a number of steps, at the end without growth.", .advanced = true, .parts = {"E"}},
      {.key = "grow_every", .title = "Grow every", .type = T::Integer, .initial = 10, .min = 1, .max = 1000000, .unit = "steps",
       .help = "How often the matrices that count most grow; as many of them as it takes to reach the rank at the end. The authors let 2 grow every 1000 steps.", .parts = {"E"}},
      {.key = "score_memory", .title = "Memory of the score", .type = T::Real, .initial = 0.85, .min = 0.0, .max = 0.999999,
       .help = "Smoothing of how much a matrix counts and of how much that varies.", .advanced = true, .parts = {"E"}},
      {.key = "rewarm", .title = "New ranks warm up over", .type = T::Real, .initial = 0.05, .min = 0.0, .max = 1000000,
       .help = "The learning rate of new ranks rises from zero: below 1 a share of the run's steps, else a number of steps.", .advanced = true, .parts = {"A", "B"}},
      {.key = "orthogonality", .title = "Orthogonality", .type = T::Real, .initial = 0.1, .min = 0.0, .max = 1000,
       .help = "Weight of the penalty that keeps A's rows and B's columns orthogonal; 0 turns it off.", .advanced = true, .parts = {"A", "B"}}};
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

std::int64_t room(const SettingValues& settings) {  // whole links
  const auto rank = settings.at("rank").get<std::int64_t>(), most = settings.at("most_rank").get<std::int64_t>();
  return (most + rank - 1) / rank * rank;
}

std::vector<MethodPart> parts(const AdapterSite& site, const SettingValues& settings) {
  return {{"W", "frozen weight", PartShape::Block, site.out, site.in, /*trained=*/false, /*stored=*/false},
          {"B", "left directions, as they come", PartShape::Block, site.out, room(settings)},
          {"E", "strength of each rank", PartShape::Vector, room(settings), 1},
          {"A", "right directions, as they come", PartShape::Block, room(settings), site.in}};
}

// In the mean at the end, and those that wait to be given.
std::int64_t width(const AdapterSite&, const SettingValues& settings) { return settings.at("grown_rank").get<std::int64_t>() + settings.at("rank").get<std::int64_t>(); }

double scale(const SettingValues& settings) { return settings.at("alpha").get<double>() / settings.at("grown_rank").get<double>(); }

}  // namespace

const MethodPreset& increlora_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "increlora", .title = "IncreLoRA", .summary = "ranks grow where needed", .family = "low rank", .formula = "W' = W + s·B·diag(E)·A, ranks added while training",
                     .paper = "Zhang et al., IncreLoRA, 2023, arXiv:2308.12043", .settings = settings(),
                     .parts = parts, .width = width, .scale = scale, .allots_ranks = true},
      .delta = "growing",
      .controller = "growth"};
  return preset;
}

}  // namespace weft
