// SPDX-License-Identifier: GPL-3.0-or-later
// Memory of what the blocks keep at each level, and the choice of a level by the memory there is.
#include "engine/api/activations.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/api/sentences.h"
#include "engine/core/text_util.h"
#include "engine/plan/run_facts.h"

namespace weft {
namespace {

constexpr double kMargin = 1.1;   // a level is taken when a peak a tenth above the planned one, as far as the plan may be off, fits too

bool is_second(const std::string& module) { return module == "o_proj" || module == "down_proj"; }

// Values a token, in floats, that one layer keeps, without what depends on its adapters.
std::int64_t kept_in_a_layer(const RunFacts& facts, Activations level) {
  const ModelInfo& m = facts.model;
  const auto gate_and_up = facts.bf16 ? m.feed_forward : 2 * m.feed_forward;
  const auto q = m.heads * m.head_size, k = m.kv_heads * m.head_size;
  const std::int64_t inputs = 2 * m.width, scales = 2 + m.heads;   // two norms' scales and the log-sum-exp
  switch (level) {
    case Activations::Keep: return inputs + scales + 2 * q + 2 * k + gate_and_up + 2 * m.width + m.feed_forward;
    case Activations::Cheap: return inputs + scales + 2 * q + 2 * k + gate_and_up;
    case Activations::Drop: return inputs + scales - 1 + 2 * q + 2 * k;
    case Activations::Checkpoint: return inputs;
  }
  return 0;
}

// Whether x A' is kept for the backward pass; a trial of the orders may end so.
bool keeps_low(const RunFacts& facts) {
  using Kind = EvaluationPolicy::Kind;
  return facts.evaluation.kind == Kind::Timed || (facts.evaluation.kind == Kind::Fixed && facts.evaluation.fixed.kept());
}

// x A' of one adapted matrix, and its output where a trained row scale reads it and it is not kept anyway.
std::int64_t kept_of_a_matrix(const RunFacts& facts, const MatrixKind& kind, Activations level) {
  if (kind.rank == 0) return 0;
  const std::int64_t low = keeps_low(facts) ? kind.rank : 0;
  const bool formed_again = level == Activations::Checkpoint || (level == Activations::Drop && (kind.module == "gate_proj" || kind.module == "up_proj"));
  if (!is_second(kind.module)) return formed_again ? 0 : low;
  if (!facts.decomposed) return low;   // kept at every level: it spares the matrix
  return formed_again ? 0 : low + kind.out;
}

}  // namespace

// The level named for all layers that have a backward pass; the lower ones are constants.
double kept_values(const RunFacts& facts, Activations level) {
  const auto layers = facts.model.layers - facts.first_layer;
  const ModelInfo& m = facts.model;
  auto values = static_cast<double>(kept_in_a_layer(facts, level) * layers);
  if (facts.head_norms && level != Activations::Checkpoint)   // their scales; Keep: q and k before and after the norm
    values += static_cast<double>((m.heads + m.kv_heads + (level == Activations::Keep ? (m.heads + m.kv_heads) * m.head_size : 0)) * layers);
  for (const auto& kind : facts.kinds) values += static_cast<double>(kept_of_a_matrix(facts, kind, level) * kind.count);
  return values * (1 + second_pass(facts).backward) * static_cast<double>(facts.batch.tokens);
}

// Gradients and what is formed again, of one layer at a time. Buffers are used again by their size, so that both halves count.
double work_values(const RunFacts& facts, Activations level) {
  const ModelInfo& m = facts.model;
  const auto q = m.heads * m.head_size, k = m.kv_heads * m.head_size;
  auto values = 3 * m.feed_forward + 3 * m.width + 2 * q + 2 * k;
  if (level == Activations::Drop || level == Activations::Checkpoint) values += 2 * m.feed_forward;
  if (level == Activations::Checkpoint) values += 2 * q + 2 * k;
  if (facts.head_norms) values += q + k;
  if (facts.dropout.adapter.active()) values += m.feed_forward + m.width;   // what an adapter reads, and its share of an input gradient
  return static_cast<double>(values) * static_cast<double>(facts.batch.tokens);
}

const char* activations_name(Activations level) {
  switch (level) {
    case Activations::Keep: return "keep";
    case Activations::Cheap: return "cheap";
    case Activations::Drop: return "drop";
    case Activations::Checkpoint: return "checkpoint";
  }
  return "";
}

std::string to_text(const ActivationPolicy& policy) {
  const std::string name = activations_name(policy.level);
  if (policy.layers == 0) return name;
  return policy.layers == 1 ? fmt::format(sentences::kActivationsInLayer, name, policy.layers) : fmt::format(sentences::kActivationsInLayers, name, policy.layers);
}

std::optional<ActivationPolicy> named_policy(const std::string& setting) {
  for (const auto level : kActivationLevels)
    if (setting == activations_name(level)) return ActivationPolicy{level, 0};
  return std::nullopt;
}

std::string settle_activations(RunPlan& plan, std::uint64_t available_bytes) {
  if (!plan.activations_open || available_bytes == 0) return {};
  const auto fits = [&](std::uint64_t bytes) { return kMargin * static_cast<double>(bytes) <= static_cast<double>(available_bytes); };
  const auto of = [&](Activations level) -> const ActivationLevel& { return plan.levels.at(static_cast<std::size_t>(level)); };
  const auto take = [&](const ActivationLevel& level) {
    plan.activations = {level.level, 0};
    plan.memory = level.memory;
  };
  const ActivationLevel& cheap = of(Activations::Cheap);
  take(cheap);
  if (fits(cheap.bytes())) return {};
  std::int64_t layers = 1;
  while (layers < plan.layers_with_backward && !fits(cheap.bytes() - static_cast<std::uint64_t>(layers) * plan.dropped_bytes_a_layer)) ++layers;
  if (layers < plan.layers_with_backward) {
    plan.activations = {Activations::Drop, layers};
    for (auto& part : plan.memory)
      if (part.kind == "activations") part.bytes -= static_cast<std::uint64_t>(layers) * plan.dropped_bytes_a_layer;
  } else {
    take(of(fits(of(Activations::Drop).bytes()) ? Activations::Drop : Activations::Checkpoint));
  }
  const auto bytes = [](std::uint64_t value) { return human_bytes(static_cast<double>(value)); };
  const bool spare = fits(plan.memory_bytes());
  const std::string needed = bytes(cheap.bytes()), with_spare = human_bytes(kMargin * static_cast<double>(cheap.bytes())), available = bytes(available_bytes);
  const std::string taken = to_text(plan.activations), takes = bytes(plan.memory_bytes());
  return spare ? fmt::format(sentences::kCheapNeedsTooMuch, needed, with_spare, available, taken, takes)
               : fmt::format(sentences::kCheapNeedsTooMuchNoneSpare, needed, with_spare, available, taken, takes);
}

}  // namespace weft
