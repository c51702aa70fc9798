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

constexpr int kTrials = 3;   // the fastest counts: what disturbs a trial only makes it slower

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

// RunLoRA's way: the forward orders with the first backward order, then the backward orders with the best forward one. Kept runs too.
EvaluationOrder EvaluationChoice::fastest(const AdaptedLinear& layer, std::int64_t tokens) const {
  EvaluationOrder best{1, 1};
  double least = std::numeric_limits<double>::infinity();
  const auto attempt = [&](const EvaluationOrder& order) {
    if (!refusal(order, limits_).empty()) return;
    const double seconds = seconds_of(layer, tokens, order);
    if (seconds >= least) return;
    least = seconds;
    best = order;
  };
  for (int f = 1; f <= 4; ++f) attempt({f, 1});
  const int forward = best.forward;
  for (int b = 2; b <= 8; ++b) attempt({forward, b});
  attempt({});
  return best;
}

double seconds_of(const AdaptedLinear& layer, std::int64_t tokens, const EvaluationOrder& order) {
  const at::NoGradGuard no_grad;
  const auto options = layer.factors->left.options();
  auto generator = make_generator(1);
  const Tensor x = at::randn({tokens, layer.base->in()}, generator, options), gy = at::randn({tokens, layer.base->out()}, generator, options);
  const Tensor gx = at::empty_like(x);
  LinearFactors factors = *layer.factors;
  for (Tensor* gradient : {&factors.left_grad, &factors.right_grad, &factors.row_scale_grad, &factors.column_scale_grad})
    if (gradient->defined()) *gradient = at::zeros_like(*gradient);
  auto choice = EvaluationChoice::create({EvaluationPolicy::Kind::Fixed, order});
  factors.evaluation = &*choice;
  const std::array layers{AdaptedLinear{layer.base, layer.bias, &factors}};
  double least = std::numeric_limits<double>::infinity();
  for (int trial = 0; trial < kTrials; ++trial) {
    const auto begin = std::chrono::steady_clock::now();
    std::array<Tensor, 1> y;
    const Tensor u = group_forward(layers, x, y);
    group_backward(layers, {x, u, std::array{gy}, y}, gx);
    least = std::min(least, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return least;
}

}  // namespace weft
