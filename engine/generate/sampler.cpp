// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/generate/sampler.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/core/counter_random.h"

namespace weft {
namespace {

constexpr std::uint64_t kStream = 0x73616D706C6572;   // apart from other streams of the same seed

// Uniform in [0, 1): 53 bits at a place of the seed's stream.
double uniform_at(std::uint64_t seed, std::int64_t place) {
  const std::uint64_t stream = substream(seed ^ kStream, static_cast<std::uint64_t>(place));
  const std::uint64_t bits = (std::uint64_t{bits_at(stream, 0)} << 32) | bits_at(stream, 1);
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

}  // namespace

Choice choose_token(std::span<const float> logits, const SamplingSettings& settings, std::int64_t place) {
  const auto before = [&](std::int32_t a, std::int32_t b) {
    const float x = logits[static_cast<std::size_t>(a)], y = logits[static_cast<std::size_t>(b)];
    return x != y ? x > y : a < b;
  };
  const auto value = [&](std::int32_t id) { return static_cast<double>(logits[static_cast<std::size_t>(id)]); };
  std::vector<std::int32_t> order(logits.size());
  std::iota(order.begin(), order.end(), 0);
  // the first `count` in order, the rest behind them
  const auto sort_first = [&](std::size_t count) {
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(std::min(count, order.size())), order.end(), before);
  };
  const bool greedy = settings.temperature == 0;
  const std::size_t kept = settings.top_k > 0 ? std::min(order.size(), static_cast<std::size_t>(settings.top_k)) : order.size();
  const auto shown = static_cast<std::size_t>(std::max<std::int64_t>(1, settings.alternatives));
  const bool cuts = !greedy && (kept < order.size() || settings.top_p < 1);
  sort_first(cuts ? std::max(kept, shown) : shown);

  const double top = value(order.front());
  double sum = 0;
  for (const float logit : logits) sum += std::exp(static_cast<double>(logit) - top);
  const auto candidate = [&](std::int32_t id) { return Choice::Candidate{id, std::exp(value(id) - top) / sum}; };

  std::int32_t chosen = order.front();
  if (!greedy) {
    std::vector<double> weights(kept);
    double whole = 0;
    for (std::size_t i = 0; i < kept; ++i) whole += weights[i] = std::exp((value(order[i]) - top) / settings.temperature);
    if (settings.top_p < 1) {
      double share = 0;
      std::size_t count = 0;
      while (count < kept && share < settings.top_p * whole) share += weights[count++];
      weights.resize(std::max<std::size_t>(1, count));
      whole = std::accumulate(weights.begin(), weights.end(), 0.0);
    }
    double left = uniform_at(settings.seed, place) * whole;
    chosen = order[weights.size() - 1];
    for (std::size_t i = 0; i < weights.size(); ++i) {
      left -= weights[i];
      if (left < 0) {
        chosen = order[i];
        break;
      }
    }
  }
  Choice choice{candidate(chosen), {}};
  for (std::size_t i = 0; i < std::min(order.size(), static_cast<std::size_t>(settings.alternatives)); ++i) choice.likeliest.push_back(candidate(order[i]));
  return choice;
}

}  // namespace weft
