// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/json_scan.h"

#include <algorithm>
#include <array>
#include <string>

namespace weft {
namespace {

// `at` is the opening quote; npos when the string never closes.
std::size_t string_end(std::string_view text, std::size_t at) {
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      return i + 1;
  }
  return std::string_view::npos;
}

bool ends_scalar(char c) {
  return c == ',' || c == ']' || c == '}' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

}  // namespace

std::size_t skip_json_space(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) ++at;
  return at;
}

Result<std::size_t> json_value_end(std::string_view text, std::size_t at, std::size_t* members) {
  if (members) *members = 0;
  if (at >= text.size()) return corrupt("the file ends where a value should be");
  std::array<char, kMaxJsonDepth> closing{};
  std::array<std::size_t, kMaxJsonDepth> keys{};
  std::size_t depth = 0;
  for (std::size_t i = at; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      const std::size_t end = string_end(text, i);
      if (end == std::string_view::npos) return corrupt("a string is never closed");
      if (depth == 0) return end;
      i = end - 1;
    } else if (c == '{' || c == '[') {
      if (depth == closing.size())
        return unsupported("is nested deeper than " + std::to_string(kMaxJsonDepth) + " levels");
      keys[depth] = 0;
      closing[depth++] = c == '{' ? '}' : ']';
    } else if (c == '}' || c == ']') {
      if (depth == 0 || closing[depth - 1] != c) return corrupt(std::string("an unexpected '") + c + "'");
      if (--depth == 0) return i + 1;
    } else if (c == ':' && depth > 0) {
      ++keys[depth - 1];
      if (members) *members = std::max(*members, keys[depth - 1]);
    } else if (depth == 0) {
      if (c == ',') return corrupt("a ',' where a value should be");
      while (i < text.size() && !ends_scalar(text[i])) ++i;
      return i;
    }
  }
  return corrupt(depth ? std::string("a '") + (closing[depth - 1] == '}' ? '{' : '[') + "' is never closed"
                       : std::string("the file ends where a value should be"));
}

}  // namespace weft
