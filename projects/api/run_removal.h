// SPDX-License-Identifier: GPL-3.0-or-later
// What goes and what stays when a run is deleted. Values only, made by app/run, shown by window and command line.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "projects/api/project.h"

namespace weft {

struct RunRemoval {
  struct File {
    std::string path;  // absolute
    std::uint64_t bytes = 0;
  };
  RunId run = 0;
  std::string name;
  std::vector<File> files;        // that go
  std::vector<std::string> kept;  // exports, and checkpoints that lie elsewhere

  [[nodiscard]] std::uint64_t bytes() const {
    std::uint64_t sum = 0;
    for (const File& file : files) sum += file.bytes;
    return sum;
  }
};

}  // namespace weft
