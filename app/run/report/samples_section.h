// SPDX-License-Identifier: GPL-3.0-or-later
// A run's answers to its prompts, base beside tuned, by step. Plain function, any thread.
#pragma once

#include <string>
#include <vector>

#include "projects/api/project.h"

namespace weft {

// "" where nothing was drawn. Of many steps the first, the last and some between.
[[nodiscard]] std::string samples_section(const std::vector<EventRow>& events);

}  // namespace weft
