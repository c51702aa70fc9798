// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/output.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace weft::cli {
namespace {

TEST(Printable, LeavesTextAloneAndDisarmsTheRest) {
  EXPECT_EQ(printable("Grüße, 世界 ✓ 🙂"), "Grüße, 世界 ✓ 🙂");
  EXPECT_EQ(printable("a\nb\tc\rd"), "a\\nb\\tc\\rd");
  EXPECT_EQ(printable("\x1b[31mred"), "\\x1b[31mred");
  EXPECT_EQ(printable(std::string_view("nul\0!", 5)), "nul\\x00!");
  EXPECT_EQ(printable("\xff\xc0\xaf\xed\xa0\x80"), "\\xff\\xc0\\xaf\\xed\\xa0\\x80");  // stray, overlong, surrogate
  EXPECT_EQ(printable("\xe2\x82"), "\\xe2\\x82");                                      // cut short
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\xc2\\x9b31m");  // C1 control: a terminal escape
  EXPECT_EQ(printable("\xe2\x80\xae"
                      "abc"),
            "\\xe2\\x80\\xaeabc");  // right-to-left override
}

TEST(Numbers, AreGroupedAndShort) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(134515008), "134,515,008");
  EXPECT_EQ(grouped(-1000), "-1,000");
  EXPECT_EQ(grouped(-100), "-100");
  EXPECT_EQ(significant(3.14159), "3.142");
  EXPECT_EQ(significant(std::nan("")), "-");
  EXPECT_EQ(significant(std::numeric_limits<double>::infinity()), "inf");
}

TEST(Duration, IsReadable) {
  EXPECT_EQ(duration(5), "0:05");
  EXPECT_EQ(duration(125), "2:05");
  EXPECT_EQ(duration(3725), "1:02:05");
  EXPECT_EQ(duration(-1), "-");
  EXPECT_EQ(duration(std::numeric_limits<double>::infinity()), "-");
}

TEST(TableText, AlignsColumnsByCharacters) {
  Table table({"name", "n"}, {false, true});
  table.add({"ü", "10"});
  table.add({"long\n", "7"});
  EXPECT_EQ(table.text(), "name     n\nü       10\nlong\\n   7\n");
}

}  // namespace
}  // namespace weft::cli
