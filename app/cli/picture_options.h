// SPDX-License-Identifier: GPL-3.0-or-later
// --svg DIR and --png DIR of the commands that draw.
#pragma once

#include <string>
#include <vector>

#include "app/cli/call.h"
#include "app/run/report/pictures.h"

namespace weft::cli {

struct PictureOptions {
  std::string svg, png;
  [[nodiscard]] bool wanted() const { return !svg.empty() || !png.empty(); }
};

void add_picture_options(const Arguments& command, PictureOptions& options, const std::string& what);
// The paths that were written.
[[nodiscard]] Result<std::vector<std::string>> write_pictures(const PictureOptions& options, const std::vector<Picture>& pictures);

}  // namespace weft::cli
