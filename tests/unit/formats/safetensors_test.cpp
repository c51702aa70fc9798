// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/safetensors.h"

#include <gmock/gmock.h>

#include <chrono>
#include <cstring>

#include "tests/support/gguf_builder.h"
#include "tests/support/test_files.h"

namespace weft {
namespace {

using ::testing::HasSubstr;

std::string container(const std::string& header, const std::string& data) {
  return test::GgufBuilder::bytes(std::uint64_t{header.size()}) + header + data;
}

SafeTensorSource constant(const std::string& name, const std::string& dtype, std::vector<std::int64_t> shape, char byte) {
  return {name, dtype, std::move(shape), [byte](std::byte* out, std::uint64_t bytes) {
            std::memset(out, byte, bytes);
            return Status();
          }};
}

TEST(SafeTensors, WritesInTheReferenceOrderAndReadsBack) {
  const test::TemporaryFolder folder;
  const auto path = folder.file("a.safetensors");
  const Status written = write_safetensors(path, {constant("b", "F32", {2, 3}, 1), constant("half", "BF16", {3}, 2), constant("a", "F32", {}, 3),
                                                  constant("long", "I64", {1}, 4), constant("none", "F32", {0, 7}, 5), constant("flag", "BOOL", {3}, 1)});
  ASSERT_TRUE(written.ok()) << written.message();
  const std::string content = test::content_of(path);
  std::uint64_t header = 0;
  std::memcpy(&header, content.data(), 8);
  EXPECT_EQ(header % 8, 0u);
  EXPECT_THAT(content.substr(8, header),
              HasSubstr(R"({"__metadata__":{"format":"pt"},"long":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},)"
                        R"("a":{"dtype":"F32","shape":[],"data_offsets":[8,12]},"b":{"dtype":"F32","shape":[2,3],"data_offsets":[12,36]},)"
                        R"("none":{"dtype":"F32","shape":[0,7],"data_offsets":[36,36]},"half":{"dtype":"BF16","shape":[3],"data_offsets":[36,42]},)"
                        R"("flag":{"dtype":"BOOL","shape":[3],"data_offsets":[42,45]}})"));
  const auto file = SafeTensorsFile::open(path);
  ASSERT_TRUE(file.ok()) << file.status().message();
  EXPECT_EQ((*file)->tensors().size(), 6u);
  EXPECT_EQ((*file)->metadata().at("format"), "pt");
  const SafeTensor* half = (*file)->find("half");
  ASSERT_NE(half, nullptr);
  EXPECT_EQ(half->bytes, 6u);
  EXPECT_EQ(half->data[5], std::byte{2});
  EXPECT_EQ((*file)->find("absent"), nullptr);
}

TEST(SafeTensors, ARewrittenModelKeepsEveryTensor) {
  const std::string original = WEFT_TEST_DATA "/models/stories260k/hf/model.safetensors";
  const auto file = SafeTensorsFile::open(original);
  ASSERT_TRUE(file.ok()) << file.status().message();
  std::vector<SafeTensorSource> sources;
  for (const auto& tensor : (*file)->tensors())
    sources.push_back({tensor.name, tensor.dtype, tensor.shape, [&tensor](std::byte* out, std::uint64_t bytes) {
                         std::memcpy(out, tensor.data, bytes);
                         return Status();
                       }});
  const test::TemporaryFolder folder;
  ASSERT_TRUE(write_safetensors(folder.file("copy"), sources, (*file)->metadata()).ok());
  EXPECT_EQ((*file)->tensors().size(), 47u);
  const auto copy = SafeTensorsFile::open(folder.file("copy"));
  ASSERT_TRUE(copy.ok());
  for (const auto& tensor : (*file)->tensors()) {
    const SafeTensor* same = (*copy)->find(tensor.name);
    ASSERT_NE(same, nullptr) << tensor.name;
    EXPECT_EQ(std::memcmp(same->data, tensor.data, tensor.bytes), 0) << tensor.name;
  }
}

TEST(SafeTensors, AWriterThatFailsLeavesNothing) {
  const test::TemporaryFolder folder;
  const Status failed = write_safetensors(folder.file("a"), {{"x", "F32", {2}, [](std::byte*, std::uint64_t) { return io_error("gone"); }}});
  EXPECT_EQ(failed.message(), "gone");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  EXPECT_FALSE(write_safetensors(folder.file("a"), {constant("x", "F33", {2}, 0)}).ok());
  EXPECT_FALSE(write_safetensors(folder.file("a"), {constant("x", "F32", {-2}, 0)}).ok());
  EXPECT_FALSE(write_safetensors(folder.file("a"), {constant("x", "F32", {2}, 0), constant("x", "F32", {2}, 0)}).ok());
  EXPECT_FALSE(write_safetensors(folder.file("a"), {constant("__metadata__", "F32", {2}, 0)}).ok());
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

// A tensor of three parts between small ones: the parts must come out in order, and an error in the middle must leave nothing.
TEST(SafeTensors, RowsMadeInPartsEqualTheWholeTensor) {
  constexpr std::int64_t kRows = 5, kColumns = 1 << 20;  // 20 MB, two rows a part
  const auto fill_rows = [](std::int64_t first, std::int64_t rows, std::byte* out) {
    const std::vector<float> row(static_cast<std::size_t>(kColumns), 1.5F);
    for (std::int64_t r = 0; r < rows; ++r) {
      std::memcpy(out + r * kColumns * 4, row.data(), row.size() * 4);
      const auto number = static_cast<float>(first + r);
      std::memcpy(out + r * kColumns * 4, &number, 4);
    }
    return Status();
  };
  const test::TemporaryFolder folder;
  const SafeTensorSource big{.name = "m", .dtype = "F32", .shape = {kRows, kColumns}, .fill_rows = fill_rows};
  ASSERT_TRUE(write_safetensors(folder.file("x"), {constant("a", "F32", {3}, 7), big, constant("z", "F32", {2}, 9)}).ok());
  const auto file = SafeTensorsFile::open(folder.file("x"));
  ASSERT_TRUE(file.ok()) << file.status().message();
  const auto value = [&file](const char* name, std::int64_t at) {
    float v = 0;
    std::memcpy(&v, (*file)->find(name)->data + at * 4, 4);
    return v;
  };
  for (std::int64_t row = 0; row < kRows; ++row) {
    EXPECT_EQ(value("m", row * kColumns), static_cast<float>(row));
    EXPECT_EQ(value("m", row * kColumns + kColumns - 1), 1.5F);
  }
  const SafeTensorSource bad{.name = "m", .dtype = "F32", .shape = {kRows, kColumns}, .fill_rows = [&](std::int64_t first, std::int64_t rows, std::byte* out) {
                               return first > 1 ? io_error("gone") : fill_rows(first, rows, out);
                             }};
  EXPECT_EQ(write_safetensors(folder.file("y"), {bad}).message(), "gone");
  EXPECT_FALSE(std::filesystem::exists(folder.file("y")));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(SafeTensors, RefusesByNameAndNumbers) {
  const test::TemporaryFolder folder;
  const auto refused = [&folder](const std::string& content) {
    const auto file = SafeTensorsFile::open(folder.write("x", content));
    return file.ok() ? std::string("accepted") : file.status().message();
  };
  const std::string f32 = R"("dtype":"F32","shape":[1],"data_offsets":[0,4])";
  EXPECT_THAT(refused(container("{\"a\":{" + f32 + "}}", "1234")), HasSubstr("accepted"));
  EXPECT_THAT(refused(container("{\"a\":{" + f32 + "},\"a\":{" + f32 + "}}", "1234")), HasSubstr("\"a\" twice"));
  EXPECT_THAT(refused(container("{\"a\":{" + f32 + ",\"dtype\":\"F32\"}}", "1234")), HasSubstr("twice"));
  EXPECT_THAT(refused(container("{\"a\":{" + f32 + ",\"x\":1}}", "1234")), HasSubstr("unknown key \"x\""));
  EXPECT_THAT(refused(container("{\"a\":{" + f32 + "}}", "12345")), HasSubstr("4 bytes, but the file holds 5"));
  EXPECT_THAT(refused(container("{\"a\":{" + f32 + "}}", "123")), HasSubstr("cut off"));
  EXPECT_THAT(refused(container(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", "1234")), HasSubstr("takes 8 bytes"));
  EXPECT_THAT(refused(container(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", "12345678")), HasSubstr("hole"));
  EXPECT_THAT(refused(container(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", "1234")), HasSubstr("negative"));
  EXPECT_THAT(refused(container(R"({"a":{"dtype":"F32","shape":[[1]],"data_offsets":[0,4]}})", "1234")), HasSubstr("a list"));
  EXPECT_THAT(refused(container(R"({"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}})", "12")), HasSubstr("impossible shape"));
  EXPECT_THAT(refused(container(R"({"a":[]})", "")), HasSubstr("a list"));
  EXPECT_THAT(refused(container("{} x", "")), HasSubstr("not valid JSON"));
  EXPECT_THAT(refused(container(std::string("{}\0", 3), "")), HasSubstr("NUL"));
  EXPECT_THAT(refused(container("", "")), HasSubstr("does not start with"));
  EXPECT_THAT(refused(std::string("GGUF\3\0\0\0", 8)), HasSubstr("claims"));
  EXPECT_THAT(refused(container("{}", "")), HasSubstr("accepted"));
}

TEST(SafeTensors, AHugeHostileHeaderEndsSoon) {
  std::string header = "{";
  for (int i = 0; i < 300000; ++i)
    header += (i ? ",\"" : "\"") + std::to_string(i) + R"(":{"dtype":"F32","shape":[0],"data_offsets":[0,0]})";
  const test::TemporaryFolder folder;
  const auto start = std::chrono::steady_clock::now();
  const auto file = SafeTensorsFile::open(folder.write("x", container(header + "}", "")));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  EXPECT_THAT(file.status().message(), HasSubstr("over 262144 tensors"));
  EXPECT_LT(seconds.count(), 40) << "0.4 s in a release build, 20 s under a sanitizer; a look-up per name by search would take minutes";
}

}  // namespace
}  // namespace weft
