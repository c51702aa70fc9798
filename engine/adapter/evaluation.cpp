// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/evaluation.h"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace weft {
namespace {

constexpr int kRounds = 3;   // the least time counts: what disturbs a trial only makes it slower

}  // namespace

Result<EvaluationChoice> EvaluationChoice::create(const EvaluationPolicy& policy, const EvaluationLimits& limits) {
  if (policy.kind == EvaluationPolicy::Kind::Fixed)
    if (const std::string why = refusal(policy.fixed, limits); !why.empty()) return invalid_argument("[train] evaluation: " + why);
  return EvaluationChoice(policy, limits);
}

EvaluationOrder EvaluationChoice::order(const AdaptedLinear& layer, std::int64_t tokens, bool input_gradient) {
  if (policy_.kind == EvaluationPolicy::Kind::Fixed) return policy_.fixed;
  const bool timed = policy_.kind == EvaluationPolicy::Kind::Timed;
  const LinearFactors& f = *layer.factors;
  const auto bucket = static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(std::max<std::int64_t>(1, tokens))));
  const AdaptedProduct shape{.tokens = bucket, .in = layer.base->in(), .out = layer.base->out(), .rank = f.right.size(0),
                             // a trial has one answer for both passes, of which only the second knows whether x needs a gradient
                             .input_gradient = timed || input_gradient, .right_gradient = f.right_grad.defined(), .left_gradient = f.left_grad.defined()};
  const Key key{shape.in, shape.out, shape.rank, bucket, shape.input_gradient, shape.right_gradient, shape.left_gradient};
  const auto found = chosen_.find(key);
  if (found != chosen_.end()) return found->second;
  const EvaluationOrder best = timed ? fastest(layer, tokens) : cheapest_order(shape, limits_);
  chosen_.emplace(key, best);
  news_.push_back(fmt::format("{} x {}, rank {}, up to {} tokens{}: {}", shape.out, shape.in, shape.rank, bucket,
                              shape.input_gradient ? "" : ", no input gradient", best.name()));
  return best;
}

std::vector<std::string> EvaluationChoice::take_news() { return std::exchange(news_, {}); }

// RunLoRA's way: the forward orders with the first backward order, then the backward orders with the best forward one. The default runs
// against the winner.
EvaluationOrder EvaluationChoice::fastest(const AdaptedLinear& layer, std::int64_t tokens) const {
  const at::NoGradGuard no_grad;
  LayerTrial trial(layer, tokens);
  const auto allowed = [&](std::vector<EvaluationOrder> orders) {
    std::erase_if(orders, [&](const EvaluationOrder& order) { return !refusal(order, limits_).empty(); });
    return orders;
  };
  const int forward = trial.fastest(allowed({{1, 1}, {2, 1}, {3, 1}, {4, 1}})).forward;
  std::vector<EvaluationOrder> backward;
  for (int b = 1; b <= 8; ++b) backward.push_back({forward, b});
  return trial.fastest({{}, trial.fastest(allowed(backward))});
}

LayerTrial::LayerTrial(const AdaptedLinear& layer, std::int64_t tokens) : layer_(layer), factors_(*layer.factors) {
  auto generator = make_generator(1);
  const auto options = factors_.left.options();
  x_ = at::randn({tokens, layer.base->in()}, generator, options);
  gy_ = at::randn({tokens, layer.base->out()}, generator, options);
  gx_ = at::empty_like(x_);
  for (Tensor* gradient : {&factors_.left_grad, &factors_.right_grad, &factors_.row_scale_grad, &factors_.column_scale_grad, &factors_.rotation_grad})
    if (gradient->defined()) *gradient = at::zeros_like(*gradient);
}

double LayerTrial::seconds(const EvaluationOrder& order) {
  auto choice = EvaluationChoice::create({EvaluationPolicy::Kind::Fixed, order});
  factors_.evaluation = &*choice;
  const std::array layers{AdaptedLinear{layer_.base, layer_.bias, &factors_}};
  const auto begin = std::chrono::steady_clock::now();
  std::array<Tensor, 1> y;
  const Tensor u = group_forward(layers, x_, y);
  group_backward(layers, {x_, u, std::array{gy_}, y}, gx_);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

EvaluationOrder LayerTrial::fastest(const std::vector<EvaluationOrder>& candidates) {
  std::vector<double> least(candidates.size(), std::numeric_limits<double>::infinity());
  for (int round = 0; round < kRounds; ++round)
    for (std::size_t i = 0; i < candidates.size(); ++i) least[i] = std::min(least[i], seconds(candidates[i]));
  return candidates.at(static_cast<std::size_t>(std::min_element(least.begin(), least.end()) - least.begin()));
}

}  // namespace weft
