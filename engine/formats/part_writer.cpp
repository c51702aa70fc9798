// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/part_writer.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace weft {
namespace {

constexpr std::uint64_t kPartBytes = 8u << 20;

}  // namespace

Status write_tensor(const SafeTensorSource& tensor, std::uint64_t bytes, PartWriter& writer) {
  if (!tensor.fill_rows) {
    WEFT_RETURN_IF_ERROR(tensor.fill(writer.next(bytes), bytes));
    return writer.put();
  }
  const std::int64_t rows = tensor.shape.size() > 1 ? tensor.shape[0] : 1;
  if (bytes == 0) return {};
  const std::uint64_t row_bytes = bytes / static_cast<std::uint64_t>(rows);
  const auto rows_of_part = static_cast<std::int64_t>(std::max<std::uint64_t>(1, kPartBytes / row_bytes));
  for (std::int64_t row = 0; row < rows; row += rows_of_part) {
    const std::int64_t count = std::min(rows_of_part, rows - row);
    WEFT_RETURN_IF_ERROR(tensor.fill_rows(row, count, writer.next(static_cast<std::uint64_t>(count) * row_bytes)));
    WEFT_RETURN_IF_ERROR(writer.put());
  }
  return {};
}

void watch_parts(std::vector<SafeTensorSource>& tensors, GoOn go_on) {
  struct Watch {
    GoOn go_on;
    std::uint64_t done = 0, all = 0;

    Status begin(std::uint64_t bytes) {
      if (!go_on(done, all)) return {ErrorCode::Cancelled, "the writing was ended; nothing was kept"};
      done += bytes;
      return {};
    }
  };
  const auto watch = std::make_shared<Watch>(Watch{.go_on = std::move(go_on)});
  for (auto& tensor : tensors) {
    std::uint64_t bytes = safetensors_dtype_bytes(tensor.dtype);
    for (const auto extent : tensor.shape) bytes *= static_cast<std::uint64_t>(extent);
    watch->all += bytes;
    const auto rows = static_cast<std::uint64_t>(std::max<std::int64_t>(1, tensor.shape.size() > 1 ? tensor.shape[0] : 1));
    if (tensor.fill)
      tensor.fill = [watch, fill = std::move(tensor.fill)](std::byte* buffer, std::uint64_t size) -> Status {
        WEFT_RETURN_IF_ERROR(watch->begin(size));
        return fill(buffer, size);
      };
    if (tensor.fill_rows)
      tensor.fill_rows = [watch, row_bytes = bytes / rows, fill = std::move(tensor.fill_rows)](std::int64_t first, std::int64_t count, std::byte* buffer) -> Status {
        WEFT_RETURN_IF_ERROR(watch->begin(row_bytes * static_cast<std::uint64_t>(count)));
        return fill(first, count, buffer);
      };
  }
}

}  // namespace weft
