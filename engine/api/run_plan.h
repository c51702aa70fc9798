// SPDX-License-Identifier: GPL-3.0-or-later
// What a run will cost before it is started: floating-point operations, memory by kind, the order in which each adapted product is
// best evaluated, and how far a measured step is from the machine's floor. Closed forms over shapes: no tensor, no file beyond the
// model's headers. Plain values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/activations.h"
#include "engine/api/engine.h"
#include "engine/api/method_exports.h"
#include "engine/api/model_info.h"
#include "engine/api/phases.h"
#include "engine/api/step_time.h"
#include "engine/api/train_request.h"

namespace weft {

// One micro-batch: rows laid end to end, attention within each.
struct BatchShape {
  std::int64_t tokens = 0;
  std::int64_t trained_tokens = 0;      // rows that reach the output layer
  double sum_squared_lengths = 0;
  std::int64_t longest = 0;
};
[[nodiscard]] BatchShape batch_shape(std::int64_t rows, std::int64_t length);   // every token trained but the last of a row

// Frozen matrices of one module and shape. rank 0: not adapted.
struct MatrixKind {
  std::string module;                   // "q_proj"
  std::int64_t out = 0, in = 0, rank = 0;
  std::int64_t count = 0;               // layers that have it
  std::int64_t input_gradients = 0;     // of them, how many pass a gradient to their input: below the lowest adapter none does
};

// Operations of one step (a multiplication and an addition are two).
struct StepFlops {
  double linears_forward = 0, linears_backward = 0;
  double attention_forward = 0, attention_backward = 0;
  double head_forward = 0, head_backward = 0;
  double adapter_forward = 0, adapter_backward = 0;
  double row_norms = 0;                 // weight-decomposed methods, once a step
  [[nodiscard]] double total() const {
    return linears_forward + linears_backward + attention_forward + attention_backward + head_forward + head_backward + adapter_forward +
           adapter_backward + row_norms;
  }
};

// RunLoRA (arXiv 2312.03415): the orders in which y = x W' + (x A') B' and its gradients can be evaluated, in operations of one matrix.
struct OrderChoice {
  MatrixKind kind;
  std::vector<double> forward;          // F1 to F4
  std::vector<double> backward;         // B1 to B8
  int best_forward = 0, best_backward = 0;   // indices; ties go to the lower one
  double reference = 0;                 // F1 with x A' kept, and its backward pass: what autograd does
  std::int64_t saved_bytes = 0;         // x A' of all layers, which no order needs to keep
};

struct MemoryPart {
  std::string kind;                     // "program", "weights", "adapter", "activations", "work", "output layer", "data"
  std::uint64_t bytes = 0;
  std::string what;                     // one line: what it is made of
};

// The whole run's memory when all layers keep what this level says.
struct ActivationLevel {
  Activations level = Activations::Cheap;
  std::vector<MemoryPart> memory;
  [[nodiscard]] std::uint64_t bytes() const;
};

struct RunPlan {
  ModelInfo model;
  std::string method;                   // display name
  std::vector<ExportWay> exports;    // what the adapter can be written as
  std::int64_t trained = 0;             // parameters
  std::vector<MatrixKind> kinds;
  BatchShape batch;
  std::int64_t accumulate = 1;
  StepFlops flops;                      // of a whole step, all its micro-batches
  std::vector<OrderChoice> orders;      // adapted kinds
  ActivationPolicy activations;         // as named; cheap while the choice is open
  bool activations_open = false;        // "auto": settle_activations() chooses
  std::vector<ActivationLevel> levels;  // in the order of Activations
  std::int64_t layers_with_backward = 0;
  std::uint64_t dropped_bytes_a_layer = 0;   // saved by each layer that drops while another does not
  std::vector<MemoryPart> memory;       // with `activations`
  std::uint64_t checkpoint_bytes = 0;   // each: the adapter and the state of its optimizer
  [[nodiscard]] std::uint64_t memory_bytes() const;
};

// `request` must be complete (validate()). The batch is what the settings allow at most: batch_tokens, or batch_size rows of max_length.
[[nodiscard]] Result<RunPlan> make_plan(const TrainRequest& request);
// The same with a batch that is known, for example the first one of the data.
[[nodiscard]] Result<RunPlan> make_plan(const TrainRequest& request, const BatchShape& batch);
[[nodiscard]] Json to_json(const RunPlan& plan);

// What this process may still use: free and reclaimable memory of the machine, or the limit of its control group where that is lower.
[[nodiscard]] std::uint64_t available_memory_bytes();
// Where the choice is open, takes the first of cheap, drop (in as many layers as it needs) and checkpoint that fits with a tenth to spare.
// Returns why it is not cheap, "" when it is. 0 available: not known, cheap.
std::string settle_activations(RunPlan& plan, std::uint64_t available_bytes);
// OutOfMemory when it does not fit: the message names the parts and the ways out.
[[nodiscard]] Status check_fits(const RunPlan& plan, std::uint64_t available_bytes);

// One micro-batch of a run as its settings and data make them: of those that the first rows of the file give, the middle one by tokens.
struct TypicalBatch {
  BatchShape shape;
  std::vector<std::int64_t> segments;   // [S+1] from 0
};
// `request` must be complete (validate()).
[[nodiscard]] Result<TypicalBatch> typical_batch(const TrainRequest& request);

// Optimizer steps of a run that is given in epochs.
struct StepCount {
  std::int64_t steps = 0;
  bool exact = true;                    // false: of a large file, by the batches of its first rows and the number of all
};
// `request` must be complete (validate()). Rows are counted without parsing; as many are read as a few batches need, of a small file all.
[[nodiscard]] Result<StepCount> count_steps(const TrainRequest& request);
[[nodiscard]] std::int64_t steps_of_passes(double batches_a_pass, const SettingValues& train);

// What Engine::calibrate needs to find the floor of a step with this batch, and what it takes of memory.
[[nodiscard]] CalibrateRequest calibrate_request(const ModelInfo& model, const TypicalBatch& batch);
[[nodiscard]] std::uint64_t calibrate_bytes(const CalibrateRequest& request);

// The floor of one batch on one machine. Other batches of the run have theirs in proportion to their tokens.
struct BatchFloor {
  std::int64_t tokens = 0, trained_tokens = 0;
  FloorTimes times;                     // of each part the faster of this engine's kernels and LibTorch's
  double elementwise_ms = 0;            // norms, rotation, gate and residual sums at their least memory traffic
};
// What there is to say of the floor of a run: it, or "" and it can be measured here, or why it cannot.
struct KnownFloor {
  std::optional<BatchFloor> floor;
  std::string why_not;
};
[[nodiscard]] BatchFloor batch_floor(const ModelInfo& model, const BatchShape& batch, const std::string& compute, const CalibrateReply& measured);
[[nodiscard]] Json to_json(const BatchFloor& floor);
// Corrupt where it is no such object, or holds a number that no clock gives.
[[nodiscard]] Result<BatchFloor> batch_floor_from_json(const Json& json);

// Measured steps against their floor, in milliseconds of all of them by phase.
struct FloorShare {
  double floor_ms = 0;                  // products and attention alone: figure 5 of performance goals
  double share = 0;                     // floor_ms / measured: over 1 where the steps do better than these calls
  ByPhase<double> phase_floor_ms{};
  Phase next = Phase::Other;            // the phase that is farthest above its floor
  double next_ms = 0;                   // by how much
};
[[nodiscard]] FloorShare floor_share(const StepTime& measured, const BatchFloor& floor);

}  // namespace weft
