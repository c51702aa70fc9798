// SPDX-License-Identifier: GPL-3.0-or-later
// A grid over settings: assignments whose values are lists, and the assignments of each of its cells. Plain functions, any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/api/train_request.h"

namespace weft {

inline constexpr std::size_t kMostSwept = 100;  // cells of one grid

struct SweepCell {
  std::string name;                      // "lr=1e-4 rank=8": what differs; "" where there is one cell alone
  std::vector<std::string> assignments;  // one value each, as apply_settings() takes them
};

// "train.lr=1e-4,2e-4" has two values; commas in quotes or brackets do not part. A setting that is itself a list (targets) is one value
// unless it is written as lists in brackets: targets=["q_proj","v_proj"],["o_proj"]. The last assignment changes fastest.
// Refuses a key that is named twice, an empty value and more than kMostSwept cells. Whether the values are right is for
// apply_settings() and validate() to say. `request` tells which settings are lists.
[[nodiscard]] Result<std::vector<SweepCell>> expand_sweep(const TrainRequest& request, const std::vector<std::string>& assignments);

}  // namespace weft
