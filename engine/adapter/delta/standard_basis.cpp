// SPDX-License-Identifier: GPL-3.0-or-later
// SBoRA's update (Po et al. 2024): a LoRA one side of which is frozen to distinct unit vectors. FA: A's rows, so that dW adds s B to some
// columns of W; FB: B's columns, and rows of W.
#include <fmt/format.h>

#include "engine/adapter/delta/low_rank.h"

namespace weft {
namespace {

class StandardBasis final : public LowRank {
 public:
  std::vector<Slot> slots(const SiteContext& site) const override {
    auto slots = LowRank::slots(site);
    for (auto& slot : slots) slot.trained = (slot.role == SlotRole::Right) != freezes_right(site);
    return slots;
  }
  Status check(const SiteContext& site) const override {
    const auto side = freezes_right(site) ? site.in : site.out;
    if (site.rank <= side) return {};
    return invalid_argument(fmt::format("[method] rank = {}, but {} has only {} {} to choose from", site.rank, site.path, side,
                                        freezes_right(site) ? "columns" : "rows"));
  }
  void fill(const SiteContext& site, const SlotValues& values, at::Generator& generator) const override {
    const bool fa = freezes_right(site);
    Tensor a = values.at("A"), b = values.at("B");
    a.zero_();
    b.zero_();
    Tensor frozen = fa ? a : b.t();  // [rank, side]
    frozen.scatter_(1, at::randperm(frozen.size(1), generator, at::TensorOptions(at::kLong)).narrow(0, 0, site.rank).unsqueeze(1), 1);
  }

 private:
  static bool freezes_right(const SiteContext& site) { return site.settings->at("side") == "columns"; }
};

}  // namespace

std::unique_ptr<Delta> make_standard_basis_delta() { return std::make_unique<StandardBasis>(); }

}  // namespace weft
