// SPDX-License-Identifier: GPL-3.0-or-later
// How answers are drawn, as settings: window and command line read names, defaults, ranges and help from here. Plain values.
#pragma once

#include <vector>

#include "engine/api/generation.h"
#include "engine/api/settings.h"

namespace weft {

// temperature, top_k, top_p, max_tokens, seed
[[nodiscard]] const std::vector<SettingSpec>& sampling_settings();
// values: complete by these specs.
[[nodiscard]] SamplingSettings sampling_of(const SettingValues& values);

}  // namespace weft
