// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/part_writer.h"

#include <algorithm>

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

}  // namespace weft
