// SPDX-License-Identifier: GPL-3.0-or-later
// MELoRA's update (Ren et al. 2024, section 3): N small LoRAs on equal slices of input and output, dW = s blockdiag(B_1 A_1, ..., B_N A_N).
// As factors: blockdiag of the B_i times blockdiag of the A_i, of rank N r.
#include <cmath>

#include <fmt/format.h>

#include "engine/adapter/parts.h"

namespace weft {
namespace {

class BlockDiagonal final : public Delta {
 public:
  std::vector<Slot> slots(const SiteContext& site) const override {
    const auto n = blocks(site);
    return {{"A", SlotRole::Right, {n, site.rank, site.in / n}, "right", "melora_A"}, {"B", SlotRole::Left, {n, site.out / n, site.rank}, "left", "melora_B"}};
  }
  LinearFactors factors(const SiteContext& site, const SlotValues& values) const override {
    LinearFactors factors;
    factors.left = at::block_diag(values.at("B").unbind(0));
    factors.right = at::block_diag(values.at("A").unbind(0));
    factors.scale = site.scale;
    return factors;
  }
  Status check(const SiteContext& site) const override {
    const auto n = blocks(site);
    if (site.out % n == 0 && site.in % n == 0) return {};
    return invalid_argument(fmt::format("[method] blocks = {} does not divide {} of {} x {}: choose a number that divides both sides of every target",
                                        n, site.path, site.out, site.in));
  }
  void fill(const SiteContext& site, const SlotValues& values, at::Generator& generator) const override {
    Tensor a = values.at("A"), b = values.at("B");
    const double bound = 1 / std::sqrt(static_cast<double>(site.in / blocks(site)));
    a.uniform_(-bound, bound, generator);
    b.zero_();
  }

 private:
  static std::int64_t blocks(const SiteContext& site) { return site.settings->at("blocks").get<std::int64_t>(); }
};

}  // namespace

std::unique_ptr<Delta> make_block_diagonal_delta() { return std::make_unique<BlockDiagonal>(); }

}  // namespace weft
