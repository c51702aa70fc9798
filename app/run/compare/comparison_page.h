// SPDX-License-Identifier: GPL-3.0-or-later
// A comparison as one HTML page that needs nothing else: curves and last spectra over each other, what differs, final figures.
#pragma once

#include <string>
#include <vector>

#include "app/run/report/pictures.h"
#include "projects/api/comparison.h"

namespace weft {

// Its charts as files of their own, along the steps.
[[nodiscard]] std::vector<Picture> comparison_pictures(const Comparison& comparison);
[[nodiscard]] std::string comparison_page(const Comparison& comparison, const std::string& project_path);

}  // namespace weft
