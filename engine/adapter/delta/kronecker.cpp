// SPDX-License-Identifier: GPL-3.0-or-later
// LoKr's update (Edalati et al., KronA, 2022; PEFT's LoKr): dW = s W1 (x) W2. With W2 = C D it is (W1 (x) C) (1 (x) D), of rank in_1 r; or, where
// the rows of W1 are fewer, (1 (x) C) (W1 (x) D).
#include <cmath>

#include "engine/adapter/parts.h"
#include "engine/adapter/presets/kronecker.h"

namespace weft {
namespace {

class Kronecker final : public Delta {
 public:
  std::vector<Slot> slots(const SiteContext& site) const override {
    const KroneckerShape k = shape_of(site);
    std::vector<Slot> slots;
    if (k.whole_1) {
      slots.push_back({"W1", SlotRole::Left, {k.out_1, k.in_1}, "left", "lokr_w1"});
    } else {
      slots.push_back({"W1a", SlotRole::Left, {k.out_1, site.rank}, "left", "lokr_w1_a"});
      slots.push_back({"W1b", SlotRole::Left, {site.rank, k.in_1}, "left", "lokr_w1_b"});
    }
    if (k.whole_2) {
      slots.push_back({"W2", SlotRole::Right, {k.out_2, k.in_2}, "right", "lokr_w2"});
    } else {
      slots.push_back({"W2a", SlotRole::Right, {k.out_2, site.rank}, "right", "lokr_w2_a"});
      slots.push_back({"W2b", SlotRole::Right, {site.rank, k.in_2}, "right", "lokr_w2_b"});
    }
    return slots;
  }
  LinearFactors factors(const SiteContext& site, const SlotValues& values) const override {
    const KroneckerShape k = shape_of(site);
    const Tensor first = k.whole_1 ? values.at("W1") : values.at("W1a").matmul(values.at("W1b"));
    const at::TensorOptions options = first.options().requires_grad(false);
    // W2 = C D; a whole one is the product with the identity on its smaller side
    const bool by_columns = k.in_2 <= k.out_2;
    const Tensor c = k.whole_2 ? (by_columns ? values.at("W2") : at::eye(k.out_2, options)) : values.at("W2a");
    const Tensor d = k.whole_2 ? (by_columns ? at::eye(k.in_2, options) : values.at("W2")) : values.at("W2b");
    LinearFactors factors;
    if (k.in_1 <= k.out_1) {
      factors.left = at::kron(first, c);
      factors.right = at::kron(at::eye(k.in_1, options), d);
    } else {
      factors.left = at::kron(at::eye(k.out_1, options), c);
      factors.right = at::kron(first, d);
    }
    factors.scale = site.scale;
    return factors;
  }
  // PEFT's own: the first factor zero, all else Kaiming's.
  void fill(const SiteContext&, const SlotValues& values, at::Generator& generator) const override {
    for (const auto& [name, value] : values) {
      Tensor filled = value;
      const double bound = 1 / std::sqrt(static_cast<double>(value.size(1)));
      if (name == "W1" || name == "W1a")
        filled.zero_();
      else
        filled.uniform_(-bound, bound, generator);
    }
  }

 private:
  static KroneckerShape shape_of(const SiteContext& site) { return kronecker_shape(site.out, site.in, site.rank, *site.settings); }
};

}  // namespace

std::unique_ptr<Delta> make_kronecker_delta() { return std::make_unique<Kronecker>(); }

}  // namespace weft
