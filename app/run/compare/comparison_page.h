// SPDX-License-Identifier: GPL-3.0-or-later
// A comparison as one HTML page that needs nothing else: curves and last spectra over each other, what differs, final figures.
#pragma once

#include <string>

#include "projects/api/comparison.h"

namespace weft {

[[nodiscard]] std::string comparison_page(const Comparison& comparison, const std::string& project_path);

}  // namespace weft
