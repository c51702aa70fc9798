// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/low_rank_common.h"

namespace weft {
namespace {

std::vector<SettingSpec> settings() {
  auto all = low_rank_settings(/*stabilized=*/false);
  all.push_back({.key = "magnitude_only", .title = "Magnitude alone", .type = SettingType::TextOrList, .initial = Json::array(),
                 .help = "Targets of which the magnitude alone is trained, without B A. DoRA's authors do so for o_proj, gate_proj, up_proj and down_proj, with "
                         "B A on q_proj, k_proj and v_proj: half the parameters.",
                 .advanced = true, .parts = {"m"}});
  return all;
}

bool magnitude_only(const AdapterSite& site, const SettingValues& settings) { return names_site(settings.at("magnitude_only"), site.path); }

std::vector<MethodPart> parts(const AdapterSite& site, const SettingValues& settings) {
  auto all = decomposed_parts(site, settings);
  if (magnitude_only(site, settings)) all.resize(2);  // m and W
  return all;
}

std::int64_t width(const AdapterSite& site, const SettingValues& settings) {
  return magnitude_only(site, settings) ? 0 : settings.at("rank").get<std::int64_t>();
}

}  // namespace

const MethodPreset& dora_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "dora", .title = "DoRA", .summary = "magnitude + direction", .family = "weight-decomposed",
                     .formula = "W' = m · (W + s·B·A) / ‖W + s·B·A‖, by rows",
                     .paper = "Liu et al., DoRA, 2024, arXiv:2402.09353", .settings = settings(),
                     .parts = parts, .width = width, .scale = low_rank_scale},
      .delta = "low-rank-in-part",
      .wraps = {"dora"},
      .to_peft = decomposed_to_peft,
      .matches = [](const PeftConfig& c) { return c.peft_type == "LORA" && c.use_dora; },
      .from_peft = low_rank_from_peft};
  return preset;
}

}  // namespace weft
