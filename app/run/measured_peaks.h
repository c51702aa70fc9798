// SPDX-License-Identifier: GPL-3.0-or-later
// What runs of a project really took of memory, for plans of runs like them.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/api/memory_outlook.h"
#include "projects/api/project.h"

namespace weft {

// Of the newest run on this machine with the memory_shape() of a complete request that got through its first steps, or through a preflight.
[[nodiscard]] Result<std::optional<MeasuredPeak>> measured_peak(Project& project, const TrainRequest& request);

// What a run in this process may take: what the machine has left, and what the process holds already of that which a plan counts.
// running: a run goes on, whose memory will be free when another can begin.
[[nodiscard]] std::uint64_t memory_for_a_run(bool running);

}  // namespace weft
