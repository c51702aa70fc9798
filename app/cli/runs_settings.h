// SPDX-License-Identifier: GPL-3.0-or-later
// runs settings: a run's settings as a run file, and what a run file would change of them.
#pragma once

#include <memory>
#include <string>

#include "app/cli/call.h"

namespace weft::cli {

void add_run_settings(const Arguments& runs, Call& call, const std::shared_ptr<std::string>& project);

}  // namespace weft::cli
