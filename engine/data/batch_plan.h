// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/data_set.h"

namespace weft {

// How a run with these sections, complete, makes its batches.
[[nodiscard]] BatchPlan batch_plan_of(const SettingValues& data, const SettingValues& train);

}  // namespace weft
