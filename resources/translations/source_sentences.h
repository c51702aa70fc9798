// SPDX-License-Identifier: GPL-3.0-or-later
// Finds in source (C++, and Rust as far as the bridge to it needs) what a program says: texts put together of literals and values, by format() or by +, and whole
// literals of several words.
// So what the engine says where it says it, an error above all, is known to the translations without a list beside it. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weft {

// In the order of the source, %1, %2, … where values stand ("rank %1 is outside 1 to %2"), values that touch as one.
// Left out: what has no two words, SQL, markup, text of several lines, and what tr() has already.
[[nodiscard]] std::vector<std::string> sentences_of_source(std::string_view source);

// The parts between "; " that say something, their places counted anew.
[[nodiscard]] std::vector<std::string> clauses_of(std::string_view sentence);

}  // namespace weft
