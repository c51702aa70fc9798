// SPDX-License-Identifier: GPL-3.0-or-later
// LoRA: dW = s B A (Hu et al. 2021, eq. 3).
#include "engine/adapter/parts.h"

namespace weft {
namespace {

class LowRank final : public Delta {
 public:
  std::vector<Slot> slots(const SiteContext& site) const override {
    return {{"A", SlotRole::Right, {site.rank, site.in}, "right", "lora_A.weight"},
            {"B", SlotRole::Left, {site.out, site.rank}, "left", "lora_B.weight"}};
  }
  LinearFactors factors(const SiteContext& site, const SlotValues& values) const override {
    LinearFactors factors;
    factors.left = values.at("B");
    factors.right = values.at("A");
    factors.scale = site.scale;
    return factors;
  }
};

}  // namespace

std::unique_ptr<Delta> make_low_rank_delta() { return std::make_unique<LowRank>(); }

}  // namespace weft
