// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run/sweep.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/run/run_file.h"
#include "engine/core/text_util.h"

namespace weft {
namespace {

constexpr std::size_t kMaxShown = 40;  // bytes of a value in a name

struct Axis {
  std::string key;
  std::vector<std::string> values;
};

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// At commas outside of quotes and brackets.
std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts(1);
  int depth = 0;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '[' || c == ']') {
      depth += c == '[' ? 1 : -1;
    } else if (c == ',' && depth == 0) {
      parts.emplace_back();
      continue;
    }
    parts.back() += c;
  }
  for (std::string& part : parts) part = trimmed(part);
  return parts;
}

Result<Axis> read_axis(const TrainRequest& request, const std::string& assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0) return invalid_argument(quoted_excerpt(assignment) + " is not key=value or key=value,value");
  Axis axis{trimmed(assignment.substr(0, equals)), {}};
  const std::string text = trimmed(assignment.substr(equals + 1));
  const auto spec = find_setting(request, axis.key);
  const bool list = spec.ok() && spec->type == SettingType::TextOrList;
  axis.values = list && !text.starts_with('[') ? std::vector{text} : split(text);
  if (axis.values.size() > 1)
    for (std::size_t i = 0; i < axis.values.size(); ++i) {
      if (axis.values[i].empty()) return invalid_argument(fmt::format("{} has an empty value; it is written key=value,value without a comma at the end", axis.key));
      if (std::find(axis.values.begin(), axis.values.begin() + static_cast<std::ptrdiff_t>(i), axis.values[i]) != axis.values.begin() + static_cast<std::ptrdiff_t>(i))
        return invalid_argument(fmt::format("{} has the value {} twice", axis.key, quoted_excerpt(axis.values[i])));
    }
  return axis;
}

std::string short_key(const std::string& key, const std::vector<Axis>& axes) {
  const std::string last = key.substr(key.rfind('.') + 1);
  const auto same = std::ranges::count_if(axes, [&](const Axis& axis) { return axis.key.substr(axis.key.rfind('.') + 1) == last; });
  return same > 1 ? key : last == "name" ? "method" : last;
}

std::string shown(const std::string& value) {
  std::string text = value.size() > kMaxShown ? "…" + value.substr(value.size() - kMaxShown) : value;
  std::erase(text, '"');
  return text;
}

}  // namespace

Result<std::vector<SweepCell>> expand_sweep(const TrainRequest& request, const std::vector<std::string>& assignments) {
  std::vector<Axis> axes;
  std::size_t cells = 1;
  for (const std::string& assignment : assignments) {
    auto axis = read_axis(request, assignment);
    if (!axis.ok()) return axis.status().with_context("--set");
    if (std::ranges::any_of(axes, [&](const Axis& known) { return known.key == axis->key; }))
      return invalid_argument("--set: " + axis->key + " is named twice; write its values as " + axis->key + "=value,value");
    cells = std::min(cells * axis->values.size(), kMostSwept * kMostSwept);  // no overflow, however many are written
    axes.push_back(std::move(*axis));
  }
  if (cells > kMostSwept) {
    std::string factors;
    for (const Axis& axis : axes)
      if (axis.values.size() > 1) factors += fmt::format("{}{} {}", factors.empty() ? "" : " x ", axis.values.size(), axis.key);
    return invalid_argument(fmt::format("the grid has more than {} runs ({}); take fewer values, or add parts of it one after the other", kMostSwept, factors));
  }
  std::vector<SweepCell> all(cells);
  for (std::size_t cell = 0; cell < cells; ++cell) {
    std::size_t rest = cell, below = cells;
    for (const Axis& axis : axes) {
      below /= axis.values.size();
      const std::string& value = axis.values[rest / below];
      rest %= below;
      all[cell].assignments.push_back(axis.key + "=" + value);
      if (axis.values.size() > 1) all[cell].name += fmt::format("{}{}={}", all[cell].name.empty() ? "" : " ", short_key(axis.key, axes), shown(value));
    }
  }
  return all;
}

}  // namespace weft
