// SPDX-License-Identifier: GPL-3.0-or-later
// Writes adapters for the rest of the world, loads what was written, and compares logits before it says that it worked.
// Engine thread only.
#pragma once

#include "engine/api/engine.h"

namespace weft {

[[nodiscard]] Result<ExportReport> export_adapter(const ExportRequest& request);
[[nodiscard]] Result<LogitsReply> compute_logits(const LogitsRequest& request);

}  // namespace weft
