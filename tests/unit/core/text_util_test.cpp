// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/text_util.h"

#include <gtest/gtest.h>

#include "engine/core/status.h"

namespace weft {
namespace {

TEST(TextUtil, FindsTheNearestName) {
  const std::vector<std::string> names = {"lora", "rslora", "loraplus", "dora"};
  EXPECT_EQ(nearest_name("lroa", names), "lora");
  EXPECT_EQ(nearest_name("rs-lora", names), "rslora");
  EXPECT_EQ(nearest_name("something else", names), "");
  EXPECT_EQ(nearest_name("x", {}), "");
  EXPECT_EQ(nearest_name(std::string(100000, 'x'), {"lora"}).size() <= 4, true);
}

TEST(TextUtil, QuotesOutsideTextOnOneLine) {
  EXPECT_EQ(quoted_excerpt("a\nb\tc\x7f"), "\"a b c \"");
  EXPECT_EQ(quoted_excerpt("abcdef", 3), "\"abc...\"");
  EXPECT_EQ(quoted_excerpt("ab\xC3\xA4", 3), "\"ab...\"") << "no half character";
  EXPECT_EQ(quoted_excerpt(""), "\"\"");
}

TEST(TextUtil, JoinsAndCounts) {
  EXPECT_EQ(join({"a", "b", "c"}, ", "), "a, b, c");
  EXPECT_EQ(join({}, ", "), "");
  EXPECT_EQ(human_bytes(999), "999 B");
  EXPECT_EQ(human_bytes(1536), "1.5 KB");
  EXPECT_EQ(human_bytes(98362432), "98.4 MB");
}

TEST(Status, CarriesItsPlace) {
  EXPECT_EQ(corrupt("bad").with_context("a.gguf").message(), "a.gguf: bad");
  EXPECT_TRUE(ok_status().with_context("a").ok());
  const Result<int> none = not_found("gone");
  EXPECT_FALSE(none.ok());
  EXPECT_EQ(none.status().code(), ErrorCode::NotFound);
  EXPECT_EQ(*Result<int>(7), 7);
}

}  // namespace
}  // namespace weft
