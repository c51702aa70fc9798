// SPDX-License-Identifier: GPL-3.0-or-later
// Finds where JSON values end without building them, so that files of any size are read one row at a time.
// It matches brackets and strings only; the value itself is checked by parse_json(). Safe from any thread.
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/core/status.h"

namespace weft {

inline constexpr int kMaxJsonDepth = 64;          // rows nest a handful of levels
inline constexpr std::size_t kMaxMembers = 4096;  // keys of one object; the JSON library searches them linearly

// First byte at or after `at` that is not JSON white space.
[[nodiscard]] std::size_t skip_json_space(std::string_view text, std::size_t at);

// One past the end of the value that starts at `at`. Corrupt when it never ends or brackets do not match;
// Unsupported when it nests deeper than kMaxJsonDepth. `members` is set to the key count of its largest object.
[[nodiscard]] Result<std::size_t> json_value_end(std::string_view text, std::size_t at, std::size_t* members = nullptr);

}  // namespace weft
