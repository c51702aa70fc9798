// SPDX-License-Identifier: GPL-3.0-or-later
// Floors measured on this machine, kept in the cache folder: a file for each machine, library, model's shapes, precision, threads and batch.
// Plain functions, any thread.
#pragma once

#include <optional>
#include <string>

#include "engine/api/run_plan.h"

namespace weft {

struct FloorQuestion {
  TrainRequest run;
  std::string compute;  // "fp32" or "bf16"
  ModelInfo model;
};
// Reads the model's headers. NotFound where model or data are not on this machine any more.
[[nodiscard]] Result<FloorQuestion> floor_question(const TrainRequest& run, const std::string& compute);

// Nothing where it was not measured. Reads rows of the data only where there is a floor for the rest.
[[nodiscard]] std::optional<BatchFloor> kept_floor(const FloorQuestion& question, const EngineInfo& engine);
[[nodiscard]] CalibrateRequest floor_request(const FloorQuestion& question, const TypicalBatch& batch);
[[nodiscard]] Status keep_floor(const CalibrateRequest& request, const EngineInfo& engine, const BatchFloor& floor);

}  // namespace weft
