// SPDX-License-Identifier: GPL-3.0-or-later
// BoRA (Wang et al. 2024): rows and then columns of V = W + s B A are brought to norm 1 and given trained magnitudes,
//   H = m_r V / ||V||_row,  W' = m_c H / ||H||_col,
// which is diag(d_r) V diag(d_c) with d_r = m_r / ||V||_row and d_c = m_c / ||H||_col. The paper's text on whether the norms are part of
// the graph could not be read; by default they are not, as in DoRA.
#include "engine/adapter/parts.h"
#include "engine/adapter/weight_norms.h"

namespace weft {
namespace {

constexpr double kLeastNorm = 1e-8;  // a row or column of zeros has no direction: it stays zero

class Bora final : public Wrap {
 public:
  std::vector<Slot> slots(const SiteContext& site) const override {
    return {{"m_r", SlotRole::Vector, {site.out}, "vector", "bora_row_magnitude"}, {"m_c", SlotRole::Vector, {site.in}, "vector", "bora_column_magnitude"}};
  }
  Tensor prepare(const SiteContext&) const override { return {}; }
  void start(const SiteContext& site, const SlotValues& values, const Tensor&, const LinearFactors& factors) const override {
    Tensor m_r = values.at("m_r"), m_c = values.at("m_c");
    m_r.copy_(row_norms_squared(*site.base, factors, at::ones_like(m_c)).sqrt());
    m_c.copy_(column_norms_squared(*site.base, factors, at::ones_like(m_r)).sqrt());
  }
  void enclose(const SiteContext& site, const SlotValues& values, const Tensor&, LinearFactors& factors) const override {
    const Tensor &m_r = values.at("m_r"), &m_c = values.at("m_c");
    const bool rows_first = site.settings->at("order") == "rows-columns";
    if (!site.settings->at("detach_norms").get<bool>()) {
      enclose_recorded(site, m_r, m_c, rows_first, factors);
      return;
    }
    const auto over = [](const Tensor& magnitude, const Tensor& norm_squared) { return magnitude * norm_squared.sqrt().clamp_min_(kLeastNorm).reciprocal(); };
    Tensor d_r, d_c;
    if (rows_first) {
      const NormsInTurn norms = norms_in_turn(*site.base, factors, m_r, kLeastNorm);
      d_r = m_r * norms.row_inverse;
      d_c = over(m_c, norms.column_norm_squared);
    } else {
      d_c = over(m_c, column_norms_squared(*site.base, factors, at::ones_like(m_r)));
      d_r = over(m_r, row_norms_squared(*site.base, factors, d_c));
    }
    factors.row_scale = d_r;
    factors.column_scale = d_c;
  }

 private:
  // With the norms in the graph, which then holds W + s B A and what is made of it.
  static void enclose_recorded(const SiteContext& site, const Tensor& m_r, const Tensor& m_c, bool rows_first, LinearFactors& factors) {
    const auto over = [](const Tensor& magnitude, const Tensor& x, std::int64_t along) {
      return magnitude / x.square().sum(along).clamp_min(kLeastNorm * kLeastNorm).sqrt();
    };
    const Tensor v = site.base->dense().to(m_r.scalar_type()) + factors.left.matmul(factors.right) * factors.scale;
    if (rows_first) {
      factors.row_scale = over(m_r, v, 1);
      factors.column_scale = over(m_c, v * factors.row_scale.unsqueeze(1), 0);
    } else {
      factors.column_scale = over(m_c, v, 0);
      factors.row_scale = over(m_r, v * factors.column_scale, 1);
    }
  }
};

}  // namespace

std::unique_ptr<Wrap> make_bora_wrap() { return std::make_unique<Bora>(); }

}  // namespace weft
