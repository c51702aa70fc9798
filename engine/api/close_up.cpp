// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/close_up.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace weft {

EndShares end_shares(const CloseUpReply& reply) {
  const BaseDecomposition& base = reply.base;
  if (base.values.empty() || base.output_energy.empty()) return {};
  EndShares shares;
  shares.count = std::clamp<std::int64_t>(reply.shown.rank, 1, static_cast<std::int64_t>(base.values.size()));
  const auto top = [&](const std::vector<float>& energy) { return std::accumulate(energy.begin(), energy.begin() + shares.count, 0.0); };
  const auto bottom = [&](const std::vector<float>& energy) { return base.leading ? 0 : std::accumulate(energy.end() - shares.count, energy.end(), 0.0); };
  shares.top_outputs = top(base.output_energy);
  shares.top_inputs = top(base.input_energy);
  shares.bottom_outputs = bottom(base.output_energy);
  shares.bottom_inputs = bottom(base.input_energy);
  shares.chance_outputs = static_cast<double>(shares.count) / static_cast<double>(reply.shown.out);
  shares.chance_inputs = static_cast<double>(shares.count) / static_cast<double>(reply.shown.in);
  return shares;
}

Regression regression_of(std::span<const double> x, std::span<const double> y) {
  const std::size_t n = std::min(x.size(), y.size());
  if (n < 2) return {};
  double mean_x = 0, mean_y = 0;
  for (std::size_t i = 0; i < n; ++i) {
    mean_x += x[i] / static_cast<double>(n);
    mean_y += y[i] / static_cast<double>(n);
  }
  double xx = 0, xy = 0, yy = 0;
  for (std::size_t i = 0; i < n; ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
  }
  if (!(xx > 0) || !(yy > 0)) return {.intercept = mean_y};
  return {.slope = xy / xx, .intercept = mean_y - xy / xx * mean_x, .r = xy / std::sqrt(xx * yy)};
}

}  // namespace weft
