// SPDX-License-Identifier: GPL-3.0-or-later
// How LoKr splits a matrix into two Kronecker factors, by PEFT's rules. For the catalogue and for the part alike.
#pragma once

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>

#include "engine/api/settings.h"

namespace weft {

// Two numbers whose product is `dimension`, the smaller first: near its root, or with one at most (a divisor: exactly) `factor`; -1: any.
[[nodiscard]] inline std::pair<std::int64_t, std::int64_t> split_dimension(std::int64_t dimension, std::int64_t factor) {
  if (factor > 0 && dimension % factor == 0) return {factor, dimension / factor};
  if (factor == -1) factor = dimension;
  const std::int64_t largest_sum = 1 + dimension;
  std::int64_t m = 1, n = dimension;
  while (m < n) {
    std::int64_t next = m + 1;
    while (dimension % next != 0) ++next;
    if (next + dimension / next > largest_sum || next > factor) break;
    m = next;
    n = dimension / next;
  }
  return {std::min(m, n), std::max(m, n)};
}

// dW = s W1 (x) W2, W1 [out_1, in_1] and W2 [out_2, in_2], each whole or a product of rank r.
struct KroneckerShape {
  std::int64_t out_1 = 0, out_2 = 0, in_1 = 0, in_2 = 0;
  bool whole_1 = true, whole_2 = true;
};
[[nodiscard]] inline KroneckerShape kronecker_shape(std::int64_t out, std::int64_t in, std::int64_t rank, const SettingValues& settings) {
  const auto factor = settings.at("decompose_factor").get<std::int64_t>();
  KroneckerShape shape;
  std::tie(shape.out_1, shape.out_2) = split_dimension(out, factor);
  std::tie(shape.in_1, shape.in_2) = split_dimension(in, factor);
  shape.whole_1 = !(settings.at("decompose_both").get<bool>() && 2 * rank < std::max(shape.out_1, shape.in_1));
  shape.whole_2 = 2 * rank >= std::max(shape.out_2, shape.in_2);
  return shape;
}

}  // namespace weft
