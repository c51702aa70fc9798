// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/health.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "engine/api/sentences.h"

namespace weft {
namespace {

// Rank-1 spike: the largest direction holds 90 % of the update's squared norm, after a step at which it held less than half. An update that begins
// near rank 1 (B = 0 at the start: the first gradients have one main direction) never was spread, so it is no spike.
constexpr double kSpikeShare = 0.90, kSpreadShare = 0.50;
constexpr std::size_t kSpikeRanks = 4;       // of fewer, one direction holds much by itself

// Dead directions: singular values under a thousandth of the largest carry less than a millionth of its energy: a rank that was paid for and is not
// used. A quarter of all ranks is where fewer would do as well; the first tenth of the spectra is left out, when all directions still come up.
constexpr double kDeadRatio = 1e-3, kDeadShare = 0.25;
constexpr std::size_t kDeadSpectra = 10;

// Norm runaway: steps of one length in one direction make the norm grow as the step does, so twice in the second half of a run; steps without a
// common direction by 1.41. Three times is growth faster than any of them. A rate that still rises makes it grow so by itself.
constexpr double kRunawayGrowth = 3, kRateRose = 1.01;
constexpr std::int64_t kRunawaySteps = 20;

// Plateau: two windows of a fifth of the run each whose mean losses differ by less than half a per cent and by less than twice the standard error of
// their difference: neither a fall one would wait for, nor one that the noise could hide. Not while the rate is below a tenth of its highest: it is
// meant to stand then.
constexpr std::size_t kPlateauSteps = 100;
constexpr double kPlateauFall = 0.005, kPlateauErrors = 2, kRateIsLow = 0.1;

// Overfit gap: the loss on held-out rows is 2 % above its lowest, at two evaluations in a row so that one odd value is none, while the training loss
// has fallen by as much since the lowest. 2 % of a loss of 2 nats is 4 % of perplexity.
constexpr double kGap = 0.02;
constexpr std::size_t kLossWindow = 20;      // steps of training loss to a mean

double energy(const std::vector<float>& values) {
  double sum = 0;
  for (const float v : values) sum += static_cast<double>(v) * v;
  return sum;
}

double share_of_first(const std::vector<float>& values) {
  const double all = energy(values);
  return all > 0 ? static_cast<double>(values.front()) * values.front() / all : 0;
}

struct Mean {
  double value = 0, error = 0;   // standard error
};

// Of the finite values in [first, last).
std::optional<Mean> mean_of(const std::vector<double>& values, std::size_t first, std::size_t last) {
  double sum = 0, squares = 0;
  std::size_t n = 0;
  for (std::size_t i = first; i < std::min(last, values.size()); ++i) {
    if (!std::isfinite(values[i])) continue;
    sum += values[i];
    squares += values[i] * values[i];
    ++n;
  }
  if (n < 2) return std::nullopt;
  const double mean = sum / static_cast<double>(n);
  const double variance = std::max(0.0, (squares - sum * mean) / static_cast<double>(n - 1));
  return Mean{mean, std::sqrt(variance / static_cast<double>(n))};
}

double rate_at(const HealthSeries::Values& lr, double step) {
  const auto after = std::upper_bound(lr.steps.begin(), lr.steps.end(), step);
  return after == lr.steps.begin() ? std::nan("") : lr.values[static_cast<std::size_t>(after - lr.steps.begin()) - 1];
}

void find_spike(const HealthSeries& s, std::vector<HealthNotice>& out) {
  if (s.spectra.size() < 2) return;
  const auto& now = s.spectra.back();
  std::size_t measured = 0, spiked = 0, worst = 0;
  double most = 0, before = 0;
  for (std::size_t i = 0; i < now.sites.size(); ++i) {
    const auto& values = now.sites[i].values;
    if (values.size() < kSpikeRanks) continue;
    ++measured;
    const double share = share_of_first(values);
    if (share < kSpikeShare) continue;
    double least = 1;
    for (const auto& at : s.spectra)
      if (i < at.sites.size() && at.sites[i].values.size() >= kSpikeRanks && energy(at.sites[i].values) > 0) least = std::min(least, share_of_first(at.sites[i].values));
    if (least >= kSpreadShare) continue;
    ++spiked;
    if (share > most) {
      most = share;
      before = least;
      worst = i;
    }
  }
  if (spiked == 0) return;
  out.push_back({HealthNotice::Kind::RankOneSpike, now.step, sentences::kRankOneSpikeTitle,
                 fmt::format(sentences::kRankOneSpike, now.step,
                             100 * kSpikeShare, spiked, measured, now.sites[worst].path, 100 * most, 100 * before)});
}

void find_dead(const HealthSeries& s, std::vector<HealthNotice>& out) {
  if (s.ranks_are_taken_away || s.spectra.size() < kDeadSpectra) return;
  const auto& now = s.spectra.back();
  std::size_t all = 0, dead = 0, sites = 0;
  for (const auto& site : now.sites) {
    if (site.values.empty() || site.values.front() <= 0) continue;
    all += site.values.size();
    const auto here = static_cast<std::size_t>(std::count_if(site.values.begin(), site.values.end(), [&](float v) { return v < kDeadRatio * site.values.front(); }));
    dead += here;
    sites += here > 0;
  }
  if (all == 0 || static_cast<double>(dead) < kDeadShare * static_cast<double>(all)) return;
  out.push_back({HealthNotice::Kind::DeadDirections, now.step, sentences::kDeadDirectionsTitle,
                 fmt::format(sentences::kDeadDirections, now.step, dead, all,
                             100 * static_cast<double>(dead) / static_cast<double>(all), sites)});
}

void find_runaway(const HealthSeries& s, std::vector<HealthNotice>& out) {
  if (s.spectra.size() < 2 || s.spectra.back().step < kRunawaySteps) return;
  const auto& now = s.spectra.back();
  const auto half = std::find_if(s.spectra.begin(), s.spectra.end(), [&](const auto& at) { return 2 * at.step >= now.step; });
  if (half == s.spectra.end() || half->step >= now.step) return;
  const double rate_then = rate_at(s.lr, static_cast<double>(half->step)), rate_now = rate_at(s.lr, static_cast<double>(now.step));
  if (!(rate_now <= kRateRose * rate_then)) return;
  std::size_t grown = 0, measured = 0, worst = 0;
  double most = 0;
  for (std::size_t i = 0; i < std::min(now.sites.size(), half->sites.size()); ++i) {
    const double then = std::sqrt(energy(half->sites[i].values)), norm = std::sqrt(energy(now.sites[i].values));
    if (!(then > 0)) continue;
    ++measured;
    grown += norm > kRunawayGrowth * then;
    if (norm / then > most) {
      most = norm / then;
      worst = i;
    }
  }
  if (grown == 0) return;
  out.push_back({HealthNotice::Kind::NormRunaway, now.step, sentences::kNormRunawayTitle,
                 fmt::format(sentences::kNormRunaway,
                             half->step, now.step, kRunawayGrowth, grown, measured, now.sites[worst].path, most)});
}

void find_plateau(const HealthSeries& s, std::vector<HealthNotice>& out) {
  const auto& loss = s.loss;
  const std::size_t n = loss.values.size();
  if (n < kPlateauSteps || s.lr.values.empty()) return;
  if (!(s.lr.values.back() >= kRateIsLow * *std::max_element(s.lr.values.begin(), s.lr.values.end()))) return;
  const std::size_t window = n / 5;
  const auto before = mean_of(loss.values, n - 2 * window, n - window), now = mean_of(loss.values, n - window, n);
  if (!before || !now || !(now->value > 0)) return;
  const double fall = before->value - now->value;
  if (std::abs(fall) > kPlateauFall * now->value || std::abs(fall) > kPlateauErrors * std::hypot(before->error, now->error)) return;
  out.push_back({HealthNotice::Kind::Plateau, static_cast<std::int64_t>(loss.steps.back()), sentences::kPlateauTitle,
                 fmt::format(sentences::kPlateau, before->value, before->error,
                             loss.steps[n - 2 * window], loss.steps[n - window - 1], now->value, now->error, loss.steps[n - window], loss.steps[n - 1])});
}

void find_gap(const HealthSeries& s, std::vector<HealthNotice>& out) {
  const auto& held = s.held_out;
  const std::size_t n = held.values.size();
  if (n < 3) return;
  const auto lowest = static_cast<std::size_t>(std::min_element(held.values.begin(), held.values.end()) - held.values.begin());
  const double low = held.values[lowest];
  if (!(low > 0) || lowest + 2 >= n || !(held.values[n - 1] > (1 + kGap) * low) || !(held.values[n - 2] > (1 + kGap) * low)) return;
  const auto& loss = s.loss;
  const auto at = static_cast<std::size_t>(std::upper_bound(loss.steps.begin(), loss.steps.end(), held.steps[lowest]) - loss.steps.begin());
  // as many steps up to the lowest as there are, at most a window; likewise at the end
  const auto then = mean_of(loss.values, at > kLossWindow ? at - kLossWindow : 0, at);
  const auto now = mean_of(loss.values, std::max(at, loss.values.size() - std::min(kLossWindow, loss.values.size())), loss.values.size());
  if (!then || !now || !(now->value < (1 - kGap) * then->value)) return;
  out.push_back({HealthNotice::Kind::OverfitGap, static_cast<std::int64_t>(held.steps[n - 1]), sentences::kOverfitGapTitle,
                 fmt::format(sentences::kOverfitGap,
                             held.values[n - 1], held.steps[n - 1], low, held.steps[lowest], then->value, now->value)});
}

}  // namespace

std::vector<HealthNotice> health_notices(const HealthSeries& series) {
  std::vector<HealthNotice> notices;
  find_gap(series, notices);
  find_runaway(series, notices);
  find_spike(series, notices);
  find_dead(series, notices);
  find_plateau(series, notices);
  return notices;
}

}  // namespace weft
