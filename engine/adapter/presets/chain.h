// SPDX-License-Identifier: GPL-3.0-or-later
// What methods that train one low-rank update after another (engine/adapter/delta/links.h) have in common in the catalogue.
#pragma once

#include "engine/adapter/presets/low_rank_common.h"

namespace weft {

// rank, alpha, targets, links, rewarm; then a method's own. `rank` and `links` are their defaults.
[[nodiscard]] std::vector<SettingSpec> chain_settings(int rank, double alpha, int links);
// W, and B and A of all links beside each other.
[[nodiscard]] std::vector<MethodPart> chain_parts(const AdapterSite& site, const SettingValues& settings);
[[nodiscard]] std::int64_t chain_width(const AdapterSite& site, const SettingValues& settings);

}  // namespace weft
