// SPDX-License-Identifier: GPL-3.0-or-later
// The kinds of work a training step's time is counted under: engine, programs and window name them alike.
#pragma once

#include <array>
#include <cstddef>

namespace weft {

enum class Phase {
  Linears,      // products with the frozen matrices of the blocks, adapter terms within them
  Attention,    // scores, softmax and values, forward and backward
  Elementwise,  // norms, rotation, gate, residual sums
  Head,         // output layer and loss
  Adapter,      // parameters to factors (row norms and the like) and back
  Optimizer,    // gradient norm, clipping, update
  Other,        // everything else: batches, bookkeeping, autograd itself
};
constexpr std::size_t kPhases = 7;

template <typename T>
using ByPhase = std::array<T, kPhases>;

[[nodiscard]] constexpr std::size_t phase_index(Phase phase) { return static_cast<std::size_t>(phase); }
[[nodiscard]] const char* phase_name(Phase phase);   // "linears", ...

}  // namespace weft
