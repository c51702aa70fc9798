// SPDX-License-Identifier: GPL-3.0-or-later
// Resident memory of the whole process at its highest, by what it is for. `weft-cli bench`
// measures peaks and puts the plan beside them (planned_bytes).
#include <algorithm>
#include <bit>
#include <fstream>
#include <string>

#include <fmt/format.h>

#include "engine/api/sentences.h"
#include "engine/core/text_util.h"
#include "engine/plan/compute.h"
#include "engine/plan/run_facts.h"
#include "engine/quant/gguf_blocks.h"
#include "engine/quant/nf4.h"

namespace weft {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;
// The program with LibTorch, SQLite and its threads before a model is opened: measured, x86-64, LibTorch 2.11.
constexpr std::uint64_t kProgramBytes = 160 * kMiB;

std::uint64_t bytes_of(double values) { return static_cast<std::uint64_t>(4 * values); }

// Matrices are multiplied as they lie in the mapped file, in blocks or not; what has no such form, or is wanted in another one, is copied once
// and its pages of the file given back.
MemoryPart weights(const RunFacts& facts) {
  std::uint64_t copied = 0, replaced = 0;
  for (const auto& t : facts.model.tensors) {
    const GgufBlockFormat* format = gguf_block_format(t.dtype.c_str());
    const bool matrix = t.shape.size() == 2, floats = t.dtype == "F32";
    const bool as_it_lies = floats || (format && format->decode && matrix && t.shape[1] % format->block_elements == 0);
    const bool of_a_block = matrix && t.shape[0] != facts.model.vocabulary;
    std::uint64_t elements = 1, copy = 0;
    for (const auto size : t.shape) elements *= static_cast<std::uint64_t>(size);
    if (of_a_block && facts.storage == "nf4")
      copy = static_cast<std::uint64_t>(t.shape[0] * nf4_row_bytes(t.shape[1]));
    else if (of_a_block && facts.storage == "nf4-double")
      copy = static_cast<std::uint64_t>(t.shape[0] * nested_nf4_row_bytes(t.shape[1]) + 4 * nested_scale_count(t.shape[0] * ((t.shape[1] + kNf4Block - 1) / kNf4Block)));
    else if (matrix && facts.storage == "bf16")
      copy = t.dtype == "BF16" ? 0 : 2 * elements;
    else if (!as_it_lies || (matrix && facts.storage == "fp32" && !floats))
      copy = 4 * elements;
    copied += copy;
    if (matrix && copy > 0) replaced += t.bytes;
  }
  return {"weights", facts.model.file_bytes - std::min(facts.model.file_bytes, replaced) + copied,
          copied > kMiB ? sentences::kWeightsCopied : sentences::kWeightsMapped};
}

MemoryPart adapter(const RunFacts& facts) {
  if (facts.optimizer == "lora-pro") {
    double weights = 0;
    for (const auto& kind : facts.kinds)
      if (kind.rank > 0) weights += static_cast<double>(kind.count) * static_cast<double>(kind.out) * static_cast<double>(kind.in);
    return {"adapter", bytes_of(2 * static_cast<double>(facts.trained) + 2 * weights), sentences::kAdapterPro};
  }
  return {"adapter", static_cast<std::uint64_t>(16 * facts.trained + 4 * facts.frozen),
          facts.optimizer == "adamw" ? sentences::kAdapterAdamW : sentences::kAdapterRite};
}

// Of W's size, by the orders of the adapted products: W + s B A and dY' X, in buffers of a power of two that the matrices of a kind share.
double whole_matrix_bytes(const RunFacts& facts) {
  using Kind = EvaluationPolicy::Kind;
  double bytes = 0;
  for (const auto& kind : facts.kinds) {
    if (kind.rank == 0) continue;
    const EvaluationOrder order = facts.evaluation.kind == Kind::Flops ? cheapest_order({facts.batch.tokens, kind.in, kind.out, kind.rank}, {.bf16 = facts.bf16, .dropout = facts.dropout.adapter.active()})
                                                                       : facts.evaluation.fixed;
    const BackwardParts parts = backward_parts(order);
    const bool tried = facts.evaluation.kind == Kind::Timed;   // all of them, once
    int matrices = (tried || order.merges_forward() || parts.input_merged ? 1 : 0) + (tried || parts.right_whole || parts.left_whole ? 1 : 0);
    if (facts.noise && !facts.dense && !tried && !(order.merges_forward() && parts.input_merged)) ++matrices;   // W and noise
    // of full rank: the values of dW in another order besides
    bytes += (matrices + facts.dense) * static_cast<double>(std::bit_ceil(static_cast<std::uint64_t>(4 * kind.in * kind.out)));
  }
  return bytes;
}

// Numbers of L and R beyond those that the method keeps: a LoRA has none, tensors in common and products of tensors make them.
std::int64_t made_factors(const RunFacts& facts) {
  if (facts.dense) return 0;
  std::int64_t values = 0;
  for (const auto& kind : facts.kinds) values += kind.rank * (kind.in + kind.out) * kind.count;
  return values - facts.trained - facts.frozen;
}

}  // namespace

