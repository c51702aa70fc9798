// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/low_rank_common.h"

namespace weft {
namespace {

std::vector<SettingSpec> settings() {
  using T = SettingType;
  auto all = low_rank_settings(/*stabilized=*/false);
  all.push_back({.key = "order", .title = "Order of the norms", .type = T::Choice, .initial = "rows-columns", .choices = {"rows-columns", "columns-rows"},
                 .help = "Which side is brought to norm 1 first. The maps differ away from the start; which one the paper means by its rows was not "
                         "to be found: rows are output features here.",
                 .advanced = true, .parts = {"m_r", "m_c"}});
  all.push_back({.key = "detach_norms", .title = "Norms out of the graph", .type = T::Boolean, .initial = true,
                 .help = "Treat the norms as constants in the backward pass, as DoRA does. Off: exact gradients, with several dense copies of every "
                         "adapted matrix in memory.",
                 .advanced = true, .parts = {"m_r", "m_c"}});
  return all;
}

std::vector<MethodPart> parts(const AdapterSite& site, const SettingValues& settings) {
  auto all = low_rank_parts(site, settings);
  all.insert(all.begin(), {"m_r", "magnitude of each row", PartShape::Vector, site.out, 1});
  all.push_back({"m_c", "magnitude of each column", PartShape::Vector, 1, site.in});
  return all;
}

}  // namespace

const MethodPreset& bora_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "bora", .title = "BoRA", .summary = "both magnitudes", .family = "weight-decomposed",
                     .formula = "W' = m_c · H / ‖H‖ by columns, H = m_r · (W + s·B·A) / ‖W + s·B·A‖ by rows",
                     .paper = "Wang et al., BoRA, 2024, arXiv:2412.06441", .settings = settings(),
                     .parts = parts, .scale = low_rank_scale},
      .delta = "low-rank",
      .wraps = {"bora"}};
  return preset;
}

}  // namespace weft
