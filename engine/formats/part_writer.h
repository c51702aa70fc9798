// SPDX-License-Identifier: GPL-3.0-or-later
// Tensors into a file, a part after the other: while one is written the next one is made, so that at most two are in memory.
#pragma once

#include <array>
#include <cstdint>
#include <future>
#include <vector>

#include "engine/core/files.h"
#include "engine/core/go_on.h"
#include "engine/formats/safetensors.h"

namespace weft {

// Writes a part on a thread of its own while the next one is made. Stays where it is; its destructor waits for the thread.
class PartWriter {
 public:
  explicit PartWriter(AtomicFile& file) : file_(file) {}
  PartWriter(const PartWriter&) = delete;
  PartWriter& operator=(const PartWriter&) = delete;

  // Where the next part is made; valid until put().
  std::byte* next(std::uint64_t bytes) {
    Part& part = parts_[free_];
    if (part.buffer.size() < bytes) part.buffer.resize(bytes);
    part.bytes = bytes;
    return part.buffer.data();
  }
  // Waits for the part before; says how that went.
  Status put() {
    WEFT_RETURN_IF_ERROR(finish());
    writing_ = std::async(std::launch::async, [this, &part = parts_[free_]] { return file_.write(part.buffer.data(), part.bytes); });
    free_ = 1 - free_;
    return {};
  }
  Status finish() { return writing_.valid() ? writing_.get() : Status(); }

 private:
  struct Part {
    std::vector<std::byte> buffer;
    std::uint64_t bytes = 0;
  };
  AtomicFile& file_;
  std::array<Part, 2> parts_;
  std::size_t free_ = 0;
  std::future<Status> writing_;  // last: waits for the thread before the buffers go
};

// A tensor of so many bytes: whole, or some megabytes of rows at a time where it gives `fill_rows`.
[[nodiscard]] Status write_tensor(const SafeTensorSource& tensor, std::uint64_t bytes, PartWriter& writer);

// Has it asked before each part, in bytes; the writing then ends as Cancelled.
void watch_parts(std::vector<SafeTensorSource>& tensors, GoOn go_on);

}  // namespace weft
