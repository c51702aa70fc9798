// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of engine/text share.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "engine/core/files.h"
#include "engine/core/json.h"
#include "engine/text/tokenizer.h"

namespace weft::test {

inline std::string shared(const std::string& path) { return std::string(WEFT_SHARED_DATA) + "/" + path; }
inline std::string fixture(const std::string& path) { return std::string(WEFT_TEST_DATA) + "/tokenizers/" + path; }

inline std::string content(const std::string& path) {
  auto text = read_file(path, 64u << 20);
  EXPECT_TRUE(text.ok()) << text.status().message();
  return text.ok() ? *text : std::string();
}

inline Json json_of(const std::string& path) {
  auto parsed = parse_json(content(path));
  EXPECT_TRUE(parsed.ok()) << path << ": " << parsed.status().message();
  return parsed.ok() ? *parsed : Json();
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// llama.cpp's case files: texts, each followed by a separator line.
inline std::vector<std::string> llama_cases(const std::string& path) {
  const std::string all = content(path), separator = "\n__ggml_vocab_test__\n";
  std::vector<std::string> cases;
  for (std::size_t from = 0, at; (at = all.find(separator, from)) != std::string::npos; from = at + separator.size())
    cases.push_back(all.substr(from, at - from));
  return cases;
}

inline std::vector<std::int32_t> ids_of_line(const std::string& line) {
  std::vector<std::int32_t> ids;
  std::istringstream stream(line);
  for (std::int32_t id; stream >> id;) ids.push_back(id);
  return ids;
}

// Every byte of the text lies in the range of some token, ranges never go back, and where a token's range does not overlap
// its neighbours' it stands alone: cutting the text at the ranges' ends loses nothing.
inline void expect_ranges_cover(const Encoding& encoding, const std::string& text) {
  ASSERT_EQ(encoding.begin.size(), encoding.ids.size());
  ASSERT_EQ(encoding.end.size(), encoding.ids.size());
  ASSERT_EQ(encoding.special.size(), encoding.ids.size());
  std::string rebuilt;
  std::uint32_t covered = 0;
  for (std::size_t i = 0; i < encoding.ids.size(); ++i) {
    const std::uint32_t begin = encoding.begin[i], end = encoding.end[i];
    if (encoding.special[i] && begin == 0 && end == 0) continue;  // added, not of the text
    ASSERT_LE(begin, end);
    ASSERT_LE(end, text.size());
    ASSERT_LE(begin, covered) << "a hole before token " << i << " in: " << text;
    if (end > covered) {
      rebuilt += text.substr(covered, end - covered);
      covered = end;
    }
  }
  EXPECT_EQ(rebuilt, text);
}

}  // namespace weft::test
