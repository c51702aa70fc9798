// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/spectrum_law.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

namespace weft {
namespace {

constexpr int kHalvings = 60;        // of an interval: to the last bit
constexpr int kPointsOfTheLaw = 128; // of the sum of its density
constexpr double kZero = 1e-6;       // of the largest value: float32 factors say no more

template <typename F>
double root_of(double low, double high, const F& falls_through) {
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = low + (high - low) / 2;
    (falls_through(middle) > 0 ? low : high) = middle;
  }
  return low;
}

double square_at(double z, double c1, double c2) { return (1 + z) * (1 + c1 * z) * (1 + c2 * z) / z; }

// |Im z| of the pair of roots of (1 + z) (1 + c1 z) (1 + c2 z) = x z; 0 where all are real.
double imaginary_root(double x, double c1, double c2) {
  const double a = c1 * c2, b = c1 + c2 + c1 * c2, c = 1 + c1 + c2 - x;  // a z^3 + b z^2 + c z + 1
  if (a == 0) return std::sqrt(std::max(0.0, 4 * b - c * c)) / (2 * b);
  // Cardano: z = t - b / 3a, t^3 + p t + q = 0
  const double shift = b / (3 * a), p = c / a - 3 * shift * shift, q = 2 * shift * shift * shift - shift * c / a + 1 / a;
  const double under = q * q / 4 + p * p * p / 27;
  if (under <= 0) return 0;
  const double root = std::sqrt(under), u = std::cbrt(-q / 2 + (q < 0 ? root : -root)), v = u == 0 ? 0 : -p / (3 * u);
  return std::abs(u - v) * std::numbers::sqrt3 / 2;
}

}  // namespace

RandomSpectrum::RandomSpectrum(std::int64_t rank, std::int64_t rows, std::int64_t columns) {
  const double least = static_cast<double>(std::min(rows, columns)), most = static_cast<double>(std::max(rows, columns)), r = static_cast<double>(rank);
  c1_ = r < least ? r / least : least / most;
  c2_ = r < least ? r / most : 0;
  const auto slope = [&](double z) { return 1 - z / (1 + z) - c1_ * z / (1 + c1_ * z) - c2_ * z / (1 + c2_ * z); };   // -z x'(z) / x(z): one root above 0, one below -1
  double far = 1;
  while (slope(far) > 0) far *= 2;
  upper_ = std::sqrt(square_at(root_of(0, far, slope), c1_, c2_));
  if (c1_ < 1) {
    const double low = root_of(1, 1 / c1_, [&](double t) { return -slope(-t); });
    lower_ = std::sqrt(std::max(0.0, square_at(-low, c1_, c2_)));
  }
  median_ = root_of(lower_, upper_, [&](double s) { return 0.5 - share_below(s); });
}

double RandomSpectrum::density(double s) const {
  if (!(s > lower_ && s < upper_)) return 0;
  return 2 * imaginary_root(s * s, c1_, c2_) / (std::numbers::pi * s);  // of s^2, turned into that of s
}

double RandomSpectrum::share_below(double s) const {
  if (s <= lower_) return 0;
  if (s >= upper_) return 1;
  // s = middle - half cos(t): the roots at both ends become smooth, and the sum of equal steps is exact to many digits
  const double middle = (lower_ + upper_) / 2, half = (upper_ - lower_) / 2, to = std::acos((middle - s) / half), step = to / kPointsOfTheLaw;
  double sum = 0;
  for (int i = 0; i < kPointsOfTheLaw; ++i) {
    const double t = (i + 0.5) * step;
    sum += density(middle - half * std::cos(t)) * half * std::sin(t) * step;
  }
  return std::min(1.0, sum);
}

NoiseBand noise_band(std::span<const float> values, std::int64_t rows, std::int64_t columns) {
  if (values.empty() || !(values.front() > 0) || rows < 1 || columns < 1) return {};
  const auto rank = std::count_if(values.begin(), values.end(), [least = kZero * static_cast<double>(values.front())](float v) { return v > least; });
  if (rank < kLeastForNoise || rank > std::min(rows, columns)) return {};
  const auto at = [&](std::int64_t i) { return static_cast<double>(values[static_cast<std::size_t>(i)]); };
  const RandomSpectrum law(rank, rows, columns);
  const double unit = (at((rank - 1) / 2) + at(rank / 2)) / 2 / law.median();
  NoiseBand band{unit * law.lower(), unit * law.upper(), 0};
  band.above = static_cast<int>(std::count_if(values.begin(), values.end(), [&](float v) { return static_cast<double>(v) > band.upper; }));
  return band;
}

NoiseBand noise_of(std::span<const float> values, const SiteShape& site) {
  return static_cast<std::int64_t>(values.size()) == site.rank ? noise_band(values, site.out, site.in) : NoiseBand{};
}

std::int64_t parameters_at_rank(std::span<const SiteShape> sites, std::int64_t rank) {
  std::int64_t sum = 0;
  for (const auto& site : sites) sum += std::min({rank, site.out, site.in}) * (site.out + site.in);
  return sum;
}

double kept_energy(std::span<const float> values, std::int64_t rank) {
  double kept = 0, whole = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double square = static_cast<double>(values[i]) * static_cast<double>(values[i]);
    whole += square;
    if (static_cast<std::int64_t>(i) < rank) kept += square;
  }
  return whole > 0 ? kept / whole : 0;
}

}  // namespace weft
