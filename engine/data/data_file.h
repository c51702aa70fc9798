// SPDX-License-Identifier: GPL-3.0-or-later
// A data file as it lies on disk, mapped, and what kind of file it is. Immutable after open: safe from any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/files.h"
#include "engine/core/status.h"

namespace weft {

enum class DataFileKind { JsonLines, JsonDocument, Csv, Tsv, Text };
[[nodiscard]] const char* data_file_kind_name(DataFileKind kind);

class DataFile {
 public:
  // `format` is the [data] format asked for: "text" lets a file of any ending be read as plain text.
  // Unsupported names what is not read (Parquet, archives, UTF-16, binary files) and what to do.
  [[nodiscard]] static Result<DataFile> open(const std::string& path, const std::string& format);

  [[nodiscard]] std::string_view text() const;  // without byte-order mark; lives as long as this
  // From now on text() is a copy in memory: the file may be written to while rows are still read. Not thread-safe.
  void keep_copy();
  [[nodiscard]] DataFileKind kind() const { return kind_; }
  [[nodiscard]] const std::string& name() const { return name_; }                // file name without its folder
  [[nodiscard]] const std::string& kind_reason() const { return kind_reason_; }  // "from the ending .csv"

 private:
  DataFile(MappedFile file, std::string name) : file_(std::move(file)), name_(std::move(name)) {}
  std::optional<MappedFile> file_;
  std::unique_ptr<const std::string> copy_;  // instead of file_
  std::string name_, kind_reason_;
  DataFileKind kind_ = DataFileKind::Text;
};

}  // namespace weft
