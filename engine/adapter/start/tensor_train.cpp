// SPDX-License-Identifier: GPL-3.0-or-later
// Starts of a tensor train.
//   DoTA (arXiv:2412.20891): the cores are W's own, by truncated singular value decompositions from left to right (TT-SVD, Oseledets
//   2011, algorithm 1), and what they make is taken off the base. Which gauge the authors take is not published; "gauge" chooses.
//   The baseline that the paper compares with: random cores and a last one of zero, so that dW = 0.
#include <cmath>

#include "engine/adapter/parts.h"
#include "engine/adapter/presets/tensor_train.h"
#include "engine/tensor/sketched_svd.h"

namespace weft {
namespace {

constexpr std::int64_t kIterations = 8;        // as PiSSA's
constexpr double kLeastSingularValue = 1e-6;   // of the largest: below it a bond's direction keeps its side

class OfTheWeight final : public Start {
 public:
  explicit OfTheWeight(bool exact) : exact_(exact) {}
  bool starts_at_zero() const override { return false; }
  void fill(const SiteContext& site, const std::vector<Slot>& slots, const SlotValues& values, at::Generator& generator) const override {
    const TensorTrain train = tensor_train(site.out, site.in, site.rank, *site.settings);
    const std::size_t n = train.cores();
    const auto core = [&](std::size_t k) { return values.at(slots[k].name); };
    const Tensor w = site.base->dense().to(core(0).scalar_type());
    TORCH_CHECK(at::isfinite(w.sum()).item<bool>(), "[adapter.start] the weight of ", site.path,
                " holds values that are not finite; choose the start mpo-random, or another model");
    std::vector<std::int64_t> shape, order;
    for (std::size_t k = 0; k < n; ++k) {
      shape.insert(shape.begin() + static_cast<std::ptrdiff_t>(k), train.out[k]);
      shape.push_back(train.in[k]);
      order.push_back(static_cast<std::int64_t>(k));
      order.push_back(static_cast<std::int64_t>(n + k));
    }
    Tensor rest = w.reshape(shape).permute(order).contiguous();
    std::vector<Tensor> singular_values;
    for (std::size_t k = 0; k + 1 < n; ++k) {
      rest = rest.view({train.bonds[k] * train.out[k] * train.in[k], -1});
      const SingularTriplets t = exact_ ? exact_svd(rest, train.bonds[k + 1]) : sketched_svd(rest, train.bonds[k + 1], kIterations, generator);
      core(k).copy_(t.u.view_as(core(k)));
      rest = t.u.t().matmul(rest);  // rather than S V': what is left out stays orthogonal to what is kept, sketched or not
      singular_values.push_back(t.s);
    }
    core(n - 1).copy_(rest.view_as(core(n - 1)));
    if (site.settings->at("gauge") == "symmetric") spread(singular_values, core);
  }

 private:
  // A root of each singular value from the right of its bond to the left: as with PiSSA, both sides are of like size then.
  template <typename Core>
  static void spread(const std::vector<Tensor>& singular_values, const Core& core) {
    for (std::size_t k = 0; k < singular_values.size(); ++k) {
      const Tensor& s = singular_values[k];
      const Tensor root = at::where(s > s.max() * kLeastSingularValue, s, at::ones_like(s)).sqrt();
      core(k).mul_(root);
      core(k + 1).div_(root.view({-1, 1, 1, 1}));
    }
  }
  const bool exact_;
};

class RandomCores final : public Start {
 public:
  // The columns of the cores are of length one on average, as the orthogonal ones of a decomposition are.
  void fill(const SiteContext&, const std::vector<Slot>& slots, const SlotValues& values, at::Generator& generator) const override {
    const Slot* zero = nullptr;  // the last that is trained, or nothing would ever move
    for (const auto& slot : slots)
      if (slot.trained) zero = &slot;
    for (const auto& slot : slots) {
      Tensor value = values.at(slot.name);
      if (&slot == zero)
        value.zero_();
      else
        value.normal_(0.0, 1 / std::sqrt(static_cast<double>(slot.shape[0] * slot.shape[1] * slot.shape[2])), generator);
    }
  }
};

}  // namespace

std::unique_ptr<Start> make_mpo_start() { return std::make_unique<OfTheWeight>(/*exact=*/false); }
std::unique_ptr<Start> make_exact_mpo_start() { return std::make_unique<OfTheWeight>(/*exact=*/true); }
std::unique_ptr<Start> make_random_mpo_start() { return std::make_unique<RandomCores>(); }

}  // namespace weft
