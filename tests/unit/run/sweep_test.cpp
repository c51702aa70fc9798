// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run/sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weft {
namespace {

using ::testing::HasSubstr;

// "name: assignment assignment" a cell, or the refusal.
std::string swept(const std::vector<std::string>& sets) {
  const auto cells = expand_sweep({}, sets);
  if (!cells.ok()) return cells.status().message();
  std::string text;
  for (const auto& cell : *cells) {
    text += cell.name + ":";
    for (const auto& assignment : cell.assignments) text += " " + assignment;
    text += "\n";
  }
  return text;
}

TEST(Sweep, IsTheGridOfAllValuesWithTheLastChangingFastest) {
  EXPECT_EQ(swept({"train.lr=1e-4, 2e-4", "method.rank=8,16", "steps=20"}),
            "lr=1e-4 rank=8: train.lr=1e-4 method.rank=8 steps=20\n"
            "lr=1e-4 rank=16: train.lr=1e-4 method.rank=16 steps=20\n"
            "lr=2e-4 rank=8: train.lr=2e-4 method.rank=8 steps=20\n"
            "lr=2e-4 rank=16: train.lr=2e-4 method.rank=16 steps=20\n");
}

TEST(Sweep, OfNothingIsOneCell) {
  EXPECT_EQ(swept({}), ":\n");
  EXPECT_EQ(swept({"rank=8"}), ": rank=8\n");
}

TEST(Sweep, NamesTellSettingsOfOneKeyApart) {
  EXPECT_EQ(swept({"train.seed=1,2", "data.seed=3,4"}).substr(0, 26), "train.seed=1 data.seed=3: ");
  EXPECT_EQ(swept({"method.name=lora,dora"}), "method=lora: method.name=lora\nmethod=dora: method.name=dora\n");
}

TEST(Sweep, ListsAreOneValueUnlessInBrackets) {
  EXPECT_EQ(swept({"targets=q_proj,v_proj"}), ": targets=q_proj,v_proj\n");
  EXPECT_EQ(swept({R"(targets=["q_proj","v_proj"],["o_proj"])"}),
            "targets=[q_proj,v_proj]: targets=[\"q_proj\",\"v_proj\"]\ntargets=[o_proj]: targets=[\"o_proj\"]\n");
}

TEST(Sweep, RefusesWhatCannotBeMeant) {
  EXPECT_THAT(swept({"rank"}), HasSubstr("\"rank\" is not key=value"));
  EXPECT_THAT(swept({"rank=8,"}), HasSubstr("rank has an empty value"));
  EXPECT_THAT(swept({"rank=8,16,8"}), HasSubstr("the value \"8\" twice"));
  EXPECT_THAT(swept({"rank=8", "rank=16"}), HasSubstr("rank is named twice; write its values as rank=value,value"));
}

TEST(Sweep, RefusesMoreThanAStatedNumber) {
  const std::string ten = "1,2,3,4,5,6,7,8,9,10";
  EXPECT_EQ(expand_sweep({}, {"rank=" + ten, "train.seed=" + ten})->size(), kMostSwept);
  EXPECT_THAT(swept({"rank=" + ten + ",11", "train.seed=" + ten}), HasSubstr("more than 100 runs (11 rank x 10 train.seed)"));
  EXPECT_THAT(swept(std::vector<std::string>{"a=" + ten, "b=" + ten, "c=" + ten, "d=" + ten, "e=" + ten, "f=" + ten, "g=" + ten, "h=" + ten}),
              HasSubstr("more than 100 runs"));
}

}  // namespace
}  // namespace weft