std::vector<MemoryPart> memory_parts(const RunFacts& facts, Activations level) {
  const ModelInfo& m = facts.model;
  const auto tokens = static_cast<double>(facts.batch.tokens), trained = static_cast<double>(facts.batch.trained_tokens);
  const auto width = static_cast<double>(m.width);
  std::vector<MemoryPart> parts;
  parts.push_back({"program", kProgramBytes, sentences::kProgramPart});
  parts.push_back(weights(facts));
  parts.push_back(adapter(facts));
  if (const auto made = made_factors(facts); made > 0)
    parts.push_back({"factors", static_cast<std::uint64_t>(8 * made), sentences::kFactorsPart});
  parts.push_back({"activations", bytes_of(kept_values(facts, level)), fmt::format(sentences::kActivationsPart, facts.batch.tokens)});
  parts.push_back({"work", bytes_of(work_values(facts, level)) + static_cast<std::uint64_t>(whole_matrix_bytes(facts)), sentences::kWorkPart});
  const double tile = static_cast<double>(std::min(loss_tile_rows(m.vocabulary), facts.batch.trained_tokens) * m.vocabulary);
  const double rows = 2 * trained * width + 2 * tokens * width;
  const SecondPass second = second_pass(facts);
  const double second_rows = second.any() ? tile + trained * width + tokens * width + (facts.dropout.both_passes ? trained * width + tokens * width : 0) : 0;
  parts.push_back({"output layer", bytes_of(tile + rows + second_rows),
                   second.any() ? sentences::kOutputPartTwoPasses : sentences::kOutputPart});
  parts.push_back({"data", 3 * facts.data_bytes, sentences::kDataPart});
  return parts;
}

namespace {
std::uint64_t sum_of(const std::vector<MemoryPart>& parts) {
  std::uint64_t sum = 0;
  for (const auto& part : parts) sum += part.bytes;
  return sum;
}
}  // namespace

std::uint64_t RunPlan::memory_bytes() const { return sum_of(memory); }
std::uint64_t ActivationLevel::bytes() const { return sum_of(memory); }

std::uint64_t available_memory_bytes() {
  std::uint64_t available = 0;
  std::ifstream info("/proc/meminfo");
  for (std::string key; info >> key;) {
    std::uint64_t kilobytes = 0;
    if (key == "MemAvailable:" && info >> kilobytes) available = kilobytes * 1024;
    info.ignore(256, '\n');
  }
  std::uint64_t limit = 0, used = 0;   // "max" where there is none: then nothing is read
  std::ifstream("/sys/fs/cgroup/memory.max") >> limit;
  std::ifstream("/sys/fs/cgroup/memory.current") >> used;
  if (limit > 0) available = std::min(available, limit > used ? limit - used : 0);
  return available;
}

Status check_fits(const RunPlan& plan, std::uint64_t available_bytes) {
  const std::uint64_t needed = plan.memory_bytes();
  if (available_bytes == 0 || needed <= available_bytes) return {};
  std::vector<MemoryPart> parts = plan.memory;
  std::stable_sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.bytes > b.bytes; });
  std::string named;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, parts.size()); ++i)
    named += fmt::format("{}{} {}", i ? ", " : "", parts[i].kind, human_bytes(static_cast<double>(parts[i].bytes)));
  std::string ways;
  const auto way = [&](const std::string& text) { ways += (ways.empty() ? "" : "; ") + text; };
  std::uint64_t with_tokens = 0;
  for (const auto& part : plan.memory)
    if (part.kind == "activations" || part.kind == "work" || part.kind == "output layer") with_tokens += part.bytes;
  const std::uint64_t without = needed - with_tokens;
  if (without < available_bytes && with_tokens > 0) {
    const auto fit = static_cast<std::int64_t>(0.95 * static_cast<double>(plan.batch.tokens) * static_cast<double>(available_bytes - without) /
                                               static_cast<double>(with_tokens));
    if (fit >= 8) way(fmt::format("batches of {} tokens instead of {} ([train] batch_tokens, accumulate keeps the step the same)", fit, plan.batch.tokens));
    if (plan.batch.longest > fit) way(fmt::format("[data] max_length below {}", plan.batch.longest));
  }
  if (without >= available_bytes) way("a smaller or more strongly quantised model");
  for (const auto& part : plan.memory)
    if (part.kind == "adapter" && part.bytes > needed / 5) way("a lower rank or fewer targets");
  way("more free memory");
  return {ErrorCode::OutOfMemory, fmt::format("[plan] the run needs {} and {} are available: {}. Ways out: {}", human_bytes(static_cast<double>(needed)),
                                              human_bytes(static_cast<double>(available_bytes)), named, ways)};
}

}  // namespace weft
