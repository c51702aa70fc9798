// SPDX-License-Identifier: GPL-3.0-or-later
// Low-rank updates that a site gets one after another, each with tensors of its own: dW = s sum_t B_t diag(E_t) A_t. For methods that train a chain of
// them, or give a site more where it needs more; a controller says which take part.
#pragma once

#include <string>

#include "engine/adapter/parts.h"

namespace weft {

// What the slot "links" [count] says of each, as a number.
enum class LinkState { Waits = 0, Settled = 1, Works = 2, Reserve = 3 };

[[nodiscard]] inline std::string link_slot(const char* of, std::int64_t link) { return std::string(of) + std::to_string(link); }

[[nodiscard]] inline LinkState link_state(const Tensor& links, std::int64_t link) {
  return static_cast<LinkState>(static_cast<int>(links[link].item<double>()));
}

}  // namespace weft
