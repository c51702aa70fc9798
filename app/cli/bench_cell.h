// SPDX-License-Identifier: GPL-3.0-or-later
// One cell of a benchmark's grid, measured as a user meets it: a `weft-cli train` of its own, from the start of the process to its last
// step. Memory and start are those of a whole process, and no cell inherits another's caches.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/api/phases.h"
#include "engine/api/train_request.h"
#include "engine/core/status.h"

namespace weft::cli {

struct BenchCell {
  std::string method;
  std::int64_t rank = 8;
  std::int64_t rows = 4, length = 256;  // of a batch
  std::string compute = "auto", storage = "auto", activations = "auto";
};

struct BenchSetup {
  std::string model, data;  // absolute
  std::int64_t steps = 12, warmup = 3, threads = 0;
  std::string folder;       // for run files; exists
};

// What one run showed; steps after the warm-up.
struct CellRun {
  std::vector<double> step_ms;
  std::vector<ByPhase<double>> phase_ms;
  std::int64_t tokens = 0, trained_tokens = 0;  // of a step
  double start_seconds = 0;                     // from the start of the process to the beginning of the first step
  std::uint64_t peak_bytes = 0;
  double last_loss = 0;
  std::string method, compute, storage, activations;  // as the run announced them
};

[[nodiscard]] Result<TrainRequest> request_of(const BenchCell& cell, const BenchSetup& setup);

// `child` holds the process while it runs, so that a signal can be passed on; 0 otherwise.
[[nodiscard]] Result<CellRun> run_cell(const BenchCell& cell, const BenchSetup& setup, std::atomic<pid_t>& child);

}  // namespace weft::cli
