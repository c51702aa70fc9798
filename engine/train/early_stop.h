// SPDX-License-Identifier: GPL-3.0-or-later
// What the losses on held-out rows decide: which step was the best, and when to give up waiting for a better one. Plain values.
#pragma once

#include <cstdint>
#include <limits>

#include "engine/core/json.h"

namespace weft {

class EarlyStop {
 public:
  // patience: evaluations in a row without a fall of more than min_delta; 0: it never ends a run.
  EarlyStop(std::int64_t patience, double min_delta) : patience_(patience), min_delta_(min_delta) {}

  // The loss at step 0 is what the first fall is measured by, but no step that could be kept. True where `loss` is the lowest so far.
  bool add(std::int64_t step, double loss);
  [[nodiscard]] bool ends() const { return patience_ > 0 && waited_ >= patience_; }
  [[nodiscard]] std::int64_t best_step() const { return best_step_; }   // 0: none yet
  [[nodiscard]] double best_loss() const { return best_loss_; }
  [[nodiscard]] std::int64_t waited() const { return waited_; }

  // The best step has a checkpoint that nothing but this asked for.
  bool own_checkpoint = false;

  // What a checkpoint keeps.
  [[nodiscard]] Json state() const;
  void restore(const Json& state);   // null: of a run that kept none

 private:
  const std::int64_t patience_;
  const double min_delta_;
  std::int64_t best_step_ = 0, waited_ = 0;
  double best_loss_ = std::numeric_limits<double>::infinity();
  double bar_ = std::numeric_limits<double>::infinity();   // the last loss that counted as a fall
};

}  // namespace weft
