// SPDX-License-Identifier: GPL-3.0-or-later
// What happens after each optimizer step. Extension point "program". Plain data in, plain data out; engine thread only.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/api/train_request.h"

namespace weft {

struct StepActions {
  bool evaluate = false, checkpoint = false, spectra = false, sample = false, finish = false;
};

class Program {
 public:
  virtual ~Program() = default;
  // After step `step` (0: before the first update). spectra_every: the cadence now in force.
  [[nodiscard]] virtual StepActions after(std::int64_t step, std::int64_t spectra_every) const = 0;
};

// Trains for total_steps, with the cadences of the request.
[[nodiscard]] std::unique_ptr<Program> make_plain_program(const TrainRequest& request, std::int64_t total_steps);

}  // namespace weft
