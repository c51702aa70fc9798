// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/gguf_adapter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <map>

#include "engine/formats/gguf.h"
#include "engine/formats/gguf_writer.h"
#include "engine/train/adapter_io.h"
#include "engine/train/exporter.h"
#include "engine/train/inspection.h"
#include "engine/train/loaded_model.h"
#include "tests/support/test_files.h"

namespace weft {
namespace {

const std::string kFolder = WEFT_TEST_DATA "/models/stories260k/hf", kGguf = WEFT_TEST_DATA "/models/stories260k/stories260K-f32.gguf";
const std::string kLora = WEFT_TEST_DATA "/parity/lora", kDora = WEFT_TEST_DATA "/parity/dora";

LoadedModel loaded(const std::string& model, const std::string& adapter) {
  auto result = load_model(model, adapter);
  EXPECT_TRUE(result.ok()) << result.status().message();
  return std::move(result).value();
}

// The names and the order of rows come from the file of the one and from the family's table for the other.
TEST(GgufAdapter, IsTheSameWhicheverFormTheBaseCameIn) {
  const test::TemporaryFolder folder;
  std::vector<std::string> bytes;
  for (const auto& model : {kGguf, kFolder}) {
    const LoadedModel m = loaded(model, kLora);
    const std::string file = folder.file("adapter-" + std::to_string(bytes.size()) + ".gguf");
    const Status written = write_adapter_gguf(file, *m.adapters, m.model->source(), /*half=*/false);
    ASSERT_TRUE(written.ok()) << written.message();
    const auto read = read_adapter_gguf(file, m.model->source());
    ASSERT_TRUE(read.ok()) << read.status().message();
    ASSERT_EQ(read->size(), m.adapters->size());
    for (const auto& [site, f] : *read)
      for (std::size_t i = 0; i < m.adapters->size(); ++i)
        if (m.adapters->context(i).path == site) {
          EXPECT_TRUE(f.right.equal(m.adapters->factors(i).right)) << site;
          EXPECT_TRUE(f.left.equal(m.adapters->factors(i).left * m.adapters->factors(i).scale)) << site;
        }
    const auto gguf = GgufFile::open(file);
    ASSERT_TRUE(gguf.ok()) << gguf.status().message();
    EXPECT_NE((*gguf)->find_tensor("blk.0.attn_q.weight.lora_b"), nullptr);
    const auto& tensor = *(*gguf)->find_tensor("blk.0.attn_q.weight.lora_b");
    bytes.emplace_back(reinterpret_cast<const char*>(tensor.data), tensor.bytes);
  }
  EXPECT_EQ(bytes[0], bytes[1]);
}

TEST(GgufAdapter, ExportsWithTheLogitsOfTheAdapter) {
  for (const char* dtype : {"fp32", "auto"}) {
    const test::TemporaryFolder folder;
    const auto report = export_adapter({.model = kGguf, .adapter = kLora, .format = "gguf-adapter", .dtype = dtype, .out = folder.file("out")});
    ASSERT_TRUE(report.ok()) << report.status().message();
    EXPECT_EQ(report->files, std::vector<std::string>{"adapter.gguf"});
    EXPECT_LT(report->max_difference, (dtype == std::string("fp32") ? 1e-5 : 1e-2) * report->logits_scale);   // 24 and 11 bits
  }
}

// Without its model, under the names and the order of rows that the file has; singular values do not depend on either.
TEST(GgufAdapter, IsInspectedAsThePeftFolderIs) {
  const test::TemporaryFolder folder;
  ASSERT_TRUE(export_adapter({.model = kGguf, .adapter = kLora, .format = "gguf-adapter", .dtype = "fp32", .out = folder.file("out")}).ok());
  const auto peft = inspect_adapter({.adapter = kLora, .base = ""}), gguf = inspect_adapter({.adapter = folder.file("out/adapter.gguf"), .base = kGguf});
  ASSERT_TRUE(peft.ok() && gguf.ok()) << peft.status().message() << gguf.status().message();
  EXPECT_EQ(gguf->method, "LoRA");
  EXPECT_EQ(gguf->parameters, peft->parameters);
  ASSERT_EQ(gguf->spectra.size(), peft->spectra.size());
  std::map<std::pair<int, double>, std::int64_t> norms;   // by layer: the modules have other names
  const auto rounded = [](double norm) { return std::round(norm * 1e4) / 1e4; };
  for (std::size_t i = 0; i < peft->spectra.size(); ++i) {
    ++norms[{peft->sites[i].layer, rounded(peft->spectra[i].frobenius)}];
    --norms[{gguf->sites[i].layer, rounded(gguf->spectra[i].frobenius)}];
  }
  for (const auto& [norm, left] : norms) EXPECT_EQ(left, 0) << norm.first << " " << norm.second;
  const auto close = close_up_of_file({.adapter = folder.file("out/adapter.gguf"), .base = "", .other = folder.file("out/adapter.gguf"), .site = "blk.1.attn_q"});
  ASSERT_TRUE(close.ok()) << close.status().message();
  EXPECT_EQ(close->shown.module, "attn_q");
  EXPECT_LT(close->difference.frobenius, 1e-9) << "less itself nothing is left";
  const auto trained = open_adapter(folder.file("out/adapter.gguf"));
  ASSERT_FALSE(trained.ok());
  EXPECT_NE(trained.status().message().find("for llama.cpp"), std::string::npos) << trained.status().message();
}

TEST(GgufAdapter, IsPutOnItsModelAndExportedAsThePeftFolderIs) {
  const test::TemporaryFolder folder;
  for (const auto& base : {kGguf, kFolder}) {
    const std::string at = folder.file(base == kGguf ? "gguf" : "hf"), file = at + "/adapter.gguf";
    ASSERT_TRUE(export_adapter({.model = base, .adapter = kLora, .format = "gguf-adapter", .dtype = "fp32", .out = at}).ok());
    const LoadedModel peft = loaded(base, kLora), gguf = loaded(base, file);
    ASSERT_EQ(gguf.adapters->size(), peft.adapters->size());
    for (std::size_t i = 0; i < peft.adapters->size(); ++i) {
      EXPECT_EQ(gguf.adapters->context(i).path, peft.adapters->context(i).path);
      const Tensor difference = gguf.adapters->merged(i) - peft.adapters->merged(i);
      EXPECT_LT(difference.abs().max().item<double>(), 1e-6) << i << ": the scale was multiplied into B, in 24 bits";
    }
    for (const char* format : {"peft", "merged"}) {
      const auto report = export_adapter({.model = base, .adapter = file, .format = format, .dtype = "fp32", .out = at + "-" + format});
      ASSERT_TRUE(report.ok()) << report.status().message();
    }
    const LoadedModel again = loaded(base, at + "-peft");
    EXPECT_LT((again.adapters->merged(1) - peft.adapters->merged(1)).abs().max().item<double>(), 1e-6);
    const auto near = export_adapter({.model = base, .adapter = kLora, .format = "lora", .rank = 2, .out = at + "-near"}),
               same = export_adapter({.model = base, .adapter = file, .format = "lora", .rank = 2, .out = at + "-same"});
    ASSERT_TRUE(near.ok() && same.ok()) << near.status().message() << same.status().message();
    EXPECT_NEAR(same->approximation->energy, near->approximation->energy, 1e-5);
    EXPECT_EQ(same->approximation->rank, 2);
  }
}

TEST(GgufAdapter, RefusesWhatTheFormCannotSay) {
  const test::TemporaryFolder folder;
  const auto dora = export_adapter({.model = kGguf, .adapter = kDora, .format = "gguf-adapter", .out = folder.file("out")});
  ASSERT_FALSE(dora.ok());
  EXPECT_NE(dora.status().message().find("DoRA is not: export merged weights"), std::string::npos) << dora.status().message();
  EXPECT_FALSE(std::filesystem::exists(folder.file("out")));
  EXPECT_FALSE(export_adapter({.model = kGguf, .adapter = kLora, .format = "gguf-adapter", .dtype = "bf16", .out = folder.file("out")}).ok());
}

TEST(GgufAdapter, StrangeFilesAreRefusedByName) {
  const test::TemporaryFolder folder;
  const LoadedModel m = loaded(kGguf, "");
  const auto floats = [](const std::string& name, std::int64_t rows, std::int64_t columns) {
    return SafeTensorSource{.name = name, .dtype = "F32", .shape = {rows, columns}, .fill = [](std::byte* to, std::uint64_t bytes) -> Status {
                              std::memset(to, 0, bytes);
                              return {};
                            }};
  };
  const std::vector<GgufEntry> right{{"general.architecture", std::string("llama")}, {"general.type", std::string("adapter")},
                                     {"adapter.type", std::string("lora")}, {"adapter.lora.alpha", 8.0F}};
  const auto refusal = [&](const std::vector<GgufEntry>& metadata, const std::vector<SafeTensorSource>& tensors) {
    const std::string file = folder.file("strange.gguf");
    EXPECT_TRUE(write_gguf(file, metadata, tensors).ok());
    const auto read = read_adapter_gguf(file, m.model->source());
    return read.ok() ? std::string("accepted") : read.status().message();
  };
  const std::string q = "blk.0.attn_q.weight";
  EXPECT_EQ(refusal(right, {floats(q + ".lora_a", 4, 64), floats(q + ".lora_b", 64, 4)}), "accepted");
  EXPECT_NE(refusal(right, {floats(q + ".lora_a", 4, 64)}).find("one half"), std::string::npos);
  EXPECT_NE(refusal(right, {floats(q + ".lora_a", 4, 64), floats(q + ".lora_b", 64, 3)}).find("do not fit together"), std::string::npos);
  EXPECT_NE(refusal(right, {floats(q + ".lora_a", 4, 32), floats(q + ".lora_b", 64, 4)}).find("do not fit its 64 x 64"), std::string::npos);
  EXPECT_NE(refusal(right, {floats(q + ".lora_a", 4, 64), floats(q + ".lora_b", 64, 4), floats("blk.9.x", 1, 1)}).find("blk.9.x"), std::string::npos);
  EXPECT_NE(refusal(right, {}).find("no pair"), std::string::npos);
  auto other = right;
  other[0].second = std::string("qwen2");
  EXPECT_NE(refusal(other, {floats(q + ".lora_a", 4, 64), floats(q + ".lora_b", 64, 4)}).find("belongs to a"), std::string::npos);
  EXPECT_NE(refusal({}, {}).find("no LoRA adapter"), std::string::npos);
}

}  // namespace
}  // namespace weft
