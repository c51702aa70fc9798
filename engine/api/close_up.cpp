// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/close_up.h"

#include <algorithm>
#include <cmath>

namespace weft {

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
