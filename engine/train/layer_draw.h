// SPDX-License-Identifier: GPL-3.0-or-later
// CopRA (Zhuang et al. 2024, arXiv:2410.22911; its schedule as in CoTo, 2025, arXiv:2506.05713): at each step every layer takes part with a probability
// that rises to 1 over the first three quarters of the run; the adapters of the others rest together, and nothing is scaled up for them.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/adapter/adapter_set.h"

namespace weft {

class LayerDraw {
 public:
  // first: probability at the first step; 1: all layers at every step, and nothing is ever drawn.
  LayerDraw(const AdapterSet& adapters, double first, std::int64_t total_steps);
  // step counts from 0.
  [[nodiscard]] double probability(std::int64_t step) const;
  // What rests in the step, for AdapterSet::rest(). At least one layer takes part.
  [[nodiscard]] std::vector<bool> draw(std::int64_t step, at::Generator& generator) const;

 private:
  const double first_;
  const std::int64_t total_;
  std::vector<std::size_t> layer_of_;  // of each site, counted over the layers that have adapters
  std::size_t layers_ = 0;
};

}  // namespace weft
