// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/disk.h"

namespace weft {
namespace fs = std::filesystem;

std::optional<std::uint64_t> free_disk_bytes(const fs::path& path) {
  std::error_code error;
  fs::path at = fs::absolute(path, error);
  while (!at.empty() && at != at.root_path() && !fs::exists(at, error)) at = at.parent_path();
  const auto space = fs::space(at, error);
  if (error || space.available == static_cast<std::uintmax_t>(-1)) return std::nullopt;
  return space.available;
}

}  // namespace weft
