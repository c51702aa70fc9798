// SPDX-License-Identifier: GPL-3.0-or-later
// Which of RunLoRA's orders each adapted layer is evaluated in: fixed, by operations, or by trial. Engine thread only.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "engine/adapter/linear_group.h"
#include "engine/plan/evaluation_order.h"

namespace weft {

class EvaluationChoice {
 public:
  // Refuses what would change the result.
  [[nodiscard]] static Result<EvaluationChoice> create(const EvaluationPolicy& policy, const EvaluationLimits& limits = {});

  // Of a layer with an update on so many tokens; the same answer for the same layer all through a run.
  [[nodiscard]] EvaluationOrder order(const AdaptedLinear& layer, std::int64_t tokens, bool input_gradient);
  // What was chosen since the last call, a sentence a shape; fixed orders say nothing.
  [[nodiscard]] std::vector<std::string> take_news();

 private:
  EvaluationChoice(const EvaluationPolicy& policy, const EvaluationLimits& limits) : policy_(policy), limits_(limits) {}
  [[nodiscard]] EvaluationOrder fastest(const AdaptedLinear& layer, std::int64_t tokens) const;

  EvaluationPolicy policy_;
  EvaluationLimits limits_;
  // in, out, rank, tokens rounded up to a power of two, and whether x, A and B need gradients
  using Key = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, bool, bool, bool>;
  std::map<Key, EvaluationOrder> chosen_;
  std::vector<std::string> news_;
};

// A forward and a backward pass of one layer on random values; the layer's own gradients are left alone.
class LayerTrial {
 public:
  LayerTrial(const AdaptedLinear& layer, std::int64_t tokens);
  [[nodiscard]] double seconds(const EvaluationOrder& order);
  // The least time of each of some rounds through the candidates decides; ties go to the first.
  [[nodiscard]] EvaluationOrder fastest(const std::vector<EvaluationOrder>& candidates);

 private:
  AdaptedLinear layer_;
  LinearFactors factors_;
  Tensor x_, gy_, gx_;
};

}  // namespace weft
