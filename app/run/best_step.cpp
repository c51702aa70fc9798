// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run/best_step.h"

namespace weft {

// The last that was said, by step: what a run wrote anew after a resume has the later word.
std::optional<BestStep> best_step(const std::vector<EventRow>& events) {
  std::optional<BestStep> best;
  for (const auto& event : events)
    if (event.type == "best" && event.detail.is_object() && event.detail.contains("loss") && event.detail["loss"].is_number())
      if (!best || event.step >= best->step) best = BestStep{event.step, event.detail["loss"].get<double>()};
  return best;
}

}  // namespace weft
