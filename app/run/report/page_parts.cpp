// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run/report/page_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "app/run/report/report_style.h"

namespace weft {

std::string page_begin(const std::string& title) {
  return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
         "content=\"width=device-width,initial-scale=1\">"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>" +
         escape_html(title) + "</title><style>" + kReportColours + kPageStyle + kChartStyle + "</style></head>\n<body><main>\n";
}

std::string page_end(const std::string& project_path) {
  return "<footer>written by WEFT from " + escape_html(std::filesystem::path(project_path).filename().string()) +
         "</footer>\n</main></body></html>\n";
}

ChartSeries smoothed(const ChartSeries& raw) {
  ChartSeries smooth = raw;
  const double past = std::clamp(1.0 - 12.0 / static_cast<double>(std::max<std::size_t>(raw.y.size(), 1)), 0.5, 0.98);
  double mean = 0, weight = 0;
  for (double& value : smooth.y) {
    if (!std::isfinite(value)) continue;
    mean = past * mean + (1 - past) * value;
    weight = past * weight + (1 - past);
    value = mean / weight;
  }
  return smooth;
}

std::string number_text(double value, int digits) {
  return std::isfinite(value) ? fmt::format("{:.{}g}", value, digits) : "–";
}

std::string count_text(double count) {
  if (count >= 1e9) return fmt::format("{:.3g} G", count / 1e9);
  if (count >= 1e6) return fmt::format("{:.3g} M", count / 1e6);
  return count >= 1e4 ? fmt::format("{:.3g} k", count / 1e3) : fmt::format("{:.0f}", count);
}

double middle(std::vector<double> values) {
  if (values.empty()) return std::nan("");
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

std::string text_of(const Json& object, const std::string& key) {
  return object.is_object() && object.contains(key) && object[key].is_string() ? object[key].get<std::string>() : "";
}

double value_of(const Json& object, const std::string& key) {
  return object.is_object() && object.contains(key) && object[key].is_number() ? object[key].get<double>()
                                                                               : std::nan("");
}

}  // namespace weft
