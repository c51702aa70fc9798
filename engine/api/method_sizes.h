// SPDX-License-Identifier: GPL-3.0-or-later
// Presets of a method: its settings as they are, and with its sizes a quarter and four times that. Made of the descriptor alone. Plain values.
#pragma once

#include <string>
#include <vector>

#include "engine/api/method_catalogue.h"

namespace weft {

struct MethodSize {
  std::string name;        // "light", "balanced", "thorough"
  std::string title;       // "Balanced"
  std::string help;        // one sentence
  SettingValues settings;  // those that differ from their defaults
};

// "balanced" is always there and empty; the others where the method has a size and accepts them.
[[nodiscard]] std::vector<MethodSize> method_sizes(const MethodDescriptor& method);

}  // namespace weft
