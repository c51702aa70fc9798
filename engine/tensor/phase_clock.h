// SPDX-License-Identifier: GPL-3.0-or-later
// Where a step's time goes. Each thread has a clock that always stands at one phase; a scope turns it for as long as it lives, so time
// goes to the innermost scope and the phases add up to the time that passed. The engine thread is the one that is read: its workers
// are inside a phase of it. A scope costs two reads of the processor's counter (under 50 ns).
#pragma once

#include "engine/api/phases.h"

namespace weft {

class PhaseScope {
 public:
  explicit PhaseScope(Phase phase);
  ~PhaseScope();
  PhaseScope(const PhaseScope&) = delete;
  PhaseScope& operator=(const PhaseScope&) = delete;

 private:
  const Phase before_;
};

// Seconds of this thread by phase since it last asked (or since its first scope), and starts anew. Time outside of all scopes is Other.
[[nodiscard]] ByPhase<double> take_phase_seconds();

}  // namespace weft
