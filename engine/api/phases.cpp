// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/phases.h"

namespace weft {

const char* phase_name(Phase phase) {
  switch (phase) {
    case Phase::Linears: return "linears";
    case Phase::Attention: return "attention";
    case Phase::Elementwise: return "elementwise";
    case Phase::Head: return "head";
    case Phase::Adapter: return "adapter";
    case Phase::Optimizer: return "optimizer";
    case Phase::Other: return "other";
  }
  return "unknown";
}

}  // namespace weft
