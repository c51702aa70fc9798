// SPDX-License-Identifier: GPL-3.0-or-later
// The streamed merge against the merge of whole matrices in memory.
#include <gtest/gtest.h>

#include <sys/resource.h>

#include <csignal>
#include <cstring>

#include "engine/train/exporter.h"
#include "engine/train/merged_folder.h"
#include "tests/support/test_files.h"

namespace weft {
namespace {

const std::string kFolder = WEFT_TEST_DATA "/models/stories260k/hf", kGguf = WEFT_TEST_DATA "/models/stories260k/stories260K-f32.gguf";

std::string adapter_of(const std::string& method) { return WEFT_TEST_DATA "/parity/" + method; }

// dtype of the output; name of it in the file
void expect_same_bytes(const std::string& model, const std::string& method, const std::string& dtype, const char* name, at::ScalarType type) {
  SCOPED_TRACE(model + " " + method + " " + dtype);
  const auto source = ModelSource::open(model);
  ASSERT_TRUE(source.ok()) << source.status().message();
  const auto adapter = open_adapter(adapter_of(method));
  ASSERT_TRUE(adapter.ok()) << adapter.status().message();
  const test::TemporaryFolder folder;
  const Status written = write_merged_folder(folder.path().string(), **source, *adapter, dtype);
  ASSERT_TRUE(written.ok()) << written.message();
  const auto file = SafeTensorsFile::open(folder.file("model.safetensors"));
  ASSERT_TRUE(file.ok()) << file.status().message();

  auto decoder = Decoder::load(*source);
  ASSERT_TRUE(decoder.ok()) << decoder.status().message();
  const auto adapters = load_adapters(**decoder, *adapter);
  ASSERT_TRUE(adapters.ok()) << adapters.status().message();
  (*adapters)->prepare();
  std::size_t changed = 0;
  for (const Weight& weight : (*source)->weights()) {
    if (weight.name.empty()) continue;
    Tensor expected = at::empty(weight.shape, at::TensorOptions(at::kFloat));
    ASSERT_TRUE(decode_weight(weight, expected.mutable_data_ptr<float>()).ok());
    for (std::size_t i = 0; i < (*adapters)->size(); ++i)
      if ((*adapters)->context(i).path + ".weight" == weight.name) expected = (*adapters)->merged(i), ++changed;
    expected = expected.to(type).contiguous();
    const SafeTensor* mine = (*file)->find(weight.name);
    ASSERT_NE(mine, nullptr) << weight.name;
    EXPECT_EQ(mine->dtype, name);
    EXPECT_EQ(mine->shape, weight.shape);
    ASSERT_EQ(mine->bytes, static_cast<std::uint64_t>(expected.nbytes())) << weight.name;
    EXPECT_EQ(std::memcmp(mine->data, expected.const_data_ptr(), mine->bytes), 0) << weight.name;
  }
  EXPECT_EQ(changed, (*adapters)->size());
}

TEST(StreamedMerge, WritesTheBytesOfTheMergeInMemory) {
  for (const std::string& model : {kFolder, kGguf}) {  // GGUF: rotary rows lie in another order
    for (const char* method : {"lora", "dora_all_linear"}) {
      expect_same_bytes(model, method, "fp32", "F32", at::kFloat);
      expect_same_bytes(model, method, "bf16", "BF16", at::kBFloat16);
    }
    expect_same_bytes(model, "lora", "fp16", "F16", at::kHalf);
  }
}

TEST(StreamedMerge, AnExportThatDoesNotFitLeavesNothing) {
  const test::TemporaryFolder folder;
  const ExportRequest request{.model = kFolder, .adapter = adapter_of("lora"), .format = "merged", .dtype = "fp32", .out = folder.file("out")};
  rlimit before{};  // a file that may not grow further stands in for a full disk
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 300'000;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto report = export_adapter(request);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.status().code(), ErrorCode::IoError) << report.status().message();
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  EXPECT_TRUE(export_adapter(request).ok());
}

TEST(StreamedMerge, AnAdapterOfAnotherModelIsRefused) {
  const test::TemporaryFolder folder;
  const auto source = ModelSource::open(kFolder);
  auto adapter = open_adapter(adapter_of("lora"));
  ASSERT_TRUE(source.ok() && adapter.ok());
  folder.write("adapter_config.json", "{}");
  ASSERT_TRUE(write_safetensors(folder.file("other.safetensors"), {}).ok());
  adapter->file = *SafeTensorsFile::open(folder.file("other.safetensors"));
  const Status refused = write_merged_folder(folder.path().string(), **source, *adapter, "fp32");
  EXPECT_NE(refused.message().find("was made for another model"), std::string::npos) << refused.message();
  EXPECT_NE(write_merged_folder(folder.path().string(), **source, *adapter, "int8").message().find("fp32, bf16 and fp16"), std::string::npos);
}

}  // namespace
}  // namespace weft
