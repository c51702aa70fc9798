// SPDX-License-Identifier: GPL-3.0-or-later
// What the eye sees of an adapter: spectra and change of magnitude and direction by site, from the factors alone.
// Keeps its own cost under a share of the step time by lowering the cadence. Engine thread only.
#pragma once

#include <vector>

#include "engine/adapter/adapter_set.h"
#include "engine/api/events.h"

namespace weft {

// An event of singular values [k] float64, descending, and their figures.
[[nodiscard]] SpectrumEvent spectrum_of(const std::string& site, const Tensor& values);
// Spectrum of dW = s L R at one site. base_norm_squared [out] or undefined: then magnitude and direction stay 0.
[[nodiscard]] SpectrumEvent site_spectrum(const SiteContext& site, const LinearFactors& factors, const Tensor& base_norm_squared);

class SpectraProbe {
 public:
  // every: steps between probes (0: never); max_share of the step time (0: no limit).
  SpectraProbe(const AdapterSet& adapters, std::int64_t every, double max_share);

  [[nodiscard]] std::int64_t every() const { return every_; }
  // This cadence from now on, whatever it costs; 0: no more.
  void hold(std::int64_t every);
  void add_step_time(double ms) { step_ms_ += ms; }
  // Takes all spectra. `changed` tells that the cadence was lowered just now.
  [[nodiscard]] SpectraEvent take(std::int64_t step, bool& changed);

 private:
  void measure_base();
  const AdapterSet& adapters_;
  std::vector<Tensor> base_norms_;   // [out] by site, once per run
  std::int64_t every_;
  double max_share_;
  double step_ms_ = 0;               // since the last probe
  std::int64_t last_step_ = 0;
};

}  // namespace weft
