// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/gguf.h"

#include <gmock/gmock.h>

#include "tests/support/gguf_builder.h"
#include "tests/support/test_files.h"

namespace weft {
namespace {

using test::GgufBuilder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

GgufBuilder sample() {
  GgufBuilder builder;
  builder.text("general.architecture", "llama").u32("llama.block_count", 5).f32("eps", 1e-5F);
  builder.number("flag", 7, std::uint8_t{1}).number("big", 10, ~std::uint64_t{0}).number("low", 5, std::int32_t{-3});
  builder.texts("tokens", {"a", "", "c\xff"}).numbers<std::int32_t>("types", 5, {3, -1}).numbers<float>("scores", 6, {0.5F, -2.0F});
  builder.tensor("w", {2, 3}, {1, 2, 3, 4, 5, 6}).tensor("q", {2, 64}, 3, std::string(80, '\1'));
  return builder;
}

Result<std::shared_ptr<const GgufFile>> open(const std::string& content) {
  static const test::TemporaryFolder folder;
  return GgufFile::open(folder.write("x.gguf", content));
}

void expect_refused(const GgufBuilder& builder, const std::string& part) {
  const auto file = open(builder.build());
  ASSERT_FALSE(file.ok()) << part;
  EXPECT_THAT(file.status().message(), HasSubstr(part));
  EXPECT_THAT(file.status().message(), HasSubstr("x.gguf"));
}

TEST(Gguf, ReadsValuesByKind) {
  const auto file = open(sample().build());
  ASSERT_TRUE(file.ok()) << file.status().message();
  const GgufFile& gguf = **file;
  EXPECT_EQ(gguf.version(), 3u);
  EXPECT_EQ(gguf.metadata().size(), 9u);
  EXPECT_EQ(gguf.get_string("general.architecture"), "llama");
  EXPECT_EQ(gguf.get_u64("llama.block_count"), 5u);
  EXPECT_EQ(gguf.get_f64("llama.block_count"), 5.0);
  EXPECT_FLOAT_EQ(static_cast<float>(*gguf.get_f64("eps")), 1e-5F);
  EXPECT_EQ(gguf.get_bool("flag"), true);
  EXPECT_EQ(gguf.get_u64("big"), ~std::uint64_t{0});
  EXPECT_EQ(gguf.find("big")->as_i64(), std::nullopt) << "does not fit";
  EXPECT_EQ(gguf.get_u64("low"), std::nullopt) << "negative";
  EXPECT_EQ(gguf.find("low")->as_i64(), -3);
  EXPECT_EQ(gguf.get_u64("eps"), std::nullopt);
  EXPECT_EQ(gguf.find("absent"), nullptr);
}

TEST(Gguf, ReadsArrays) {
  const auto file = open(sample().build());
  ASSERT_TRUE(file.ok());
  const GgufFile& gguf = **file;
  EXPECT_THAT(*gguf.get_strings("tokens"), ElementsAre("a", "", "c\xff"));
  EXPECT_THAT(*gguf.get_ints("types"), ElementsAre(3, -1));
  EXPECT_THAT(*gguf.get_floats("scores"), ElementsAre(0.5F, -2.0F));
  EXPECT_EQ(gguf.get_strings("absent").status().code(), ErrorCode::NotFound);
  EXPECT_THAT(gguf.get_strings("types").status().message(), HasSubstr("array of 2 i32"));
  EXPECT_EQ(gguf.find("tokens")->to_json(64).dump(), "[\"a\",\"\",\"c\xEF\xBF\xBD\"]");
  EXPECT_TRUE(gguf.find("tokens")->to_json(2).is_null());
}

TEST(Gguf, ReadsTensors) {
  const auto file = open(sample().build());
  ASSERT_TRUE(file.ok());
  const GgufTensor* w = (*file)->find_tensor("w");
  ASSERT_NE(w, nullptr);
  EXPECT_THAT(w->shape, ElementsAre(2, 3));
  EXPECT_EQ(w->bytes, 24u);
  float sixth = 0;
  std::memcpy(&sixth, w->data + 20, sizeof sixth);
  EXPECT_EQ(sixth, 6.0F);
  const GgufTensor* q = (*file)->find_tensor("q");
  ASSERT_NE(q, nullptr);
  EXPECT_STREQ(q->type_name, "Q4_1");
  EXPECT_EQ(q->bytes, 80u);
  EXPECT_EQ(q->elements(), 128);
}

TEST(Gguf, RefusesWhatCannotBeRight) {
  GgufBuilder b = sample();
  b.version = 1;
  expect_refused(b, "version 1");
  b = sample(), b.version = 0x03000000;
  expect_refused(b, "big-endian");
  b = sample(), b.extra_keys = std::uint64_t{1} << 40;
  expect_refused(b, "metadata keys");
  b = sample(), b.extra_tensors = std::uint64_t{1} << 60;
  expect_refused(b, "tensors in");
  expect_refused(sample().u32("eps", 1), "\"eps\" appears twice");
  expect_refused(sample().tensor("w", {1}, {1}), "\"w\" appears twice");
  expect_refused(sample().raw_key("x", 13, ""), "unknown type 13");
  expect_refused(sample().raw_key("x", 9, GgufBuilder::bytes(9u) + std::string(64, '\0')), "array of arrays");
  expect_refused(sample().raw_key("x", 9, GgufBuilder::bytes(10u) + GgufBuilder::bytes(~std::uint64_t{0} / 4)), "elements, but");
  expect_refused(sample().raw_key("x", 9, GgufBuilder::bytes(8u) + GgufBuilder::bytes(~std::uint64_t{0} / 4)), "texts, but");
  expect_refused(sample().raw_key("x", 8, GgufBuilder::bytes(~std::uint64_t{0})), "ends inside");
  expect_refused(sample().raw_key("x", 7, "\2"), "neither 0 nor 1");
  expect_refused(sample().u32("general.alignment", 24), "power of two");
  expect_refused(sample().text("general.alignment", "32"), "power of two");
}

TEST(Gguf, RefusesTensorsThatDoNotFit) {
  const std::uint64_t huge = std::uint64_t{1} << 62;
  expect_refused(sample().tensor_at("x", {huge, 4}, 0, 0, ""), "impossible dimension");
  expect_refused(sample().tensor_at("x", {4, 0}, 0, 0, ""), "impossible dimension");
  expect_refused(sample().tensor_at("x", {1, 1, 1, 1, 1}, 0, 0, ""), "5 dimensions");
  expect_refused(sample().tensor_at("x", {}, 0, 0, ""), "0 dimensions");
  expect_refused(sample().tensor_at("x", {2, 33}, 3, 0, ""), "blocks of 32");
  expect_refused(sample().tensor_at("x", {4}, 4, 0, ""), "type number 4");
  expect_refused(sample().tensor_at("x", {4}, 0, 3, std::string(64, '\0')), "no multiple of the alignment");
  expect_refused(sample().tensor_at("x", {4}, 0, 0, ""), "overlap");
  expect_refused(sample().tensor_at("x", {1000}, 0, 160, ""), "needs 4000 bytes");
  expect_refused(sample().tensor_at("x", {4}, 0, ~std::uint64_t{31}, ""), "needs 16 bytes");
  expect_refused(sample().tensor_at(std::string(65, 'n'), {4}, 0, 0, ""), "name of 65 bytes");
}

TEST(Gguf, VersionTwoAndNoTensorsAreFine) {
  GgufBuilder builder;
  builder.version = 2;
  builder.text("general.architecture", "llama");
  const auto file = open(builder.build());
  ASSERT_TRUE(file.ok()) << file.status().message();
  EXPECT_TRUE((*file)->tensors().empty());
  EXPECT_EQ((*file)->version(), 2u);
}

}  // namespace
}  // namespace weft
