// SPDX-License-Identifier: GPL-3.0-or-later
// Times the parts of a step that no loop can leave out, alone, on this machine. Engine thread only; takes seconds, and for the while
// memory for the model's weights in the wanted precision.
#pragma once

#include "engine/api/engine.h"

namespace weft {

[[nodiscard]] Result<CalibrateReply> measure_floor(const CalibrateRequest& request);

}  // namespace weft
