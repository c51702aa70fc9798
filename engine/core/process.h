// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

namespace weft {

// Since the kernel started this process, in its ticks of 10 ms; 0 when it cannot be said. A script that becomes this program says
// in WEFT_LAUNCHED when it did (seconds since boot): what the script itself took is not counted.
[[nodiscard]] double process_seconds();

// The highest resident memory of the process counts from now on: the next run has a peak of its own.
void forget_peak_memory();

// "" where the variable is not set.
[[nodiscard]] std::string environment(const char* name);
// The user's folder, as the environment says; the temporary one where it does not.
[[nodiscard]] std::filesystem::path home_folder();
// $WEFT_CACHE, else ~/.cache/weft: models, and what was measured of this machine. Need not exist.
[[nodiscard]] std::filesystem::path cache_folder();

}  // namespace weft
