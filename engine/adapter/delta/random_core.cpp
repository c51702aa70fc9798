// SPDX-License-Identifier: GPL-3.0-or-later
// TLoRA's update (arXiv:2504.18735): dW = lambda (A B C)' in row vectors, A [in, r] and C [r, out] random and frozen, B [r, r] and lambda
// trained. Kept transposed, as dW = lambda L B' R. At the start B is zero and lambda one.
#include <cmath>

#include "engine/adapter/parts.h"

namespace weft {
namespace {

class RandomCore final : public Delta {
 public:
  std::vector<Slot> slots(const SiteContext& site) const override {
    return {{"A", SlotRole::Right, {site.rank, site.in}, "right", "tlora_A", /*trained=*/false},
            {"C", SlotRole::Left, {site.out, site.rank}, "left", "tlora_C", /*trained=*/false},
            {"B", SlotRole::Core, {site.rank, site.rank}, "core", "tlora_B"},
            {"lambda", SlotRole::Vector, {1}, "vector", "tlora_lambda"}};
  }
  LinearFactors factors(const SiteContext&, const SlotValues& values) const override {
    LinearFactors factors;
    factors.left = values.at("C");
    factors.right = (values.at("B") * values.at("lambda")).matmul(values.at("A"));
    return factors;
  }
  void fill(const SiteContext& site, const SlotValues& values, at::Generator& generator) const override {
    // the authors draw with Kaiming's normal law and a = sqrt(5), whose fan PyTorch reads from the second dimension: r and out
    Tensor a = values.at("A"), c = values.at("C"), b = values.at("B"), lambda = values.at("lambda");
    a.normal_(0.0, 1 / std::sqrt(3.0 * static_cast<double>(site.rank)), generator);
    c.normal_(0.0, 1 / std::sqrt(3.0 * static_cast<double>(site.out)), generator);
    b.zero_();
    lambda.fill_(1);
  }
};

}  // namespace

std::unique_ptr<Delta> make_random_core_delta() { return std::make_unique<RandomCore>(); }

}  // namespace weft
