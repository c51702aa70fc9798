// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/quantize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <limits>

#include "engine/formats/gguf.h"
#include "tests/support/test_files.h"

namespace weft {
namespace {

using ::testing::HasSubstr;

const std::string kModel = WEFT_TEST_DATA "/models/stories260k/stories260K-f32.gguf";

// The model with another value in the second row of a matrix.
std::string with_value(const test::TemporaryFolder& folder, float value) {
  const auto file = GgufFile::open(kModel);
  EXPECT_TRUE(file.ok());
  const GgufTensor* tensor = (*file)->find_tensor("blk.1.attn_v.weight");
  const GgufTensor* first = &(*file)->tensors().front();
  for (const auto& each : (*file)->tensors())
    if (each.data < first->data) first = &each;
  std::string bytes = test::content_of(kModel);
  const std::size_t data = bytes.find(std::string(reinterpret_cast<const char*>(first->data), 64));   // where the tensors begin
  EXPECT_NE(data, std::string::npos);
  const auto at = data + static_cast<std::size_t>(tensor->data - first->data) + sizeof(float) * (static_cast<std::size_t>(tensor->shape[1]) + 3);
  std::memcpy(bytes.data() + at, &value, sizeof value);
  return folder.write("strange.gguf", bytes);
}

TEST(Quantize, ValuesThatNoBlockHoldsAreRefusedByNameAndLeaveNothing) {
  const test::TemporaryFolder folder;
  for (const float value : {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    const auto refused = quantize_model({.model = with_value(folder, value), .codec = "q4_1", .out = folder.file("out")});
    ASSERT_FALSE(refused.ok());
    EXPECT_THAT(refused.status().message(), HasSubstr("blk.1.attn_v.weight holds a value that is no number, in row 1"));
  }
  for (const auto& codec : quantize_codecs()) {
    const auto refused = quantize_model({.model = with_value(folder, 1e30F), .codec = codec, .out = folder.file("out")});
    ASSERT_FALSE(refused.ok()) << codec;
    EXPECT_THAT(refused.status().message(), HasSubstr("blk.1.attn_v.weight holds values too large")) << codec;
  }
  EXPECT_FALSE(std::filesystem::exists(folder.file("out")));
  EXPECT_TRUE(quantize_model({.model = with_value(folder, 30000.0F), .codec = "q8_0", .out = folder.file("out")}).ok()) << "large, but a half holds its scale";
}

TEST(Quantize, CanBeEndedBetweenTensors) {
  const test::TemporaryFolder folder;
  std::size_t asked = 0;
  const auto ended = quantize_model({.model = kModel, .codec = "q8_0", .out = folder.file("out")}, [&](std::size_t done, std::size_t all) {
    EXPECT_EQ(all, 47U);
    asked = done;
    return done < 5;
  });
  EXPECT_EQ(ended.status().code(), ErrorCode::Cancelled);
  EXPECT_EQ(asked, 5U);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

// Errors by hand from the report's own tensors: more bits, less error; and what is kept says why.
TEST(Quantize, TellsErrorAndBitsOfEachMatrix) {
  const test::TemporaryFolder folder;
  double before = 0;
  for (const auto& codec : quantize_codecs()) {   // from the most bits on
    const auto report = quantize_model({.model = kModel, .codec = codec, .out = folder.file(codec)});
    ASSERT_TRUE(report.ok()) << report.status().message();
    EXPECT_EQ(report->bytes, std::filesystem::file_size(report->path));
    EXPECT_GT(report->error, before) << codec;
    before = report->error;
    for (const auto& t : report->tensors) {
      if (!t.kept.empty()) {
        EXPECT_EQ(t.from, t.to) << t.name;
        EXPECT_EQ(t.error, 0) << t.name;
        EXPECT_TRUE(t.shape.size() == 1 || t.shape.back() % 32 != 0) << t.name;
        continue;
      }
      EXPECT_GT(t.error, 0) << t.name;
      EXPECT_LT(t.error, 0.12) << t.name;
      EXPECT_EQ(t.to == "Q8_0", codec == "q8_0" || t.name == "token_embd.weight" || t.name == "output.weight") << t.name << " " << t.to;
    }
  }
}

}  // namespace
}  // namespace weft
