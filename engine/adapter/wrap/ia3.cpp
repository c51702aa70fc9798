// SPDX-License-Identifier: GPL-3.0-or-later
// IA3 (Liu et al. 2022, section 3.3): a trained vector, one at the start, multiplies the output of a matrix; where the matrix ends a
// feed-forward module, its input.
#include "engine/adapter/parts.h"

namespace weft {
namespace {

bool scales_input(const SiteContext& site) { return names_site(site.settings->at("feedforward"), site.path); }

class Ia3 final : public Wrap {
 public:
  std::vector<Slot> slots(const SiteContext& site) const override {
    const auto shape = scales_input(site) ? std::vector<std::int64_t>{1, site.in} : std::vector<std::int64_t>{site.out, 1};
    return {{"l", SlotRole::Vector, shape, "vector", "ia3_l"}};
  }
  Tensor prepare(const SiteContext&) const override { return {}; }
  void start(const SiteContext&, const SlotValues& values, const Tensor&, const LinearFactors&) const override {
    Tensor l = values.at("l");
    l.fill_(1);
  }
  void enclose(const SiteContext& site, const SlotValues& values, const Tensor&, LinearFactors& factors) const override {
    (scales_input(site) ? factors.column_scale : factors.row_scale) = values.at("l").view({-1});
  }
};

}  // namespace

std::unique_ptr<Wrap> make_ia3_wrap() { return std::make_unique<Ia3>(); }

}  // namespace weft
