// SPDX-License-Identifier: GPL-3.0-or-later
// safetensors files: strict reader over a memory map, streaming writer. Source: huggingface/safetensors format text.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/files.h"
#include "engine/core/status.h"

namespace weft {

struct SafeTensor {
  std::string name;
  std::string dtype;                 // "F32", "BF16", "F16", "I64", ... as in the header
  std::vector<std::int64_t> shape;
  const std::byte* data = nullptr;
  std::uint64_t bytes = 0;
};

// Immutable after open(); tensors live as long as the file object. Safe from any thread.
class SafeTensorsFile {
 public:
  // Refuses holes, overlaps, duplicate names, lengths that do not match dtype and shape, headers over 100 MB.
  [[nodiscard]] static Result<std::shared_ptr<const SafeTensorsFile>> open(const std::string& path);

  [[nodiscard]] const std::vector<SafeTensor>& tensors() const { return tensors_; }   // by offset
  [[nodiscard]] const SafeTensor* find(const std::string& name) const;
  [[nodiscard]] const std::map<std::string, std::string>& metadata() const { return metadata_; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  explicit SafeTensorsFile(MappedFile file) : file_(std::move(file)) {}
  MappedFile file_;
  std::string path_;
  std::vector<SafeTensor> tensors_;
  std::map<std::string, std::size_t> by_name_;
  std::map<std::string, std::string> metadata_;
};

// A tensor to write. `fill` is called once, in writing order, with a buffer of `bytes` to fill. A large tensor may give `fill_rows`
// instead: it is called for consecutive rows of the first dimension (a vector or a scalar is one row), a few megabytes at a time.
struct SafeTensorSource {
  std::string name;
  std::string dtype;
  std::vector<std::int64_t> shape;
  std::function<Status(std::byte* buffer, std::uint64_t bytes)> fill = {};
  std::function<Status(std::int64_t first_row, std::int64_t rows, std::byte* buffer)> fill_rows = {};
};

[[nodiscard]] std::uint64_t safetensors_dtype_bytes(const std::string& dtype);  // 0: unknown

// Atomic; order and header as the reference writer makes them (dtype by alignment, then name; header padded to 8).
// While one part (a tensor, or some rows of it) is written the next one is made: at most two are in memory.
[[nodiscard]] Status write_safetensors(const std::string& path, std::vector<SafeTensorSource> tensors,
                                       const std::map<std::string, std::string>& metadata = {{"format", "pt"}});

}  // namespace weft
