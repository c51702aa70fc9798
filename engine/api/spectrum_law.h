// SPDX-License-Identifier: GPL-3.0-or-later
// What chance alone shows: where the singular values of random matrices lie, so that a spectrum can be read against them. Plain values. Any thread.
#pragma once

#include <cstdint>
#include <span>

#include "engine/api/events.h"

namespace weft {

// The singular values of a random matrix of some shape, in units of the root of their mean square, for shapes so large that their law has settled.
//
// Of an update L R of rank r with L [out, r], R [r, in] and r below both, L and R have independent entries: the law is the free multiplicative convolution of
// two Marchenko-Pastur laws (Marchenko and Pastur 1967; Voiculescu 1987) with ratios c1 = r / out and c2 = r / in. Its squares x follow from
//   (1 + z) (1 + c1 z) (1 + c2 z) = x z
// the density at x is |Im z| / (pi x), its ends are where dx/dz = 0. A matrix of full rank has independent entries itself: c2 = 0, the Marchenko-Pastur law.
class RandomSpectrum {
 public:
  // rank from 1 to min(rows, columns), which is full rank.
  RandomSpectrum(std::int64_t rank, std::int64_t rows, std::int64_t columns);
  [[nodiscard]] double lower() const { return lower_; }
  [[nodiscard]] double upper() const { return upper_; }
  [[nodiscard]] double median() const { return median_; }
  // Of singular values; their share below s.
  [[nodiscard]] double density(double s) const;
  [[nodiscard]] double share_below(double s) const;

 private:
  double c1_ = 0, c2_ = 0, lower_ = 0, upper_ = 0, median_ = 0;
};

// Where the values would lie if they were noise of the strength that their middle one shows: the middle one is what a few strong directions move least.
struct NoiseBand {
  double lower = 0, upper = 0;   // in the values' unit; both 0: too few values to say
  int above = 0;                 // how many stand above
};
constexpr int kLeastForNoise = 4;  // below, the law of large matrices says nothing of them
// values: descending, those of a rows x columns matrix. The edge is that of matrices of any size: the largest of some ten noisy values passes it by a few
// per cent now and then.
[[nodiscard]] NoiseBand noise_band(std::span<const float> values, std::int64_t rows, std::int64_t columns);

// Of the update of a site; none where the values are not all of a product of as many directions, such as the leading ones of an update of full rank.
[[nodiscard]] NoiseBand noise_of(std::span<const float> values, const SiteShape& site);

// Parameters of B and A at that rank, or at the most that a matrix has, over all sites.
[[nodiscard]] std::int64_t parameters_at_rank(std::span<const SiteShape> sites, std::int64_t rank);

// The share of sum s^2 that the `rank` largest of the values hold; 0 where all are zero.
[[nodiscard]] double kept_energy(std::span<const float> values, std::int64_t rank);

}  // namespace weft
