// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/adapter_ref.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/test_files.h"

namespace weft::cli {
namespace {

using ::testing::HasSubstr;

TEST(RunRef, NamesProjectRunAndStep) {
  const auto plain = parse_run_ref("work/my.weft:r3");
  ASSERT_TRUE(plain.ok() && *plain);
  EXPECT_EQ((*plain)->project, "work/my.weft");
  EXPECT_EQ((*plain)->run, "r3");
  EXPECT_EQ((*plain)->step, 0);
  const auto step = parse_run_ref("a.weft:b.weft:first try@40");
  ASSERT_TRUE(step.ok() && *step);
  EXPECT_EQ((*step)->project, "a.weft:b.weft");
  EXPECT_EQ((*step)->run, "first try");
  EXPECT_EQ((*step)->step, 40);
}

TEST(RunRef, OtherTextIsNoRun) {
  EXPECT_FALSE(*parse_run_ref("adapter"));
  EXPECT_FALSE(*parse_run_ref("my.weft"));
}

TEST(RunRef, MistakesAreNamed) {
  for (const char* text :
       {"a.weft:r1@", "a.weft:r1@x", "a.weft:r1@0", "a.weft:r1@-3", "a.weft:r1@4x", "a.weft:r1@99999999999999999999"})
    EXPECT_THAT(parse_run_ref(text).status().message(), HasSubstr("a number from 1")) << text;
  EXPECT_THAT(parse_run_ref("a.weft:").status().message(), HasSubstr("names no run"));
  EXPECT_THAT(parse_run_ref("a.weft:@3").status().message(), HasSubstr("names no run"));
}

TEST(FindAdapter, RefusesWhatIsNoAdapter) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(find_adapter(folder.file("none"), "").status().code(), ErrorCode::NotFound);
  EXPECT_FALSE(find_adapter(folder.write("junk.safetensors", "not one"), "").ok());
  EXPECT_FALSE(find_adapter(folder.path().string(), "").ok());
  folder.write("bare/adapter_config.json", R"({"peft_type":"LORA","r":4,"lora_alpha":8,"target_modules":["q_proj"]})");
  EXPECT_THAT(find_adapter(folder.file("bare"), "").status().message(), HasSubstr("adapter_model.safetensors"));
  EXPECT_EQ(find_adapter(folder.file("bare"), "no-such-model").status().code(), ErrorCode::NotFound);
  EXPECT_FALSE(find_adapter(folder.file("none.weft") + ":r1", "").ok());
}

}  // namespace
}  // namespace weft::cli
