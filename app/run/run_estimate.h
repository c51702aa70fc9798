// SPDX-License-Identifier: GPL-3.0-or-later
// How long a run will take on this machine: its plan's operations at the speed that an earlier run of the project reached with the same
// model and precision. Reads the project and the headers of models; any thread, one call at a time.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/api/run_plan.h"
#include "engine/api/train_request.h"
#include "projects/api/project.h"

namespace weft {

struct RunEstimate {
  std::int64_t steps = 0;         // of a run in epochs as its rows make them; 0: they cannot be counted
  std::optional<double> seconds;  // steps only: without loading, evaluation and checkpoints
  std::string basis;              // "as fast as r3", or why it is not known
};

class RunEstimator {
 public:
  explicit RunEstimator(Project& project) : project_(project) {}
  // `request`: complete (validate()).
  [[nodiscard]] RunEstimate estimate(const TrainRequest& request);

 private:
  struct Speed {
    double flops_per_s = 0;
    std::string run;  // its name
  };
  [[nodiscard]] std::optional<Speed> speed_of(const TrainRequest& request);
  [[nodiscard]] Result<StepCount> steps_of(const TrainRequest& request);
  [[nodiscard]] std::optional<Speed> measure(const RunRecord& run);

  Project& project_;
  std::optional<std::vector<RunRecord>> runs_;                // read once
  std::map<std::string, std::optional<Speed>> speeds_;        // by model and precision
  std::map<std::string, Result<StepCount>> steps_;            // by rows and batches
};

}  // namespace weft
