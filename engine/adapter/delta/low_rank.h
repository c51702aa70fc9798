// SPDX-License-Identifier: GPL-3.0-or-later
// LoRA: dW = s B A (Hu et al. 2021, eq. 3). For its own preset, and for methods that differ in what they train or how they begin.
#pragma once

#include "engine/adapter/parts.h"

namespace weft {

class LowRank : public Delta {
 public:
  [[nodiscard]] std::vector<Slot> slots(const SiteContext& site) const override {  // A, B
    return {{"A", SlotRole::Right, {site.rank, site.in}, "right", "lora_A.weight"},
            {"B", SlotRole::Left, {site.out, site.rank}, "left", "lora_B.weight"}};
  }
  [[nodiscard]] LinearFactors factors(const SiteContext& site, const SlotValues& values) const override {
    LinearFactors factors;
    factors.left = values.at("B");
    factors.right = values.at("A");
    factors.scale = site.scale;
    return factors;
  }
};

}  // namespace weft
