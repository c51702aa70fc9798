// SPDX-License-Identifier: GPL-3.0-or-later
// Writes the fixture of the present schema version: weft_project_fixture tests/data/projects/v<version>.weft
// Run once when a version is released; a fixture that exists is never written again.
#include <cstdio>

#include "tests/unit/projects/project_testing.h"

int main(int argc, char** argv) {
  if (argc != 2 || std::filesystem::exists(argv[1])) {
    std::fprintf(stderr, "usage: weft_project_fixture NEW_FILE\n");
    return 2;
  }
  const auto project = weft::testing::open_project(argv[1]);
  weft::testing::fill_fixture(*project);
  weft::testing::fill_queue(*project);
  weft::testing::expect_fixture(*project);
  weft::testing::expect_queue(*project);
  std::filesystem::remove(project->files_folder());  // empty: the fixture has no files
  return 0;
}
