// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "engine/core/go_on.h"
#include "engine/core/status.h"

namespace weft {

// Every page of a database that is committed now into a new file, with SQLite's backup: whoever writes meanwhile, of whatever schema. go_on counts pages.
[[nodiscard]] Status backup_database(const std::string& from, const std::string& to, const GoOn& go_on);

}  // namespace weft
