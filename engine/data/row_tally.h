// SPDX-License-Identifier: GPL-3.0-or-later
// What is counted and said of the rows of a data set while they are read. Belongs to one thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "engine/api/data_preview.h"
#include "engine/data/row_builder.h"

namespace weft {

class RowTally {
 public:
  explicit RowTally(std::int64_t max_length) : max_length_(max_length) {}

  DataPreview shown;  // how the file is read, and its first rows

  void keep(const BuiltRow& built);
  void reject(std::int64_t line, std::string reason);
  [[nodiscard]] std::int64_t kept() const { return shown.rows; }

  // Of a file without a single usable row: why.
  [[nodiscard]] Status nothing_kept() const;
  // `shown` with rejected rows in the order of the file and with what is to be warned of.
  [[nodiscard]] DataPreview sum_up() const;

 private:
  std::int64_t max_length_;
  std::int64_t rejected_ = 0, searched_ = 0;
  std::map<std::int64_t, std::int64_t> lengths_;  // rows by their tokens before the cut
};

// Some forty bins, one of which ends at max_length where rows come near it. lengths: rows by tokens.
[[nodiscard]] std::vector<LengthBin> length_bins(const std::map<std::int64_t, std::int64_t>& lengths, std::int64_t max_length);

}  // namespace weft
