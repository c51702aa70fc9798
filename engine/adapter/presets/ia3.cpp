// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/low_rank_common.h"

namespace weft {
namespace {

std::vector<SettingSpec> settings() {
  using T = SettingType;
  auto all = low_rank_settings_without({"start", "rank_stabilized", "alpha", "rank"});
  setting_named(all, "targets").initial = Json::array({"k_proj", "v_proj", "down_proj"});
  all.push_back({.key = "feedforward", .title = "Scaled at the input", .type = T::TextOrList, .initial = Json::array({"down_proj"}),
                 .help = "Targets whose input is scaled instead of their output: those that end a feed-forward module.", .advanced = true, .parts = {"l"}});
  return all;
}

std::vector<MethodPart> parts(const AdapterSite& site, const SettingValues& settings) {
  std::vector<MethodPart> all{{"W", "frozen weight", PartShape::Block, site.out, site.in, /*trained=*/false, /*stored=*/false}};
  if (names_site(settings.at("feedforward"), site.path))
    all.push_back({"l", "scale of each column", PartShape::Vector, 1, site.in});
  else
    all.insert(all.begin(), {"l", "scale of each row", PartShape::Vector, site.out, 1});
  return all;
}

}  // namespace

const MethodPreset& ia3_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "ia3", .title = "IA3", .summary = "one scale a feature", .family = "scales",
                     .formula = "W' = diag(l)·W, at the end of a feed-forward module W·diag(l)", .paper = "Liu et al., T-Few, 2022, arXiv:2205.05638",
                     .settings = settings(),
                     .parts = parts,
                     .width = no_width, .scale = no_scale},
      .delta = "none",
      .wraps = {"ia3"},
      .to_peft = [](const SettingValues& settings, PeftConfig& config) {
        without_rank(config, "IA3");
        const Json& names = settings.at("feedforward");
        config.other["feedforward_modules"] = names.is_array() ? names : Json::array({names});
      },
      .matches = [](const PeftConfig& c) { return c.peft_type == "IA3"; },
      .from_peft = [](const PeftConfig& c) {
        return SettingValues{{"targets", c.target_modules}, {"feedforward", c.other.at("feedforward_modules")}};
      }};
  return preset;
}

}  // namespace weft
