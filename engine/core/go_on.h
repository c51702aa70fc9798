// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>

namespace weft {

// What long work tells and asks on its way, on its own thread: how much of all is done (all 0: not known yet), and whether to go on.
// False ends it as Cancelled, and nothing of it is kept.
using GoOn = std::function<bool(std::uint64_t done, std::uint64_t all)>;

}  // namespace weft
