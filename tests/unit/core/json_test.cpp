// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/json.h"

#include <gmock/gmock.h>

#include <chrono>

#include "tests/support/test_files.h"

namespace weft {
namespace {

using ::testing::HasSubstr;

TEST(Json, KeepsTheOrderOfKeys) {
  const auto json = parse_json(R"({"z":1,"a":{"y":[1,2.5,-3,"x",true,null]},"m":{}})");
  ASSERT_TRUE(json.ok()) << json.status().message();
  EXPECT_EQ(to_json_line(*json), R"({"z":1,"a":{"y":[1,2.5,-3,"x",true,null]},"m":{}})");
}

TEST(Json, OfEqualKeysTheLastCounts) {
  const auto json = parse_json(R"({"a":1,"b":2,"a":{"c":[3]}})");
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(to_json_line(*json), R"({"a":{"c":[3]},"b":2})");
  const auto refused = parse_json(R"({"a":1,"b":{"a":2},"a":3})", {.refuse_duplicate_keys = true});
  EXPECT_THAT(refused.status().message(), HasSubstr("repeats the key \"a\""));
  EXPECT_TRUE(parse_json(R"([{"a":1},{"a":2,"b":{"a":3}}])", {.refuse_duplicate_keys = true}).ok());
}

TEST(Json, ErrorsNameLineAndColumn) {
  const auto json = parse_json("{\n  \"a\": 1,\n  \"b\": tru\n}");
  EXPECT_EQ(json.status().code(), ErrorCode::Corrupt);
  EXPECT_THAT(json.status().message(), HasSubstr("line 3"));
  EXPECT_EQ(parse_json("").status().code(), ErrorCode::Corrupt);
  EXPECT_EQ(parse_json("1 2").status().code(), ErrorCode::Corrupt);
}

TEST(Json, RefusesDeepNesting) {
  const std::string allowed = std::string(256, '[') + std::string(256, ']');
  EXPECT_TRUE(parse_json(allowed).ok());
  EXPECT_THAT(parse_json("[" + allowed + "]").status().message(), HasSubstr("deeper than 256"));
  EXPECT_FALSE(parse_json("[[]]", {.max_depth = 1}).ok());
  EXPECT_FALSE(parse_json(std::string(100000, '[')).ok());  // JSONTestSuite n_structure_100000_opening_arrays
  std::string objects;                                      // JSONTestSuite n_structure_open_array_object
  for (int i = 0; i < 50000; ++i) objects += "[{\"\":";
  EXPECT_FALSE(parse_json(objects).ok());
}

TEST(Json, ManyKeysTakeLinearTime) {
  std::string text = "{";
  for (int i = 0; i < 200000; ++i) text += (i ? ",\"k" : "\"k") + std::to_string(i) + "\":0";
  const auto start = std::chrono::steady_clock::now();
  const auto json = parse_json(text + "}");
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(json->size(), 200000u);
  EXPECT_LT(seconds.count(), 10) << "the quadratic way takes minutes";
}

TEST(Json, TheTestSuiteIsJudgedRight) {
  for (const auto& file : test::read_pack(WEFT_TEST_DATA "/hostile/json.tsv")) {
    const auto json = parse_json(file.content);
    if (file.verdict == "accept") {
      EXPECT_TRUE(json.ok()) << file.name << ": " << json.status().message();
    }
    if (file.verdict == "reject") {
      EXPECT_FALSE(json.ok()) << file.name;
    }
    if (json.ok()) {
      EXPECT_FALSE(to_json_line(*json).empty());
    } else {
      EXPECT_EQ(json.status().message().find('\n'), std::string::npos) << file.name;
    }
  }
}

TEST(Json, WritingReplacesInvalidUtf8) {
  EXPECT_EQ(to_json_line(Json("a\xff\n")), "\"a\xEF\xBF\xBD\\n\"");
}

}  // namespace
}  // namespace weft
