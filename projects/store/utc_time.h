// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace weft {

// The present in UTC, ISO 8601 with milliseconds: "2026-11-22T08:15:30.123Z". Sorts as text.
[[nodiscard]] std::string utc_now();

}  // namespace weft
