// SPDX-License-Identifier: GPL-3.0-or-later
// What the closed forms need to know of a run, and the forms themselves: see engine/api/run_plan.h for their results.
#pragma once

#include <string>
#include <vector>

#include "engine/api/dropout.h"
#include "engine/api/run_plan.h"
#include "engine/plan/evaluation_order.h"

namespace weft {

struct RunFacts {
  ModelInfo model;
  std::string method;              // display name
  std::vector<MatrixKind> kinds;   // all frozen matrices of the blocks
  std::int64_t attention_backward_layers = 0;   // layers whose attention passes gradients
  std::int64_t first_layer = 0;    // the lowest with an adapter: those below have no backward pass
  std::int64_t trained = 0;        // parameters; what sites have in common counts once
  std::int64_t frozen = 0;         // numbers of the method that are kept beside them
  std::string optimizer = "adamw";
  std::string storage = "as-is";   // of the frozen matrices: or "fp32", "bf16", "nf4", "nf4-double"
  bool bf16 = false;               // operands are rounded to bfloat16, and gate and up kept so
  bool head_norms = false;         // a norm over each head of q and k
  bool decomposed = false;         // rows or columns are scaled by a trained magnitude: their products are kept
  EvaluationPolicy evaluation;     // order of the adapted products
  bool dense = false;              // the update is of full rank: always kDenseOrder, and `rank` is what forming it costs in tokens
  bool noise = false;              // W and noise are formed for each product with W
  Dropout dropout;
  BatchShape batch;
  std::int64_t accumulate = 1;
  std::uint64_t data_bytes = 0;    // of the data file
};

// Shares of a second pass over each micro-batch, of the layers' forward passes and of the backward passes that there are; 0: one pass.
struct SecondPass {
  double forward = 0, backward = 0;
  [[nodiscard]] bool any() const { return forward > 0; }
};
[[nodiscard]] SecondPass second_pass(const RunFacts& facts);
[[nodiscard]] StepFlops step_flops(const RunFacts& facts);
[[nodiscard]] std::vector<MemoryPart> memory_parts(const RunFacts& facts, Activations level = Activations::Cheap);
// Of all layers, and of the one that works.
[[nodiscard]] double kept_values(const RunFacts& facts, Activations level);
[[nodiscard]] double work_values(const RunFacts& facts, Activations level);

}  // namespace weft
