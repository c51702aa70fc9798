// SPDX-License-Identifier: GPL-3.0-or-later
// What the pages of a run and of a comparison share: frame, numbers as text, smoothing. Plain functions, any thread.
#pragma once

#include <string>
#include <vector>

#include "app/run/report/svg_chart.h"
#include "engine/core/json.h"

namespace weft {

[[nodiscard]] std::string page_begin(const std::string& title);
[[nodiscard]] std::string page_end(const std::string& project_path);

// Exponential mean without the pull towards zero at the start; the longer the run, the smoother.
[[nodiscard]] ChartSeries smoothed(const ChartSeries& raw);

[[nodiscard]] std::string number_text(double value, int digits = 4);  // "–" when not finite
[[nodiscard]] std::string count_text(double count);                  // 23120 -> "23.1 k"
[[nodiscard]] double middle(std::vector<double> values);              // the median; NaN of none
// Of an object's member; "" and NaN where it is none.
[[nodiscard]] std::string text_of(const Json& object, const std::string& key);
[[nodiscard]] double value_of(const Json& object, const std::string& key);

}  // namespace weft
