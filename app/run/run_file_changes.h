// SPDX-License-Identifier: GPL-3.0-or-later
// What a run file would change, before anything is changed. Plain functions, any thread.
#pragma once

#include <vector>

#include "engine/api/train_request.h"
#include "projects/api/comparison.h"

namespace weft {

// Settings whose values differ, as they would be used: one that is not set counts as its default. Two texts a row, before and
// after ("–": the method does not have it), titles of the settings, in the order of the run file. Needs no valid request.
[[nodiscard]] std::vector<ComparedRow> changed_settings(const TrainRequest& before, const TrainRequest& after);

}  // namespace weft
