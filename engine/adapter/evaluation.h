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

// Seconds of a forward and a backward pass of the layer in this order, on random values; its gradients are left alone.
[[nodiscard]] double seconds_of(const AdaptedLinear& layer, std::int64_t tokens, const EvaluationOrder& order);

}  // namespace weft
