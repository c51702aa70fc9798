// SPDX-License-Identifier: GPL-3.0-or-later
// A run file and what the command line says instead of it, with paths found: what train and plan begin with.
#pragma once

#include <string>
#include <vector>

#include "engine/api/train_request.h"

namespace weft::cli {

// Not yet validated: what stands outside of the run file (init_adapter, ...) is still to be set.
[[nodiscard]] Result<TrainRequest> read_run_request(const std::string& run_file, const std::vector<std::string>& sets);

}  // namespace weft::cli
