// SPDX-License-Identifier: GPL-3.0-or-later
// Charts of the pages as files of their own: whole SVG documents on white, and PNG made of them by librsvg's rsvg-convert, which draws without a display.
// Plain functions, any thread.
#pragma once

#include <string>
#include <vector>

#include "app/run/report/svg_chart.h"
#include "engine/core/status.h"

namespace weft {

struct Picture {
  std::string name;                // of the file, without its ending
  std::string svg;                 // a whole document
};

// options.title stands above it.
[[nodiscard]] Picture line_picture(const std::string& name, const std::vector<ChartSeries>& series, const ChartOptions& options);
[[nodiscard]] Picture heat_picture(const std::string& name, const HeatMap& map);

// name.svg and name.png into `folder`, which is made where it is not there; each appears whole or not at all, and takes the place of one of its name.
// Their paths. Unsupported where rsvg-convert is missing.
[[nodiscard]] Result<std::vector<std::string>> write_svg(const std::string& folder, const std::vector<Picture>& pictures);
[[nodiscard]] Result<std::vector<std::string>> write_png(const std::string& folder, const std::vector<Picture>& pictures);

}  // namespace weft
