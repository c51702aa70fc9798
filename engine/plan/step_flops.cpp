// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/run_facts.h"

#include <algorithm>

namespace weft {

// Layers below the lowest mask give both passes the same, and are run once.
SecondPass second_pass(const RunFacts& facts) {
  const Dropout& d = facts.dropout;
  if (d.consistency == Consistency::None || facts.model.layers == 0) return {};
  const auto layers = facts.model.layers, shared = d.shared_layers(layers), with_backward = layers - facts.first_layer;
  const auto share = [](std::int64_t part, std::int64_t whole) { return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0.0; };
  return {std::max(share(layers - shared, layers), 1e-9),   // the last norm at least
          d.both_passes ? share(layers - std::max(shared, facts.first_layer), with_backward) : 0};
}

// Attention is causal: of a row of n tokens n^2 / 2 scores are formed; 2 products forward, and 5 backward (the scores once more).
StepFlops step_flops(const RunFacts& facts) {
  const auto tokens = static_cast<double>(facts.batch.tokens), trained = static_cast<double>(facts.batch.trained_tokens);
  const ModelInfo& m = facts.model;
  StepFlops f;
  for (const auto& kind : facts.kinds) {
    const auto area = static_cast<double>(kind.out) * static_cast<double>(kind.in), count = static_cast<double>(kind.count);
    const auto sides = static_cast<double>(kind.out + kind.in), rank = static_cast<double>(kind.rank);
    const auto passing = static_cast<double>(kind.input_gradients);
    f.linears_forward += 2 * tokens * area * count;
    f.linears_backward += 2 * tokens * area * passing;
    if (kind.rank == 0) continue;
    if (facts.dense) {  // formed for each pass; dY' X, and of it the gradients of what it was formed from
      f.adapter_forward += 2 * rank * area * count;
      f.adapter_backward += (2 * tokens * area + 4 * rank * area) * count + 2 * rank * area * passing;
      continue;
    }
    f.adapter_forward += 2 * tokens * rank * sides * count;
    // dY B, its product with X, dY' (X A'); and (dY B) A where the input needs a gradient
    f.adapter_backward += 2 * tokens * rank * (sides + static_cast<double>(kind.out)) * count + 2 * tokens * rank * static_cast<double>(kind.in) * passing;
    if (facts.decomposed) f.row_norms += (2 * rank * area + 2 * rank * rank * sides) * count;
  }
  const double scores = static_cast<double>(m.heads * m.head_size) * facts.batch.sum_squared_lengths;
  f.attention_forward = 2 * scores * static_cast<double>(m.layers);
  f.attention_backward = 5 * scores * static_cast<double>(facts.attention_backward_layers);
  f.head_forward = f.head_backward = 2 * trained * static_cast<double>(m.vocabulary * m.width);
  if (const SecondPass second = second_pass(facts); second.any()) {
    for (double* part : {&f.linears_forward, &f.attention_forward, &f.adapter_forward}) *part *= 1 + second.forward;
    for (double* part : {&f.linears_backward, &f.attention_backward, &f.adapter_backward}) *part *= 1 + second.backward;
    f.head_forward *= 2;
    if (facts.dropout.both_passes) f.head_backward *= 2;
  }
  const auto times = static_cast<double>(facts.accumulate);
  for (double* part : {&f.linears_forward, &f.linears_backward, &f.attention_forward, &f.attention_backward, &f.head_forward, &f.head_backward,
                       &f.adapter_forward, &f.adapter_backward})
    *part *= times;
  return f;
}

}  // namespace weft
