// SPDX-License-Identifier: GPL-3.0-or-later
// What the descriptions of LoRA and its relatives share, and those of methods without a rank.
#pragma once

#include <initializer_list>

#include "engine/adapter/presets/preset.h"

namespace weft {

// rank, alpha, targets, start, rank_stabilized. `stabilized` is the default of the last.
[[nodiscard]] std::vector<SettingSpec> low_rank_settings(bool stabilized);
[[nodiscard]] std::vector<MethodPart> low_rank_parts(const AdapterSite& site, const SettingValues& settings);
// s = alpha / r, or alpha / sqrt(r) when rank-stabilised (Kalajdzievski 2023).
[[nodiscard]] double low_rank_scale(const SettingValues& settings);
void low_rank_to_peft(const SettingValues& settings, PeftConfig& config);
// The same with DoRA's magnitude.
[[nodiscard]] std::vector<MethodPart> decomposed_parts(const AdapterSite& site, const SettingValues& settings);
void decomposed_to_peft(const SettingValues& settings, PeftConfig& config);
[[nodiscard]] SettingValues low_rank_from_peft(const PeftConfig& config);

// All but some of them: methods with a start or a scale of their own.
[[nodiscard]] std::vector<SettingSpec> low_rank_settings_without(std::initializer_list<const char*> keys);
[[nodiscard]] SettingSpec& setting_named(std::vector<SettingSpec>& settings, const std::string& key);
// alpha / rank, and 1
[[nodiscard]] double alpha_over_rank(const SettingValues& settings);
[[nodiscard]] double no_scale(const SettingValues& settings);

// Of methods without a product of thin factors: no rank, in the products of a step and in PEFT's configuration.
[[nodiscard]] std::int64_t no_width(const AdapterSite& site, const SettingValues& settings);
void without_rank(PeftConfig& config, const char* peft_type);

// OFT and BOFT: targets, block_size, blocks (rotation.h); and the two from PEFT's numbers, of which one is 0.
[[nodiscard]] std::vector<SettingSpec> rotation_settings(int block_size);
void rotation_from_peft(const Json& blocks, const Json& block_size, SettingValues& settings);

}  // namespace weft
