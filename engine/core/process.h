// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace weft {

// Since the kernel started this process, in its ticks of 10 ms; 0 when it cannot be said.
[[nodiscard]] double process_seconds();

}  // namespace weft
