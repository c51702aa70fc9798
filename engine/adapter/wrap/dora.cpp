// SPDX-License-Identifier: GPL-3.0-or-later
// DoRA (Liu et al. 2024, eq. 5 and section 4.3): W' = m (W + s B A) / ||W + s B A||, norm by rows and out of the graph.
#include "engine/adapter/parts.h"
#include "engine/adapter/weight_norms.h"

namespace weft {
namespace {

class Dora final : public Wrap {
 public:
  std::vector<Slot> slots(const SiteContext& site) const override {
    return {{"m", SlotRole::Vector, {site.out}, "vector", "lora_magnitude_vector"}};
  }
  Tensor prepare(const SiteContext& site) const override { return site.base->row_norms_squared(); }
  void start(const SiteContext& site, const SlotValues& values, const Tensor& prepared, const LinearFactors& factors) const override {
    Tensor m = values.at("m");
    m.copy_(row_geometry(*site.base, prepared, factors).norm_squared.sqrt());
  }
  void enclose(const SiteContext& site, const SlotValues& values, const Tensor& prepared, LinearFactors& factors) const override {
    // a row of zeros has no direction: leave it zero instead of dividing by zero
    const Tensor norm = row_geometry(*site.base, prepared, factors).norm_squared.sqrt().clamp_min_(1e-30);
    factors.row_scale = values.at("m") * norm.reciprocal();
  }
};

}  // namespace

std::unique_ptr<Wrap> make_dora_wrap() { return std::make_unique<Dora>(); }

}  // namespace weft
