// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of a JSON Lines, JSON or CSV file, one at a time: memory stays bounded by the largest row.
// One thread goes through the file; what it went past can be read from any thread. The DataFile must outlive the reader.
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

// Where a row lies in the file: enough to read it later.
struct RecordPlace {
  std::int64_t line = 0;  // 1-based line where the row starts; the record's number in a JSON array
  std::size_t begin = 0, bytes = 0;
};

struct Record {
  std::int64_t line = 0;  // as in its place
  Json value;             // an object by column for CSV; anything for JSON
  std::string error;      // not empty: the row cannot be read, and why
  RecordPlace place;      // set by next()
};

class RecordReader {
 public:
  // Text files have no records: InvalidArgument.
  [[nodiscard]] static Result<std::unique_ptr<RecordReader>> open(const DataFile& file);
  virtual ~RecordReader() = default;

  // Goes past the next row without building its value: many times faster than reading it. Nothing at the end. An error
  // Status means that the file's structure is broken from here on.
  [[nodiscard]] virtual Result<std::optional<RecordPlace>> skip() = 0;

  // The row at a place that skip() gave. Safe from any thread.
  [[nodiscard]] virtual Record read(const RecordPlace& place) const = 0;

  // skip() and read(); a JSON array that holds something other than JSON is broken from there on.
  [[nodiscard]] virtual Result<std::optional<Record>> next();
};

}  // namespace weft
