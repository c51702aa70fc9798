// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/disk_outlook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weft {
namespace {

using ::testing::HasSubstr;

constexpr std::uint64_t kMega = 1000000;

DiskOutlook outlook(std::int64_t steps, std::int64_t every, std::int64_t keep, std::uint64_t available) {
  return disk_outlook(10 * kMega, steps, {{"checkpoint_every", every}, {"keep_checkpoints", keep}}, available);
}

TEST(DiskOutlook, CountsWhatIsThereAtOnce) {
  EXPECT_EQ(outlook(100, 20, 0, 1000 * kMega).count, 5);
  EXPECT_EQ(outlook(101, 20, 0, 1000 * kMega).count, 6) << "one more at the end";
  EXPECT_EQ(outlook(100, 0, 0, 1000 * kMega).count, 1);
  EXPECT_EQ(outlook(100, 20, 2, 1000 * kMega).all, 30 * kMega) << "a new one is whole before an old one goes";
  EXPECT_EQ(outlook(0, 20, 0, 1000 * kMega).count, 1) << "steps that are not known yet";
}

TEST(DiskOutlook, SaysTheBytesWhereTheyAreNotThere) {
  EXPECT_EQ(outlook(100, 20, 0, 1000 * kMega).why, "");
  const DiskOutlook some = outlook(100, 20, 0, 50 * kMega);
  EXPECT_FALSE(some.none);
  EXPECT_THAT(some.why, HasSubstr("5 checkpoints of 10.0 MB take 50.0 MB and 50.0 MB are free"));
  EXPECT_EQ(outlook(100, 20, 2, 50 * kMega).why, "") << "fewer fit";
  const DiskOutlook none = outlook(100, 20, 0, 20 * kMega);
  EXPECT_TRUE(none.none) << "something is left for the project itself";
  EXPECT_THAT(none.why, HasSubstr("a checkpoint takes 10.0 MB and 20.0 MB are free"));
}

}  // namespace
}  // namespace weft
