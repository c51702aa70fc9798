// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/picture_options.h"

namespace weft::cli {

void add_picture_options(const Arguments& command, PictureOptions& options, const std::string& what) {
  command.text("--svg", options.svg, "folder for pictures as SVG: " + what);
  command.text("--png", options.png, "the same as PNG, drawn by rsvg-convert (package librsvg2-bin); no display is needed");
}

Result<std::vector<std::string>> write_pictures(const PictureOptions& options, const std::vector<Picture>& pictures) {
  std::vector<std::string> paths;
  if (!options.svg.empty()) {
    WEFT_ASSIGN_OR_RETURN(paths, write_svg(options.svg, pictures));
  }
  if (!options.png.empty()) {
    WEFT_ASSIGN_OR_RETURN(const auto drawn, write_png(options.png, pictures));
    paths.insert(paths.end(), drawn.begin(), drawn.end());
  }
  return paths;
}

}  // namespace weft::cli
