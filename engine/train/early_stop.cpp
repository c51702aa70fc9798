// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/early_stop.h"

#include <cmath>

namespace weft {

bool EarlyStop::add(std::int64_t step, double loss) {
  if (!std::isfinite(bar_) || loss < bar_ - min_delta_) {
    bar_ = loss;
    waited_ = 0;
  } else {
    ++waited_;
  }
  if (step == 0 || !(loss < best_loss_)) return false;
  best_step_ = step;
  best_loss_ = loss;
  return true;
}

// JSON has no infinity: what is still infinite is left out.
Json EarlyStop::state() const {
  Json state = {{"waited", waited_}};
  if (best_step_ > 0) state.update({{"step", best_step_}, {"loss", best_loss_}, {"own", own_checkpoint}});
  if (std::isfinite(bar_)) state["bar"] = bar_;
  return state;
}

void EarlyStop::restore(const Json& state) {
  if (!state.is_object()) return;
  waited_ = state.value("waited", std::int64_t{0});
  best_step_ = state.value("step", std::int64_t{0});
  best_loss_ = state.value("loss", std::numeric_limits<double>::infinity());
  own_checkpoint = state.value("own", false);
  bar_ = state.value("bar", std::numeric_limits<double>::infinity());
}

}  // namespace weft
