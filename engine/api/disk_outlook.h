// SPDX-License-Identifier: GPL-3.0-or-later
// Will a run's checkpoints find room. Plain values; any thread.
#pragma once

#include <cstdint>
#include <string>

#include "engine/api/settings.h"

namespace weft {

inline constexpr std::uint64_t kDiskSpare = 16u << 20;   // that the project and everything else may go on writing

struct DiskOutlook {
  std::uint64_t each = 0, all = 0;   // a checkpoint; all that the run will have there at once
  std::uint64_t available = 0;
  std::int64_t count = 0;            // of them, without the best one
  bool none = false;                 // not even one finds room
  std::string why;                   // not empty: not all do
};

// steps: that are still to be trained, 0 where they are not known yet; train: a complete [train] section.
[[nodiscard]] DiskOutlook disk_outlook(std::uint64_t each, std::int64_t steps, const SettingValues& train, std::uint64_t available);

}  // namespace weft
