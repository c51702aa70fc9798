// SPDX-License-Identifier: GPL-3.0-or-later
// LoHa's update (Hyeon-Woo et al., FedPara, 2022, eq. 3; PEFT's LoHa): dW = s (W1a W1b) * (W2a W2b), element by element. As factors of rank r^2:
// the products of all pairs of columns, and of all pairs of rows.
#include <cmath>

#include "engine/adapter/parts.h"

namespace weft {
namespace {

class Hadamard final : public Delta {
 public:
  std::vector<Slot> slots(const SiteContext& site) const override {
    return {{"W1a", SlotRole::Left, {site.out, site.rank}, "left", "hada_w1_a"},
            {"W1b", SlotRole::Right, {site.rank, site.in}, "right", "hada_w1_b"},
            {"W2a", SlotRole::Left, {site.out, site.rank}, "left", "hada_w2_a"},
            {"W2b", SlotRole::Right, {site.rank, site.in}, "right", "hada_w2_b"}};
  }
  LinearFactors factors(const SiteContext& site, const SlotValues& values) const override {
    LinearFactors factors;
    factors.left = (values.at("W1a").unsqueeze(2) * values.at("W2a").unsqueeze(1)).reshape({site.out, site.rank * site.rank});
    factors.right = (values.at("W1b").unsqueeze(1) * values.at("W2b").unsqueeze(0)).reshape({site.rank * site.rank, site.in});
    factors.scale = site.scale;
    return factors;
  }
  void fill(const SiteContext&, const SlotValues& values, at::Generator& generator) const override {
    for (const char* name : {"W1a", "W1b", "W2a"}) {
      Tensor value = values.at(name);
      const double bound = 1 / std::sqrt(static_cast<double>(value.size(1)));  // PEFT's kaiming_uniform with a = sqrt(5)
      value.uniform_(-bound, bound, generator);
    }
    Tensor last = values.at("W2b");
    last.zero_();
  }
};

}  // namespace

std::unique_ptr<Delta> make_hadamard_delta() { return std::make_unique<Hadamard>(); }

}  // namespace weft
