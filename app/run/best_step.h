// SPDX-License-Identifier: GPL-3.0-or-later
// Which step of a run had the lowest loss on held-out rows, as its events say. Plain functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "projects/api/project.h"

namespace weft {

struct BestStep {
  std::int64_t step = 0;
  double loss = 0;
};

[[nodiscard]] std::optional<BestStep> best_step(const std::vector<EventRow>& events);

}  // namespace weft
