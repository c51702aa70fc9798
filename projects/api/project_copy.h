// SPDX-License-Identifier: GPL-3.0-or-later
// A copy of a project under another name: one that another window has open, that may not be written here, or whose disk is full.
#pragma once

#include <cstdint>
#include <string>

#include "engine/core/status.h"

namespace weft {

struct ProjectCopy {
  std::string path;
  std::int64_t files = 0;          // checkpoints and whatever else lay in its .files folder
  std::uint64_t bytes = 0;         // of all
};

// As it is at this moment, whoever writes into it meanwhile; `from` stays as it is, of whatever version. ".weft" is added to a name without.
// Complete or absent. AlreadyExists where something has that name; links and other special files are left out. Any thread; takes as long as the disk.
[[nodiscard]] Result<ProjectCopy> copy_project(const std::string& from, const std::string& to);

}  // namespace weft
