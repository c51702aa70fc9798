// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/row_tally.h"

#include <algorithm>
#include <cmath>

namespace weft {
namespace {

constexpr std::size_t kMaxRejected = 10000;  // listed by line; beyond it they are only counted

std::string percent(std::int64_t part, std::int64_t whole) {
  return std::to_string(std::llround(100.0 * double(part) / double(std::max<std::int64_t>(whole, 1)))) + " %";
}

}  // namespace

void RowTally::keep(const BuiltRow& built) {
  ++shown.rows;
  shown.tokens += std::int64_t(built.row.ids.size());
  shown.trained_tokens += built.trained;
  shown.cut_tokens += built.cut;
  shown.cut_rows += built.cut > 0;
  searched_ += built.searched;
  ++lengths_[std::int64_t(built.row.ids.size()) + built.cut];
}

void RowTally::reject(std::int64_t line, std::string reason) {
  if (++rejected_ <= std::int64_t(kMaxRejected)) shown.rejected.push_back({line, std::move(reason)});
}

Status RowTally::nothing_kept() const {
  if (shown.rejected.empty())
    return invalid_argument(shown.path + " gives no row of two tokens or more; nothing can be trained");
  const auto first = std::min_element(shown.rejected.begin(), shown.rejected.end(),
                                      [](const auto& a, const auto& b) { return a.line < b.line; });
  return invalid_argument(shown.path + ": no token is trained: all " + std::to_string(rejected_) +
                          " rows are rejected; line " + std::to_string(first->line) + ": " + first->reason);
}

std::vector<LengthBin> length_bins(const std::map<std::int64_t, std::int64_t>& lengths, std::int64_t max_length) {
  if (lengths.empty()) return {};
  constexpr std::int64_t kBins = 32;
  const std::int64_t longest = lengths.rbegin()->first, reach = longest * 3 > max_length ? max_length : longest;
  const std::int64_t width = std::max<std::int64_t>(1, (reach + kBins - 1) / kBins);
  const std::int64_t most = longest > 2 * reach ? 2 * kBins + 1 : (longest + width - 1) / width;  // the last one is open where rows are much longer
  std::vector<LengthBin> bins;
  for (std::int64_t i = 0; i < most; ++i) bins.push_back({i * width + 1, (i + 1) * width, 0});
  if (longest > bins.back().to) bins.back().to = 0;
  for (const auto& [length, rows] : lengths)
    bins[std::size_t(std::clamp<std::int64_t>((length - 1) / width, 0, most - 1))].rows += rows;
  return bins;
}

DataPreview RowTally::sum_up() const {
  DataPreview sum = shown;
  sum.rejected_rows = rejected_;
  sum.max_length = max_length_;
  sum.lengths = length_bins(lengths_, max_length_);
  if (!lengths_.empty()) sum.longest = lengths_.rbegin()->first;
  std::int64_t before = 0;
  for (const auto& [length, rows] : lengths_)
    if (before += rows; before * 2 >= sum.rows) {
      sum.median_length = length;
      break;
    }
  std::stable_sort(sum.rejected.begin(), sum.rejected.end(),
                   [](const auto& a, const auto& b) { return a.line < b.line; });
  if (rejected_ > 0)
    sum.warnings.push_back(std::to_string(rejected_) + " of " + std::to_string(rejected_ + sum.rows) +
                           " rows are rejected");
  if (rejected_ > std::int64_t(kMaxRejected))
    sum.warnings.push_back("only the first " + std::to_string(kMaxRejected) + " rejected rows are listed");
  if (sum.cut_rows * 5 > sum.rows)
    sum.warnings.push_back(percent(sum.cut_rows, sum.rows) + " of the rows are cut at " + std::to_string(max_length_) +
                           " tokens; a higher max_length keeps their ends");
  if (searched_ > 0)
    sum.warnings.push_back("in " + std::to_string(searched_) +
                           " rows the template rewrites earlier turns; the answers were found by their text");
  return sum;
}

}  // namespace weft
