// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/intrinsic_dimension.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include <fmt/format.h>

namespace weft {
namespace {

constexpr double kDropped = 0.1;      // of the points, those with the largest ratios: the paper's
constexpr std::size_t kGroups = 10;   // that are left out in turn
constexpr double kSamePlace = 1e-5;   // of the distance from the middle: float32 tells no more apart

// The distances of each point to the two nearest others, of points that do not lie on an earlier one: [N', 2].
Tensor nearest_two(const Tensor& points) {
  const Tensor x = points.to(at::kDouble), middle = x - x.mean(0);
  const double same = kSamePlace * middle.square().sum(1).mean().sqrt().item<double>();
  Tensor apart = at::cdist(middle, middle, 2, /*compute_mode=*/2);  // differences, not products: what is near stays exact
  const Tensor alone = apart.le(same).tril(-1).any(1).logical_not().nonzero().flatten();
  apart = apart.index_select(0, alone).index_select(1, alone);
  apart.fill_diagonal_(std::numeric_limits<double>::infinity());
  if (apart.size(0) < 3) return at::empty({apart.size(0), 2}, at::kDouble);
  return std::get<0>(apart.topk(2, 1, /*largest=*/false, /*sorted=*/true));
}

// The slope of -ln(1 - F) over ln(mu) through the origin, F the share of the points whose ratio mu = r_2 / r_1 is no larger.
double slope(std::vector<double> log_ratios) {
  std::sort(log_ratios.begin(), log_ratios.end());
  const auto n = static_cast<double>(log_ratios.size());
  double xy = 0, xx = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>((1 - kDropped) * n); ++i) {
    const double y = -std::log1p(-static_cast<double>(i + 1) / n);
    xy += log_ratios[i] * y;
    xx += log_ratios[i] * log_ratios[i];
  }
  return xx > 0 ? xy / xx : 0;
}

}  // namespace

Result<Dimension> two_nn_dimension(const Tensor& points) {
  const at::NoGradGuard no_grad;
  if (points.dim() != 2 || !at::isfinite(points.sum()).item<bool>()) return invalid_argument("the hidden states hold values that are not finite");
  const Tensor nearest = nearest_two(points);
  Dimension d{.points = nearest.size(0)};
  if (d.points < kLeastPoints)
    return invalid_argument(fmt::format("{} points, of which {} do not lie on each other; at least {} are needed", points.size(0), d.points, kLeastPoints));
  const Tensor ratios = (nearest.select(1, 1) / nearest.select(1, 0)).log().contiguous();
  const double* values = ratios.const_data_ptr<double>();
  const std::vector<double> all(values, values + d.points);
  d.value = slope(all);
  std::vector<double> without;
  for (std::size_t group = 0; group < kGroups; ++group) {
    std::vector<double> some;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (i % kGroups != group) some.push_back(all[i]);
    without.push_back(slope(std::move(some)));
  }
  const double mean = std::accumulate(without.begin(), without.end(), 0.0) / kGroups;
  double squares = 0;
  for (const double value : without) squares += (value - mean) * (value - mean);
  d.spread = std::sqrt(squares * (kGroups - 1) / kGroups);
  return d;
}

std::vector<std::int64_t> ranks_of(const std::vector<double>& dimensions) {
  std::vector<std::int64_t> ranks;
  for (std::size_t i = 0; i + 1 < dimensions.size(); ++i) ranks.push_back(std::llround(std::max(dimensions[i + 1] - dimensions[i], 0.0)) + 1);
  return ranks;
}

Result<DimensionSurvey> survey_dimensions(const Decoder& model, std::int64_t rows, const std::function<std::optional<PackedBatch>()>& next,
                                          const std::function<bool()>& go_on) {
  const at::NoGradGuard no_grad;
  DimensionSurvey survey;
  std::set<std::vector<std::int32_t>> seen;
  std::vector<std::vector<Tensor>> states(static_cast<std::size_t>(model.config().layers) + 1);  // by block, of each batch
  while (survey.rows < rows && (survey.rows == 0 || go_on())) {
    const auto batch = next();
    if (!batch) break;
    std::vector<std::pair<std::int64_t, std::int64_t>> fresh;  // segments
    for (std::size_t s = 0; s + 1 < batch->segments.size(); ++s) {
      const auto begin = batch->segments[s], end = batch->segments[s + 1];
      if (seen.emplace(batch->ids.begin() + begin, batch->ids.begin() + end).second)
        fresh.emplace_back(begin, end);
      else
        ++survey.repeated;
    }
    if (fresh.empty()) continue;
    survey.rows += static_cast<std::int64_t>(fresh.size());
    model.hidden_states({batch->ids, batch->positions, batch->segments}, [&](std::size_t block, const Tensor& h) {
      std::vector<Tensor> means;
      for (const auto& [begin, end] : fresh) means.push_back(h.narrow(0, begin, end - begin).mean(0, /*keepdim=*/false, at::kDouble));
      states.at(block).push_back(at::stack(means));
    });
  }
  if (survey.rows == 0) return invalid_argument("there is no row to look at");
  std::vector<double> values;
  for (std::size_t i = 0; i < states.size(); ++i) {
    auto found = two_nn_dimension(at::cat(states[i]));
    if (!found.ok())
      return found.status().with_context(i == 0 ? std::string("the embeddings of the rows") : fmt::format("the hidden states after block {}", i - 1));
    values.push_back(found->value);
    survey.dimensions.push_back(*found);
  }
  survey.ranks = ranks_of(values);
  return survey;
}

}  // namespace weft
