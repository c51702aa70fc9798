// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/layer_draw.h"

#include <algorithm>

namespace weft {
namespace {
constexpr double kRise = 0.75;  // share of the run in which the probability rises, CoTo's default
}

LayerDraw::LayerDraw(const AdapterSet& adapters, double first, std::int64_t total_steps) : first_(first), total_(total_steps) {
  std::vector<int> seen;
  for (const auto& shape : adapters.shapes()) {
    const auto found = std::find(seen.begin(), seen.end(), shape.layer);
    layer_of_.push_back(static_cast<std::size_t>(found - seen.begin()));
    if (found == seen.end()) seen.push_back(shape.layer);
  }
  layers_ = seen.size();
}

double LayerDraw::probability(std::int64_t step) const {
  return std::min(1.0, first_ + (1 - first_) * static_cast<double>(step) / (kRise * static_cast<double>(total_)));
}

std::vector<bool> LayerDraw::draw(std::int64_t step, at::Generator& generator) const {
  const double p = probability(step);
  if (p >= 1) return {};
  std::vector<bool> works(layers_, false);
  for (bool any = false; !any;) {
    const Tensor drawn = at::empty({static_cast<std::int64_t>(layers_)}, at::kDouble).uniform_(0.0, 1.0, generator);
    for (std::size_t i = 0; i < layers_; ++i) {
      works[i] = drawn.const_data_ptr<double>()[i] < p;
      any = any || works[i];
    }
    if (p <= 0 && !any) {  // none would ever be drawn: one of them, evenly
      works[static_cast<std::size_t>(at::empty({1}, at::kLong).random_(static_cast<std::int64_t>(layers_), generator).item<std::int64_t>())] = true;
      any = true;
    }
  }
  std::vector<bool> rests;
  for (const auto layer : layer_of_) rests.push_back(!works[layer]);
  return rests;
}

}  // namespace weft
