// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace weft {

// The path itself where it exists, else the nearest folder above it that does; absolute.
[[nodiscard]] std::filesystem::path nearest_existing(const std::filesystem::path& path);

// What this process may still write at `path`, which need not exist: of the nearest folder that does. Nothing where that cannot be said.
[[nodiscard]] std::optional<std::uint64_t> free_disk_bytes(const std::filesystem::path& path);

}  // namespace weft
