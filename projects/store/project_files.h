// SPDX-License-Identifier: GPL-3.0-or-later
// The folder of checkpoints and exports beside a project: what lies in it, and copies of that. Plain functions; any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "engine/core/status.h"

namespace weft {

struct FoundFiles {
  std::vector<std::filesystem::path> files;   // relative to the folder
  std::uint64_t bytes = 0;
};

// Ordinary files alone; links lead out of the folder. The folder itself may be the link that move_project_files() leaves. None where there is no folder.
[[nodiscard]] Result<FoundFiles> find_files(const std::filesystem::path& folder);
// on_bytes as copy_file()'s.
[[nodiscard]] Status copy_files(const std::filesystem::path& from, const FoundFiles& found, const std::filesystem::path& to,
                                const std::function<bool(std::uint64_t bytes)>& on_bytes);

}  // namespace weft
