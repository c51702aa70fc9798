// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/disk.h"

namespace weft {
namespace fs = std::filesystem;

fs::path nearest_existing(const fs::path& path) {
  std::error_code error;
  fs::path at = fs::absolute(path, error).lexically_normal();
  if (!at.has_filename()) at = at.parent_path();   // a slash at the end
  while (!at.empty() && at != at.root_path() && !fs::exists(at, error)) at = at.parent_path();
  return at;
}

std::optional<std::uint64_t> free_disk_bytes(const fs::path& path) {
  std::error_code error;
  const auto space = fs::space(nearest_existing(path), error);
  if (error || space.available == static_cast<std::uintmax_t>(-1)) return std::nullopt;
  return space.available;
}

}  // namespace weft
