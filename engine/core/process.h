// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace weft {

// Since the kernel started this process, in its ticks of 10 ms; 0 when it cannot be said. A script that becomes this program says
// in WEFT_LAUNCHED when it did (seconds since boot): what the script itself took is not counted.
[[nodiscard]] double process_seconds();

}  // namespace weft
