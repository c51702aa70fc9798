// SPDX-License-Identifier: GPL-3.0-or-later
// EDoRA's update (Nasiri and Garraghan 2025, section 3): dW = s B R A between frozen factors of W = U S V', B = U_r and A = S_r V_r'. Only the
// small core R is trained; it is drawn with a standard deviation of 1e-5, so that the model is all but unchanged.
#include "engine/adapter/parts.h"
#include "engine/tensor/sketched_svd.h"

namespace weft {
namespace {

constexpr std::int64_t kIterations = 10;  // as the authors' code takes its randomised SVD

class SvdCore final : public Delta {
 public:
  std::vector<Slot> slots(const SiteContext& site) const override {
    return {{"A", SlotRole::Right, {site.rank, site.in}, "right", "svd_A.weight", /*trained=*/false},
            {"B", SlotRole::Left, {site.out, site.rank}, "left", "svd_B.weight", /*trained=*/false},
            {"R", SlotRole::Core, {site.rank, site.rank}, "core", "svd_core.weight"}};
  }
  LinearFactors factors(const SiteContext& site, const SlotValues& values) const override {
    LinearFactors factors;
    factors.left = values.at("B");
    factors.right = values.at("R").matmul(values.at("A"));
    factors.scale = site.scale;
    return factors;
  }
  void fill(const SiteContext& site, const SlotValues& values, at::Generator& generator) const override {
    Tensor a = values.at("A"), b = values.at("B"), r = values.at("R");
    const Tensor w = site.base->dense().to(b.scalar_type());
    TORCH_CHECK(at::isfinite(w.sum()).item<bool>(), "[adapter.start] the weight of ", site.path, " holds values that are not finite; choose another model");
    const SingularTriplets t = sketched_svd(w, site.rank, kIterations, generator);
    const std::int64_t held = t.s.size(0);  // fewer than the rank where the matrix is smaller: the rest stays zero
    a.zero_();
    b.zero_();
    b.narrow(1, 0, held).copy_(t.u);
    a.narrow(0, 0, held).copy_((t.v * t.s).t());
    r.normal_(0.0, site.settings->at("core_std").get<double>(), generator);
  }
};

}  // namespace

std::unique_ptr<Delta> make_svd_core_delta() { return std::make_unique<SvdCore>(); }

}  // namespace weft
