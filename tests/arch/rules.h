// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of resources/docs/architecture.md that text alone can show: who may include whom, calls that are forbidden,
// licence lines, paths of somebody's machine, files that grew too long. Each rule takes a path and a text and knows
// nothing of the disk, so that the tests can also show it bad examples.
#pragma once

#include <string>
#include <vector>

namespace weft::arch {

struct Source {
  std::string path;  // from the root, "engine/api/events.h"
  std::string text;
};

// Each returns one line for every violation: "engine/api/x.h:12: what is wrong".
std::vector<std::string> check_includes(const Source& source);
std::vector<std::string> check_forbidden_calls(const Source& source);
std::vector<std::string> check_licence_line(const Source& source);
std::vector<std::string> check_machine_paths(const Source& source);
std::vector<std::string> check_length(const Source& source);

// Every text file of the tree that is ours: not tests/data, not what was built, not fonts and pictures.
std::vector<Source> read_tree(const std::string& root);

}  // namespace weft::arch
