// SPDX-License-Identifier: GPL-3.0-or-later
// Small text helpers shared by messages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weft {

// The name nearest to `wrong` by edit distance, or "" when none is near (over a third of its length away).
[[nodiscard]] std::string nearest_name(std::string_view wrong, const std::vector<std::string>& names);

// Printable, single-line, at most max_bytes: for quoting outside text in a message.
[[nodiscard]] std::string quoted_excerpt(std::string_view text, std::size_t max_bytes = 60);

[[nodiscard]] std::string join(const std::vector<std::string>& parts, std::string_view separator);

// 1536 -> "1.5 KB" (powers of 1000, as file managers show them).
[[nodiscard]] std::string human_bytes(double bytes);

}  // namespace weft
