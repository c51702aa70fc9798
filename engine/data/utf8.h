// SPDX-License-Identifier: GPL-3.0-or-later
// UTF-8 as RFC 3629 has it. Safe from any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace weft {

// Byte offset of the first sequence that is not UTF-8 (overlong forms, surrogates, values over U+10FFFF included),
// or npos when there is none.
[[nodiscard]] std::size_t first_invalid_utf8(std::string_view text);

// The text without a leading byte-order mark.
[[nodiscard]] inline std::string_view without_bom(std::string_view text) {
  return text.substr(0, 3) == "\xEF\xBB\xBF" ? text.substr(3) : text;
}

}  // namespace weft
