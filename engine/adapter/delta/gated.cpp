// SPDX-License-Identifier: GPL-3.0-or-later
// BeamLoRA's update (Gu et al. 2025, arXiv:2502.13604, section 3.1): dW = s B diag(r softmax(g / T)) A. The gates say how much each rank counts among
// those of its matrix; all zero they count one each. train/beams.cpp moves ranks by them.
#include <cmath>

#include "engine/adapter/parts.h"

namespace weft {
namespace {

class Gated final : public Delta {
 public:
  std::vector<Slot> slots(const SiteContext& site) const override {
    return {{"A", SlotRole::Right, {site.rank, site.in}, "right", "beam_A"},
            {"B", SlotRole::Left, {site.out, site.rank}, "left", "beam_B"},
            {"g", SlotRole::Vector, {site.rank}, "vector", "beam_gate"}};
  }
  LinearFactors factors(const SiteContext& site, const SlotValues& values) const override {
    const Tensor gates = at::softmax(values.at("g") / site.settings->at("temperature").get<double>(), 0) * static_cast<double>(site.rank);
    LinearFactors factors;
    factors.left = values.at("B");
    factors.right = values.at("A") * gates.unsqueeze(1);
    factors.scale = site.scale;
    return factors;
  }
  void fill(const SiteContext& site, const SlotValues& values, at::Generator& generator) const override {
    Tensor a = values.at("A"), b = values.at("B"), g = values.at("g");
    const double bound = 1 / std::sqrt(static_cast<double>(site.in));
    a.uniform_(-bound, bound, generator);
    b.zero_();
    g.zero_();
  }
};

}  // namespace

std::unique_ptr<Delta> make_gated_delta() { return std::make_unique<Gated>(); }

}  // namespace weft
