// SPDX-License-Identifier: GPL-3.0-or-later
// Small charts as inline SVG. Colours are CSS classes of the page (s1…s6, d2…d6, axis, grid, ghost), so one drawing serves
// both themes. All text is escaped here. Plain functions, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

[[nodiscard]] std::string escape_html(std::string_view text);

struct ChartSeries {
  enum class Style { Line, Faint, Points, Ghost };
  std::string name;          // in the legend; "" leaves it out
  std::vector<double> x, y;  // same length; points that are not finite (or not positive on a log axis) break the line
  int colour = 1;            // 1 to 6
  Style style = Style::Line;
  int dash = 1;  // 1 (none) to 6, of lines that colour alone must not tell apart
};

struct ChartMark {      // a flag on the x axis
  double x = 0;
  std::string text;
};

struct ChartOptions {
  std::string title;  // for readers that do not see the drawing
  std::string x_title, y_title;
  bool log_y = false;
  bool y_from_zero = false;
  int width = 760, height = 260;
  std::vector<ChartMark> marks = {};  // those outside the axis are left out
};

// A chart with nothing to show says so in its middle. Below its legend, as a page has it.
[[nodiscard]] std::string line_chart(const std::vector<ChartSeries>& series, const ChartOptions& options);

// Its two parts for a picture: the drawing, and the legend as a group from (0, 0) on, in rows of that width; `height` is what it takes.
[[nodiscard]] std::string line_drawing(const std::vector<ChartSeries>& series, const ChartOptions& options);
[[nodiscard]] std::string legend_drawing(const std::vector<ChartSeries>& series, int width, int& height);

struct HeatMap {
  std::string title, scale_title;
  std::vector<std::string> rows, columns;
  std::vector<double> values;  // rows x columns; NaN leaves a cell empty
};
[[nodiscard]] std::string heat_map(const HeatMap& map);

}  // namespace weft
