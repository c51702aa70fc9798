// SPDX-License-Identifier: GPL-3.0-or-later
// A copy of a project under another name: one that another window has open, that may not be written here, or whose disk is full.
#pragma once

#include <cstdint>
#include <string>

#include "engine/core/go_on.h"
#include "engine/core/status.h"

namespace weft {

struct ProjectCopy {
  std::string path;
  std::int64_t files = 0;          // checkpoints and whatever else lay in its .files folder
  std::uint64_t bytes = 0;         // of all
};

// As it is at this moment, whoever writes into it meanwhile; `from` stays as it is, of whatever version. ".weft" is added to a name without.
// Complete or absent. AlreadyExists where something has that name; links and other special files are left out. Any thread; takes as long as the disk, and
// tells `go_on`, which may be empty, of the bytes.
[[nodiscard]] Result<ProjectCopy> copy_project(const std::string& from, const std::string& to, const GoOn& go_on = {});

struct MovedFiles {
  std::string folder;              // where they lie now
  std::int64_t files = 0;
  std::uint64_t bytes = 0;
};

// Brings a project's .files folder into another folder, such as one on a disk with room, and leaves a link of its name in its place, which everything follows.
// For a project whose run is paused on a full disk as well; Busy while a run goes on. The old files go when the new ones are whole and in their place.
// AlreadyExists where that folder has one of the name. Any thread; takes as long as the disk, and tells `go_on`, which may be empty, of the bytes that
// are copied: until all are, it can be ended, and then the files are where they were.
[[nodiscard]] Result<MovedFiles> move_project_files(const std::string& project, const std::string& folder, const GoOn& go_on = {});

}  // namespace weft
