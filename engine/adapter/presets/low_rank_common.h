// SPDX-License-Identifier: GPL-3.0-or-later
// What the descriptions of LoRA and its relatives share.
#pragma once

#include "engine/adapter/presets/preset.h"

namespace weft {

// rank, alpha, targets, start, rank_stabilized. `stabilized` is the default of the last.
[[nodiscard]] std::vector<SettingSpec> low_rank_settings(bool stabilized);
[[nodiscard]] std::vector<MethodPart> low_rank_parts(std::int64_t out, std::int64_t in, const SettingValues& settings);
// s = alpha / r, or alpha / sqrt(r) when rank-stabilised (Kalajdzievski 2023).
[[nodiscard]] double low_rank_scale(const SettingValues& settings);
void low_rank_to_peft(const SettingValues& settings, PeftConfig& config);
[[nodiscard]] SettingValues low_rank_from_peft(const PeftConfig& config);

}  // namespace weft
