// SPDX-License-Identifier: GPL-3.0-or-later
// What a running job says. Values only: they cross from the engine thread to recorder and window.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/api/phases.h"
#include "engine/api/run_edit.h"
#include "engine/core/json.h"

namespace weft {

enum class RunState { Queued, Preparing, Running, Pausing, Paused, Stopping, Stopped, Done, Failed, Abandoned };
[[nodiscard]] const char* run_state_name(RunState state);
[[nodiscard]] bool is_final(RunState state);

struct SiteShape {
  std::string path;        // "model.layers.0.self_attn.q_proj"
  std::string module;      // "q_proj"
  int layer = -1;
  std::int64_t out = 0, in = 0, rank = 0;
};

struct StartedEvent {
  std::string model, method;       // display names
  std::int64_t trainable = 0;      // parameters
  std::int64_t total_parameters = 0;
  std::int64_t total_steps = 0;
  std::int64_t first_step = 1;     // > 1 when resumed
  std::int64_t rows = 0, held_out_rows = 0;
  std::vector<SiteShape> sites;    // adapted matrices in model order
  std::string compute, storage;    // "fp32", "fp32"
  std::string activations;         // "cheap", "drop in 12 layers"
};

// One pass forward and backward on the longest batch before step 1; nothing was updated.
struct PreflightEvent {
  std::int64_t tokens = 0, longest = 0;       // of that batch, and its longest row
  std::int64_t batches = 0;                   // it was the longest of that many
  double loss = 0, grad_norm = 0, ms = 0;     // finite
  std::uint64_t peak_bytes = 0, planned_bytes = 0;   // resident at most in the preflight; planned 0: not known
};

struct StepEvent {
  std::int64_t step = 0;           // 1-based, after the update
  double loss = 0;                 // mean over the trained tokens of the whole window, before the update
  double grad_norm = 0;            // global 2-norm before clipping
  double lr = 0;
  std::int64_t tokens = 0, trained_tokens = 0;  // of this step
  double tokens_per_s = 0, ms = 0;
  std::uint64_t rss_bytes = 0;
  double epoch = 0;
  ByPhase<double> phase_ms{};      // where ms went; all zero where nobody looked
  std::optional<double> consistency = {};  // how far two passes were apart ([dropout] consistency), a mean as loss is; not part of it
};

struct EvalEvent {
  std::int64_t step = 0;           // 0: before the first update
  double loss = 0;
  std::int64_t tokens = 0;
  double ms = 0;
  double accuracy = 0;             // share of the tokens that the model ranks first
};

// Spectrum of the update dW of one site.
struct SpectrumEvent {
  std::int64_t step = 0;           // 0: the start
  std::string site;
  std::vector<float> singular_values;  // descending, one per rank
  double effective_rank = 0;       // exp(entropy of s_i / sum s)
  double stable_rank = 0;          // ||dW||_F^2 / s_1^2
  int energy_rank_90 = 0, energy_rank_95 = 0, energy_rank_99 = 0;  // fewest values holding that share of sum s_i^2
  double frobenius = 0;
  double magnitude_change = 0;     // mean over rows of | ||w'_i|| / ||w_i|| - 1 |
  double direction_change = 0;     // mean over rows of 1 - cos(w'_i, w_i)
};

// All spectra of one step, so that a reader sees them together.
struct SpectraEvent {
  std::int64_t step = 0;
  std::vector<SpectrumEvent> sites;
  double ms = 0;                   // what the probe cost
  double share = 0;                // of the step time since the last probe
  std::int64_t every = 0;          // cadence now in force, in steps
};

// How many ranks each matrix has, of a method that takes them away or gives them while it trains (AdaLoRA, IncreLoRA): with the spectra, before them, and at the end.
struct RanksEvent {
  struct OfSite {
    std::string site;
    std::int64_t ranks = 0;
  };
  std::int64_t step = 0;
  std::vector<OfSite> sites;
};

// Answers to the prompts of [samples], beside those of the base alone.
struct SamplesEvent {
  struct Answer {
    std::string prompt;
    std::string base, tuned;
    std::string base_end, tuned_end;  // as GenerateReply::end
  };
  std::int64_t step = 0;
  std::vector<Answer> answers;
  double ms = 0;                   // what they cost: the next step waited
};

struct CheckpointEvent {
  std::int64_t step = 0;
  std::string path;
  std::string sha256;
  std::uint64_t bytes = 0;
  std::vector<std::int64_t> dropped = {};  // steps of earlier ones that were let go since the last event
};

// A step whose loss or gradient is no finite number; nothing was updated. The run pauses, which a StateEvent says.
struct BadStepEvent {
  struct Row {
    std::int64_t tokens = 0, trained = 0;
    std::string text;              // decoded, or its ids; long rows end early
  };
  std::int64_t step = 0;
  std::string what;                // "loss", "gradient norm"
  std::string site;                // the first module with such a value
  double lr = 0, grad_norm_before = 0;  // of the last good step; 0: there was none
  std::vector<Row> rows;           // of the batch, the first of them
  std::int64_t more_rows = 0;
};

// A change of the run took effect.
struct EditEvent {
  RunEdit edit;                    // its step: the first one that it holds for
  std::string text;                // what changed: "learning rate 0.0002 to 0.0001"
  std::int64_t total_steps = 0;    // from now on
};

// The lowest loss on the held-out rows so far, of the steps that were trained; its checkpoint is kept.
struct BestEvent {
  std::int64_t step = 0;
  double loss = 0;
  std::int64_t replaced = 0;       // the best before, whose checkpoint stood for nothing else and is gone; 0: none is
};

struct WarningEvent {
  std::int64_t step = 0;
  std::string message;
};

struct StateEvent {
  RunState state = RunState::Queued;
  std::int64_t step = 0;
  std::string message;             // why, for Paused by the engine and Failed
  std::string cause = {};          // of a pause by the engine: "loss" (BadStepEvent), "disk" (no room for a checkpoint)
};

struct FinishedEvent {
  std::string outcome;             // "done", "stopped", "failed", "abandoned"
  std::int64_t step = 0;
  double seconds_to_first_step = 0;  // from the start of the run to the end of its first step
  double process_seconds_to_first_step = 0;  // from the start of the process to the beginning of that step
  double seconds = 0;
  std::uint64_t peak_rss_bytes = 0;
  std::string message;             // error text when failed; why it ended early when done
  std::string code;                // error code name when failed
};

using Event = std::variant<StartedEvent, PreflightEvent, StepEvent, EvalEvent, SpectraEvent, RanksEvent, SamplesEvent, CheckpointEvent, BadStepEvent, EditEvent, BestEvent, WarningEvent, StateEvent, FinishedEvent>;

// The lines of `--json`: one object each; a SpectraEvent gives one "spectrum" line a site. `run` is put into "started".
[[nodiscard]] std::vector<Json> to_json_lines(const Event& event, const std::string& run);

// {"ms": 812, "answers": [{"prompt": ..., "base": ..., "tuned": ..., "base_end": ..., "tuned_end": ...}]}, as `--json` prints it and a project keeps it.
// Reading leaves out what is no answer.
[[nodiscard]] Json samples_json(const SamplesEvent& event);
[[nodiscard]] SamplesEvent samples_from_json(std::int64_t step, const Json& json);

// {"sum": 70, "ranks": {"model.layers.0.self_attn.q_proj": 2, ...}}, as `--json` prints it and a project keeps it. Reading leaves out what is no count.
[[nodiscard]] Json ranks_json(const RanksEvent& event);
[[nodiscard]] Json preflight_json(const PreflightEvent& event);
[[nodiscard]] RanksEvent ranks_from_json(std::int64_t step, const Json& json);

[[nodiscard]] Json bad_step_json(const BadStepEvent& event);
[[nodiscard]] BadStepEvent bad_step_from_json(std::int64_t step, const Json& json);

// {"edit": {"lr": 1e-4}, "text": ..., "total_steps": ...}, likewise.
[[nodiscard]] Json edit_json(const EditEvent& event);
[[nodiscard]] EditEvent edit_from_json(std::int64_t step, const Json& json);

}  // namespace weft
