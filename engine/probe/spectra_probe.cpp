// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/probe/spectra_probe.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "engine/adapter/weight_norms.h"
#include "engine/tensor/sketched_svd.h"
#include "engine/tensor/spectrum.h"

namespace weft {
namespace {

// An update of full rank shows its largest singular values.
constexpr std::int64_t kMostShown = 64, kIterations = 2;

Tensor singular_values(const SiteContext& site, const LinearFactors& f) {
  if (!f.left.defined()) return at::zeros({1}, at::kFloat);  // scales alone
  if (!f.form) return product_singular_values(f.left, f.right, f.scale);
  auto generator = make_generator(1);
  return sketched_svd(whole_update(f, site.out, site.in), kMostShown, kIterations, generator).s;
}

}  // namespace

SpectrumEvent spectrum_of(const std::string& site, const Tensor& values) {
  SpectrumEvent event;
  event.site = site;
  const Tensor as_float = values.to(at::kFloat).contiguous();
  event.singular_values.assign(as_float.const_data_ptr<float>(), as_float.const_data_ptr<float>() + as_float.numel());
  const SpectrumFigures figures = spectrum_figures(values);
  event.effective_rank = figures.effective_rank;
  event.stable_rank = figures.stable_rank;
  event.frobenius = figures.frobenius;
  event.energy_rank_90 = figures.energy_rank_90;
  event.energy_rank_95 = figures.energy_rank_95;
  event.energy_rank_99 = figures.energy_rank_99;
  return event;
}

SpectrumEvent site_spectrum(const SiteContext& site, const LinearFactors& f, const Tensor& base_norm_squared) {
  const at::NoGradGuard no_grad;
  SpectrumEvent event = spectrum_of(site.path, singular_values(site, f));
  if (site.base && base_norm_squared.defined()) {
    const RowGeometry rows = row_geometry(*site.base, base_norm_squared, f);
    const Tensor base_norm = base_norm_squared.sqrt().clamp_min(1e-30), norm = rows.norm_squared.sqrt().clamp_min(1e-30);
    const Tensor length = f.row_scale.defined() ? norm * f.row_scale.abs() : norm;
    event.magnitude_change = (length / base_norm - 1).abs().mean().item<double>();
    // rounding can put the cosine a hair above one
    event.direction_change = std::max(0.0, (1 - rows.dot_base / (base_norm * norm)).mean().item<double>());
  }
  return event;
}

SpectraProbe::SpectraProbe(const AdapterSet& adapters, std::int64_t every, double max_share)
    : adapters_(adapters), every_(every), max_share_(max_share) {
  measure_base();
}

void SpectraProbe::hold(std::int64_t every) {
  every_ = every;
  max_share_ = 0;
  measure_base();
}

void SpectraProbe::measure_base() {
  if (every_ <= 0 || !base_norms_.empty()) return;
  for (std::size_t i = 0; i < adapters_.size(); ++i) base_norms_.push_back(adapters_.context(i).base->row_norms_squared());
}

SpectraEvent SpectraProbe::take(std::int64_t step, bool& changed) {
  const auto begin = std::chrono::steady_clock::now();
  SpectraEvent event;
  event.step = step;
  event.sites.resize(adapters_.size());
  // many small problems: one a thread beats many threads a problem
  at::parallel_for(0, static_cast<std::int64_t>(adapters_.size()), 1, [&](std::int64_t first, std::int64_t last) {
    for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(last); ++i) {
      event.sites[i] = site_spectrum(adapters_.context(i), adapters_.factors(i), base_norms_[i]);
      event.sites[i].step = step;
    }
  });
  event.ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  changed = false;
  const auto steps = step - last_step_;
  if (step_ms_ > 0 && steps > 0) {
    event.share = event.ms / step_ms_;
    // judged at full cadence: the extra probes at the first and last step are not a habit
    const double share_at_cadence = event.ms * static_cast<double>(steps) / (step_ms_ * static_cast<double>(every_));
    if (max_share_ > 0 && share_at_cadence > max_share_) {
      every_ = static_cast<std::int64_t>(std::ceil(static_cast<double>(every_) * share_at_cadence / max_share_));
      changed = true;
    }
  }
  event.every = every_;
  step_ms_ = 0;
  last_step_ = step;
  return event;
}

}  // namespace weft
