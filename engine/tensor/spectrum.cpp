// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tensor/spectrum.h"

#include <cmath>

namespace weft {

Tensor product_singular_values(const Tensor& left, const Tensor& right, double scale) {
  const at::NoGradGuard no_grad;
  // "r" mode: only the triangles are wanted
  const Tensor r1 = std::get<1>(at::linalg_qr(left, "r"));
  const Tensor r2 = std::get<1>(at::linalg_qr(right.t(), "r"));
  return at::linalg_svdvals(r1.to(at::kDouble).matmul(r2.to(at::kDouble).t())) * std::abs(scale);
}

SpectrumFigures spectrum_figures(const Tensor& values) {
  SpectrumFigures figures;
  const Tensor s = values.to(at::kDouble).contiguous();
  const double* v = s.const_data_ptr<double>();
  const auto k = s.numel();
  double sum = 0, energy = 0;
  for (std::int64_t i = 0; i < k; ++i) {
    sum += v[i];
    energy += v[i] * v[i];
  }
  if (!(sum > 0) || !std::isfinite(sum)) return figures;
  double entropy = 0, held = 0;
  for (std::int64_t i = 0; i < k; ++i) {
    const double p = v[i] / sum;
    if (p > 0) entropy -= p * std::log(p);
    held += v[i] * v[i];
    const auto count = static_cast<int>(i + 1);
    if (!figures.energy_rank_90 && held >= 0.90 * energy) figures.energy_rank_90 = count;
    if (!figures.energy_rank_95 && held >= 0.95 * energy) figures.energy_rank_95 = count;
    if (!figures.energy_rank_99 && held >= 0.99 * energy) figures.energy_rank_99 = count;
  }
  figures.effective_rank = std::exp(entropy);
  figures.stable_rank = energy / (v[0] * v[0]);
  figures.frobenius = std::sqrt(energy);
  return figures;
}

}  // namespace weft
