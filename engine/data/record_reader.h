// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of a JSON Lines, JSON or CSV file, one at a time: memory stays bounded by the largest row.
// Not thread-safe; the DataFile must outlive the reader.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "engine/core/json.h"
#include "engine/core/status.h"
#include "engine/data/data_file.h"

namespace weft {

inline constexpr std::size_t kMaxRowBytes = 8u << 20;  // larger rows are rejected unread

struct Record {
  std::int64_t line = 0;  // 1-based line where the row starts; the record's number in a JSON array
  Json value;             // an object by column for CSV; anything for JSON
  std::string error;      // not empty: the row cannot be read, and why
  std::size_t bytes = 0;  // of the row in the file
};

class RecordReader {
 public:
  // Text files have no records: InvalidArgument.
  [[nodiscard]] static Result<std::unique_ptr<RecordReader>> open(const DataFile& file);
  virtual ~RecordReader() = default;

  // The next row, or nothing at the end. An error Status means that the file's structure is broken from here on.
  [[nodiscard]] virtual Result<std::optional<Record>> next() = 0;
};

}  // namespace weft
