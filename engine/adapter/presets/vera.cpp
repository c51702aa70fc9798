// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/low_rank_common.h"

namespace weft {
namespace {

std::vector<SettingSpec> settings() {
  using T = SettingType;
  auto all = low_rank_settings_without({"start", "rank_stabilized", "alpha"});
  setting_named(all, "rank").initial = 256;
  setting_named(all, "rank").help = "Rows of A and columns of B, which are random and frozen: a high rank costs time and file size, but hardly any parameters.";
  all.push_back({.key = "d_initial", .title = "Start of d", .type = T::Real, .initial = 0.1, .min = -1e3, .max = 1e3,
                 .help = "What every number of d is at the start; b is zero.", .advanced = true, .parts = {"d"}});
  all.push_back({.key = "projection_seed", .title = "Seed of the projections", .type = T::Integer, .initial = 0, .min = 0, .max = 2147483647,
                 .help = "Draws A and B, as PEFT does from the same key. They are saved with the adapter all the same.", .advanced = true, .parts = {"A", "B"}});
  return all;
}

std::vector<MethodPart> parts(const AdapterSite& site, const SettingValues& settings) {
  const auto out = site.out, in = site.in, rank = settings.at("rank").get<std::int64_t>();
  return {{"W", "frozen weight", PartShape::Block, out, in, /*trained=*/false, /*stored=*/false},
          {"b", "scale of each row", PartShape::Vector, out, 1},
          {"B", "random, one for the model", PartShape::Block, out, rank, /*trained=*/false, /*stored=*/true, "", PartScope::Model},
          {"d", "scale of each rank", PartShape::Vector, rank, 1},
          {"A", "random, one for the model", PartShape::Block, rank, in, /*trained=*/false, /*stored=*/true, "", PartScope::Model}};
}

}  // namespace

const MethodPreset& vera_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "vera", .title = "VeRA", .summary = "vectors between shared noise", .family = "shared",
                     .formula = "W' = W + diag(b)·B·diag(d)·A, B and A random, for all matrices the same", .paper = "Kopiczko et al., VeRA, 2024, arXiv:2310.11454",
                     .settings = settings(),
                     .parts = parts, .scale = no_scale},
      .delta = "vera",
      .to_peft = [](const SettingValues& settings, PeftConfig& config) {
        config.peft_type = "VERA";
        config.rank = settings.at("rank").get<std::int64_t>();
        config.alpha = static_cast<double>(config.rank);  // a scale of 1
        config.other = {{"d_initial", settings.at("d_initial")}, {"projection_prng_key", settings.at("projection_seed")}};
      },
      .matches = [](const PeftConfig& c) { return c.peft_type == "VERA"; },
      .from_peft = [](const PeftConfig& c) {
        return SettingValues{{"rank", c.rank}, {"targets", c.target_modules}, {"d_initial", c.other.at("d_initial")},
                             {"projection_seed", c.other.at("projection_prng_key")}};
      }};
  return preset;
}

}  // namespace weft
