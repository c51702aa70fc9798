// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "engine/api/run_plan.h"
#include "tests/support/test_files.h"

namespace weft {
namespace {

TrainRequest request(const std::string& rows, const Json& train) {
  TrainRequest r;
  r.model = {{"path", std::string(WEFT_TEST_DATA) + "/models/stories260k/stories260K-f32.gguf"}};
  r.data = {{"path", rows}, {"max_length", 64}, {"holdout", 0.0}};
  r.train = train;
  auto complete = validate(r);
  EXPECT_TRUE(complete.ok()) << complete.status().message();
  return *complete;
}

std::string rows_of(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += R"({"text": "Once upon a time there was a dog, number )" + std::to_string(i % 10) + "\"}\n";
  return text;
}

TEST(StepCount, IsWhatTheRunSaysWhereItIsGivenInSteps) {
  const auto count = count_steps(request("/nothing/there.jsonl", {{"steps", 60}}));
  ASSERT_TRUE(count.ok()) << "no file is read for it";
  EXPECT_EQ(count->steps, 60);
}

TEST(StepCount, OfEpochsIsThatOfTheBatchesOfASmallFile) {
  test::TemporaryFolder folder;
  const std::string rows = folder.write("rows.jsonl", rows_of(40));
  const auto steps = [&](const Json& train) {
    const auto count = count_steps(request(rows, train));
    EXPECT_TRUE(count.ok()) << count.status().message();
    EXPECT_TRUE(count.ok() && count->exact);
    return count.ok() ? count->steps : 0;
  };
  EXPECT_EQ(steps({{"steps", 0}, {"epochs", 3.0}, {"batch_size", 4}}), 30);
  EXPECT_EQ(steps({{"steps", 0}, {"epochs", 0.5}, {"batch_size", 8}}), 3) << "a part of a batch is one";
  EXPECT_EQ(steps({{"steps", 0}, {"epochs", 3.0}, {"batch_size", 4}, {"accumulate", 4}}), 8);
}

// More than is read at once: rows are counted by their lines, and batches by those of the first.
TEST(StepCount, OfALargeFileFollowsFromItsNumberOfRows) {
  test::TemporaryFolder folder;
  const std::string rows = folder.write("rows.jsonl", rows_of(20000));
  const auto count = count_steps(request(rows, {{"steps", 0}, {"epochs", 2.0}, {"batch_size", 16}}));
  ASSERT_TRUE(count.ok()) << count.status().message();
  EXPECT_FALSE(count->exact);
  EXPECT_EQ(count->steps, 2500);
  const auto packed = count_steps(request(rows, {{"steps", 0}, {"epochs", 1.0}, {"batch_tokens", 512}}));
  ASSERT_TRUE(packed.ok());
  EXPECT_GT(packed->steps, 400);
  EXPECT_LT(packed->steps, 2000);
}

TEST(StepCount, SaysWhyRowsCannotBeCounted) {
  EXPECT_EQ(count_steps(request("/nothing/there.jsonl", {{"steps", 0}, {"epochs", 1.0}})).status().code(), ErrorCode::NotFound);
}

}  // namespace
}  // namespace weft
