// SPDX-License-Identifier: GPL-3.0-or-later
// A run as one HTML page that needs nothing else: figures, curves, spectra, settings, what happened. Light and dark.
// Reads the project only; any thread that may read it.
#pragma once

#include <string>

#include "projects/api/project.h"

namespace weft {

[[nodiscard]] Result<std::string> report_page(Project& project, RunId run);

// FOLDER/index.html, written whole or not at all; the folder is made when missing. Returns the file's path.
[[nodiscard]] Result<std::string> write_report(Project& project, RunId run, const std::string& folder);

}  // namespace weft
