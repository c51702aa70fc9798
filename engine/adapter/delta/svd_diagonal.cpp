// SPDX-License-Identifier: GPL-3.0-or-later
// AdaLoRA's update (Zhang et al. 2023, eq. 3): dW = s B diag(E) A in the form of a singular value decomposition; a triplet whose entry of E is
// zero is taken away. B and A are kept near orthogonal by a penalty (train/rank_budget.cpp). Start as PEFT has it: B and A drawn, E zero.
#include <fmt/format.h>

#include "engine/adapter/parts.h"

namespace weft {
namespace {

class SvdDiagonal final : public Delta {
 public:
  std::vector<Slot> slots(const SiteContext& site) const override {
    return {{"A", SlotRole::Right, {site.rank, site.in}, "right", "lora_A"},
            {"E", SlotRole::Vector, {site.rank, 1}, "core", "lora_E"},
            {"B", SlotRole::Left, {site.out, site.rank}, "left", "lora_B"}};
  }
  LinearFactors factors(const SiteContext& site, const SlotValues& values) const override {
    LinearFactors factors;
    factors.left = values.at("B");
    factors.right = values.at("A") * values.at("E");
    factors.scale = site.scale;
    return factors;
  }
  Status check(const SiteContext& site) const override {
    const auto target = site.settings->at("target_rank").get<std::int64_t>();
    if (target <= site.rank) return {};
    return invalid_argument(fmt::format("[method] target_rank = {} is above rank = {}: ranks are taken away, so begin with more", target, site.rank));
  }
  void fill(const SiteContext&, const SlotValues& values, at::Generator& generator) const override {
    Tensor a = values.at("A"), e = values.at("E"), b = values.at("B");
    a.normal_(0.0, 0.02, generator);
    b.normal_(0.0, 0.02, generator);
    e.zero_();
  }
};

}  // namespace

std::unique_ptr<Delta> make_svd_diagonal_delta() { return std::make_unique<SvdDiagonal>(); }

}  // namespace weft
