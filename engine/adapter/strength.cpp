// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/strength.h"

#include <algorithm>
#include <array>

namespace weft {

void strength_forward(std::span<const AdaptedLinear> layers, const Tensor& x, double strength, std::span<Tensor> y) {
  std::array<LinearFactors, kMostGrouped> weakened;
  std::array<AdaptedLinear, kMostGrouped> taken, plain;
  std::array<std::size_t, kMostGrouped> mixed{};
  std::size_t to_mix = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const AdaptedLinear alone{layers[i].base, layers[i].bias, nullptr};
    taken.at(i) = alone;
    if (!layers[i].factors || strength == 0) continue;
    LinearFactors& f = weakened.at(i) = *layers[i].factors;
    f.evaluation = nullptr;
    f.noise = {};
    taken.at(i).factors = &f;
    if (!f.row_scale.defined() && !f.column_scale.defined() && !f.rotation.defined()) {
      f.scale *= strength;
    } else if (strength != 1) {
      plain.at(to_mix) = alone;
      mixed.at(to_mix++) = i;
    }
  }
  (void)group_forward({taken.data(), layers.size()}, x, y);
  if (to_mix == 0) return;
  std::array<Tensor, kMostGrouped> base;
  (void)group_forward({plain.data(), to_mix}, x, {base.data(), to_mix});
  for (std::size_t m = 0; m < to_mix; ++m) {
    Tensor& tuned = y[mixed.at(m)];
    tuned = at::lerp(base.at(m), tuned, strength);
  }
}

}  // namespace weft
