// SPDX-License-Identifier: GPL-3.0-or-later
// The values of a curve, and over them the least and the greatest of every 16, every 256, and so on: what any stretch of them covers is read
// in the same time however long it is, so that a chart of a million points is drawn as fast as one of a thousand. Main thread only.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace weft::ui {

// Least and greatest of some finite numbers; low > high: of none.
struct ValueSpan {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  [[nodiscard]] bool empty() const { return low > high; }
  void take(double value) {                  // what is no finite number is left out
    if (!std::isfinite(value)) return;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  void take(const ValueSpan& other) {
    if (other.low < low) low = other.low;
    if (other.high > high) high = other.high;
  }
  bool operator==(const ValueSpan&) const = default;
};

class ValuePyramid final {
 public:
  static constexpr std::size_t kFactor = 16;

  void append(double value);                 // amortised O(1)
  void clear();
  [[nodiscard]] std::size_t size() const { return m_values.size(); }
  [[nodiscard]] bool empty() const { return m_values.empty(); }
  [[nodiscard]] double operator[](std::size_t i) const { return m_values[i]; }
  [[nodiscard]] double back() const { return m_values.back(); }
  // Of the values [begin, end), exactly; end <= size(). Costs at most 2 * kFactor looks a level.
  [[nodiscard]] ValueSpan over(std::size_t begin, std::size_t end) const;
  [[nodiscard]] ValueSpan whole() const { return over(0, size()); }
  void fetch(std::size_t at) const;          // what over() will look at where a stretch ends at `at`

 private:
  std::vector<double> m_values;
  std::vector<std::vector<ValueSpan>> m_levels;   // of 16, 256, … values each; whole groups only
};

// What the line through the points (x ascending, as many as values) covers in each of `columns` columns of equal width from `from` to `to`: the
// points in it, and where the line comes in and goes out. A value that is no finite number ends the line; a column without any is empty.
[[nodiscard]] std::vector<ValueSpan> coveredColumns(const std::vector<double>& x, const ValuePyramid& values, double from, double to, std::size_t columns);

}  // namespace weft::ui
