// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/value_pyramid.h"

#include <algorithm>

namespace weft::ui {
namespace {

// First point at or right of `at`, from the one at `begin` on. The next column is about as full as the last one, so it is looked for around
// there, in steps that double.
std::size_t nextFrom(const std::vector<double>& x, std::size_t begin, std::size_t stride, double at) {
  const std::size_t guess = std::min(begin + stride, x.size());
  std::size_t low = begin, high = x.size(), step = 1;
  if (guess < x.size() && x[guess] < at) {
    low = guess + 1;
    while (low + step < x.size() && x[low + step - 1] < at) {
      low += step;
      step *= 2;
    }
    high = std::min(low + step, x.size());
  } else {
    high = guess;
    while (high > begin + step && x[high - step] >= at) {
      high -= step;
      step *= 2;
    }
    low = high > begin + step ? high - step : begin;
  }
  const auto first = x.begin() + static_cast<std::ptrdiff_t>(low), last = x.begin() + static_cast<std::ptrdiff_t>(high);
  return static_cast<std::size_t>(std::lower_bound(first, last, at) - x.begin());
}

// Where the line from point i - 1 to point i passes `at`; NaN where there is none.
double crossing(const std::vector<double>& x, const ValuePyramid& values, std::size_t i, double at) {
  if (i == 0 || i >= x.size()) return std::numeric_limits<double>::quiet_NaN();
  return values[i - 1] + (values[i] - values[i - 1]) * ((at - x[i - 1]) / (x[i] - x[i - 1]));
}

}  // namespace

void ValuePyramid::append(double value) {
  m_values.push_back(value);
  if (m_values.size() % kFactor != 0) return;
  ValueSpan span;
  for (std::size_t i = m_values.size() - kFactor; i < m_values.size(); ++i) span.take(m_values[i]);
  for (std::size_t level = 0;; ++level) {
    if (level == m_levels.size()) m_levels.emplace_back();
    auto& groups = m_levels[level];
    groups.push_back(span);
    if (groups.size() % kFactor != 0) return;
    span = {};
    for (std::size_t i = groups.size() - kFactor; i < groups.size(); ++i) span.take(groups[i]);
  }
}

void ValuePyramid::clear() {
  m_values.clear();
  m_levels.clear();
}

ValueSpan ValuePyramid::over(std::size_t begin, std::size_t end) const {
  ValueSpan span;
  // the ends that do not fill a group here, then the groups between them a level up
  const auto climb = [&](const auto& level, bool top) {
    while (begin < end && (top || begin % kFactor != 0)) span.take(level[begin++]);
    while (begin < end && end % kFactor != 0) span.take(level[--end]);
    begin /= kFactor;
    end /= kFactor;
  };
  climb(m_values, m_levels.empty());
  for (std::size_t level = 0; level < m_levels.size() && begin < end; ++level) climb(m_levels[level], level + 1 == m_levels.size());
  return span;
}

// Memory is far away for a long curve: what a column will look at is asked for some columns ahead.
void ValuePyramid::fetch(std::size_t at) const {
  if (at >= m_values.size()) return;
  __builtin_prefetch(&m_values[at]);
  __builtin_prefetch(&m_values[at / kFactor * kFactor]);
  for (const auto& groups : m_levels) {
    at /= kFactor;
    if (at >= groups.size()) return;
    const std::size_t first = at / kFactor * kFactor;
    for (std::size_t i = first; i < std::min(first + kFactor, groups.size()); i += 4) __builtin_prefetch(&groups[i]);
  }
}

std::vector<ValueSpan> coveredColumns(const std::vector<double>& x, const ValuePyramid& values, double from, double to, std::size_t columns) {
  constexpr std::size_t kAhead = 6;
  std::vector<ValueSpan> spans(columns);
  if (x.empty() || !(to > from)) return spans;
  const auto edge = [&](std::size_t c) { return c == 0 ? from : from + (to - from) * (static_cast<double>(c) / static_cast<double>(columns)); };
  std::vector<std::size_t> begins(columns + 1);    // first point of each column
  begins[0] = static_cast<std::size_t>(std::lower_bound(x.begin(), x.end(), from) - x.begin());
  std::size_t stride = 1;
  for (std::size_t c = 0; c < columns; ++c) {
    begins[c + 1] = nextFrom(x, begins[c], stride, edge(c + 1));
    stride = std::max<std::size_t>(1, begins[c + 1] - begins[c]);
    if (const std::size_t ahead = begins[c + 1] + kAhead * stride; ahead < x.size()) __builtin_prefetch(&x[ahead]);
  }
  double entry = crossing(x, values, begins[0], from);
  for (std::size_t c = 0; c < columns; ++c) {
    if (c + kAhead <= columns) values.fetch(begins[c + kAhead]);
    const double exit = crossing(x, values, begins[c + 1], edge(c + 1));
    spans[c] = values.over(begins[c], begins[c + 1]);
    spans[c].take(entry);
    spans[c].take(exit);
    entry = exit;
  }
  return spans;
}

}  // namespace weft::ui
