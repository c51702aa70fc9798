// SPDX-License-Identifier: GPL-3.0-or-later
// Will a run fit, its checkpoints as well: its plan beside the memory there is, corrected by what runs of the same shape really took, and what to change where it
// does not fit. Plain values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/disk_outlook.h"
#include "engine/api/run_plan.h"

namespace weft {

// What a process took at most that did the same work.
struct MeasuredPeak {
  std::uint64_t bytes = 0;
  std::string where;               // "run r3", "the preflight of run r3"
};

struct SettingEdit {
  std::string section, key;
  Json value;
};

// A change of settings that takes less memory, and what it costs.
struct WayOut {
  std::string name;                // "rows", "batch", "activations", "storage", "targets", "rank"
  std::string title;               // "Rows of at most 256 tokens"
  std::string price;               // "longer rows lose their ends"
  std::vector<SettingEdit> edits;
  std::uint64_t bytes = 0;         // the plan with it
  std::uint64_t saves = 0;         // of the plan without it; never 0
};

struct MemoryOutlook {
  RunPlan plan;                    // with the activations that will be taken
  std::string why_activations;     // "" where they are the usual ones
  std::uint64_t available = 0;     // 0: not known
  std::optional<MeasuredPeak> measured;
  std::string why_not;             // not empty: it will not fit
  std::vector<WayOut> ways;        // where it does not; all of them lower the plan, the cheapest to bear first
  std::optional<DiskOutlook> disk; // where the run's folder was named; its steps may not be known
  [[nodiscard]] std::uint64_t needed() const { return measured ? measured->bytes : plan.memory_bytes(); }
};

// `request` must be complete (validate()). available: what the run may take, with what this process holds of it already; 0: not known.
[[nodiscard]] Result<MemoryOutlook> memory_outlook(const TrainRequest& request, std::uint64_t available,
                                                   const std::optional<MeasuredPeak>& measured = std::nullopt);
[[nodiscard]] Json to_json(const WayOut& way);
// The same for requests that take the same memory: all settings that the plan looks at, and the data. Of a complete request.
[[nodiscard]] std::string memory_shape(const TrainRequest& request);

}  // namespace weft
