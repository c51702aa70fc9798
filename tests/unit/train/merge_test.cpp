// SPDX-License-Identifier: GPL-3.0-or-later
// The streamed merge against the merge of whole matrices in memory.
#include <gtest/gtest.h>

#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <tuple>

#include "engine/train/exporter.h"
#include "engine/formats/gguf.h"
#include "engine/train/merged_folder.h"
#include "engine/train/merged_gguf.h"
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

// The model's own file in its own order, with the merged matrices in it: rows of q and k lie as llama.cpp has them, and are read back from there.
TEST(MergedGguf, HoldsTheMergeAndAllElseOfItsModel) {
  for (const char* method : {"lora", "dora_all_linear", "fourierft", "oft"})
    for (const auto& [dtype, type, name] : {std::tuple{"fp32", at::kFloat, "F32"}, std::tuple{"fp16", at::kHalf, "F16"}, std::tuple{"bf16", at::kBFloat16, "BF16"}}) {
      SCOPED_TRACE(std::string(method) + " " + dtype);
      const test::TemporaryFolder folder;
      const auto source = ModelSource::open(kGguf);
      const auto adapter = open_adapter(adapter_of(method));
      ASSERT_TRUE(source.ok() && adapter.ok());
      const Status status = write_merged_gguf(folder.file("model.gguf"), **source, *adapter, dtype, "a template");
      ASSERT_TRUE(status.ok()) << status.message();
      const auto written = ModelSource::open(folder.file("model.gguf"));
      ASSERT_TRUE(written.ok()) << written.status().message();
      ASSERT_EQ((*written)->weights().size(), (*source)->weights().size());
      auto decoder = Decoder::load(*source);
      const auto adapters = load_adapters(**decoder, *adapter);
      ASSERT_TRUE(adapters.ok()) << adapters.status().message();
      (*adapters)->prepare();
      for (std::size_t w = 0; w < (*source)->weights().size(); ++w) {
        const Weight &weight = (*source)->weights()[w], &mine = (*written)->weights()[w];
        ASSERT_EQ(mine.stored_name, weight.stored_name);
        EXPECT_EQ(mine.stored_type, weight.shape.size() > 1 ? name : "F32");
        Tensor expected = at::empty(weight.shape, at::TensorOptions(at::kFloat)), got = at::empty_like(expected);
        ASSERT_TRUE(decode_weight(weight, expected.mutable_data_ptr<float>()).ok());
        ASSERT_TRUE(decode_weight(mine, got.mutable_data_ptr<float>()).ok());
        for (std::size_t i = 0; i < (*adapters)->size(); ++i)
          if ((*adapters)->context(i).path + ".weight" == weight.name) expected = (*adapters)->merged(i);
        if (weight.shape.size() > 1) expected = expected.to(type).to(at::kFloat);
        EXPECT_TRUE(got.equal(expected)) << weight.name;
      }
      const GgufFile &before = *(*source)->gguf(), &after = *(*written)->gguf();
      EXPECT_EQ(after.get_string("tokenizer.chat_template"), "a template");
      for (const auto& [key, value] : before.metadata())
        if (key != "general.alignment" && key != "general.file_type" && key != "general.quantization_version" && key != "tokenizer.chat_template") {
          const GgufValue* kept = after.find(key);
          ASSERT_NE(kept, nullptr) << key;
          EXPECT_TRUE(kept->type() == value.type() && kept->count() == value.count() && std::ranges::equal(kept->stored(), value.stored())) << key;
        }
    }
}

TEST(MergedGguf, IsExportedWithTheLogitsOfTheAdapter) {
  const test::TemporaryFolder folder;
  const auto report = export_adapter({.model = kGguf, .adapter = adapter_of("lora"), .format = "gguf", .dtype = "fp32", .out = folder.file("out")});
  ASSERT_TRUE(report.ok()) << report.status().message();
  EXPECT_EQ(report->files, std::vector<std::string>{"model.gguf"});
  EXPECT_LT(report->max_difference, 1e-4 * report->logits_scale);
  const auto refused = export_adapter({.model = kFolder, .adapter = adapter_of("lora"), .format = "gguf", .out = folder.file("other")});
  EXPECT_NE(refused.status().message().find("is a Hugging Face folder"), std::string::npos) << refused.status().message();
  EXPECT_FALSE(std::filesystem::exists(folder.file("other")));
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

TEST(StreamedMerge, SaysHowFarItIsAndLeavesNothingWhenItIsEnded) {
  const test::TemporaryFolder folder;
  for (const auto& [model, format] : {std::pair{kFolder, "merged"}, {kGguf, "gguf"}, {kFolder, "peft"}, {kFolder, "lora"}}) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> told;
    ExportRequest request{.model = model, .adapter = adapter_of("lora"), .format = format, .rank = format == std::string("lora") ? 2 : 0, .out = folder.file("out")};
    request.go_on = [&](std::uint64_t done, std::uint64_t all) {
      told.emplace_back(done, all);
      return true;
    };
    ASSERT_TRUE(export_adapter(request).ok());
    const std::size_t asked = told.size();
    std::uint64_t last = 0;
    for (const auto& [done, all] : told) {
      if (all == 0) continue;   // before and after the writing
      EXPECT_GE(done, last);
      EXPECT_LT(done, all);
      last = done;
    }
    EXPECT_EQ(last > 0, format == std::string("merged") || format == std::string("gguf"));   // an adapter's few tensors are written in one go
    EXPECT_GE(asked, 4U + 2 * 35) << "before each matrix of the model, with the adapter and as written";
    for (const std::size_t at : {std::size_t{1}, std::size_t{20}, asked / 2, asked - 20, asked}) {   // at the start, in the run before, in the midst, in the run after, at the end
      std::filesystem::remove_all(folder.file("out"));
      std::size_t questions = 0;
      request.go_on = [&](std::uint64_t, std::uint64_t) { return ++questions < at; };
      const auto report = export_adapter(request);
      EXPECT_EQ(report.status().code(), ErrorCode::Cancelled) << report.status().message();
      EXPECT_EQ(questions, at) << format;
      EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << format << " ended at question " << at;
    }
  }
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
