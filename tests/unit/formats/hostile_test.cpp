// SPDX-License-Identifier: GPL-3.0-or-later
// Files from outside, damaged in every way: refused or read, never a crash. Run under -DWEFT_SANITIZE=address this also
// proves that no byte outside the map is touched.
#include <gmock/gmock.h>

#include "engine/api/model_info.h"
#include "engine/formats/gguf.h"
#include "engine/formats/model_source.h"
#include "engine/formats/peft_config.h"
#include "engine/formats/safetensors.h"
#include "tests/support/model_builder.h"

namespace weft {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;
using test::TinyModel;

// Opens it in every way, reads all that can be read. The messages are one line each.
void offer(const std::string& path) {
  std::vector<std::string> messages;
  const auto info = inspect_model(path);
  if (info.ok()) {
    EXPECT_FALSE(to_json_line(to_json(*info)).empty());
  } else {
    messages.push_back(info.status().message());
  }
  const auto model = ModelSource::open(path);
  if (model.ok()) {
    std::vector<float> out;
    for (const auto& weight : (*model)->weights()) {
      if (weight.type == WeightType::Other || weight.elements() > 1 << 20) continue;
      out.resize(static_cast<std::size_t>(weight.elements()));
      EXPECT_TRUE(decode_weight(weight, out.data()).ok()) << weight.name;
    }
  } else {
    messages.push_back(model.status().message());
  }
  for (const auto& message : messages) {
    EXPECT_NE(message, "");
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    EXPECT_LT(message.size(), 1000u) << message;
  }
}

void offer_gguf(const std::string& path) {
  const auto file = GgufFile::open(path);
  if (file.ok()) {
    for (const auto& [key, value] : (*file)->metadata()) {
      EXPECT_FALSE(value.describe().empty());
      (void)to_json_line(value.to_json(64));
    }
  }
  offer(path);
}

// The numbers are those of a linear congruential generator: the same damage on every run.
std::string damaged(std::string content, std::uint32_t seed, std::size_t within) {
  for (int i = 0; i < 3; ++i) {
    seed = seed * 1664525u + 1013904223u;
    const std::size_t at = (seed >> 8) % std::min(within, content.size());
    seed = seed * 1664525u + 1013904223u;
    content[at] = static_cast<char>(seed >> 24);
  }
  return content;
}

TEST(Hostile, GgufCorpusIsJudgedRight) {
  const TemporaryFolder folder;
  for (const auto& file : test::read_pack(WEFT_TEST_DATA "/hostile/gguf.tsv")) {
    const auto path = folder.write("x.gguf", file.content);
    if (file.verdict == "reject") {
      EXPECT_FALSE(GgufFile::open(path).ok() && ModelSource::open(path).ok()) << file.name;
      EXPECT_FALSE(GgufFile::open(path).ok()) << file.name;
    }
    offer_gguf(path);
  }
}

TEST(Hostile, SafeTensorsTableIsJudgedRight) {
  const TemporaryFolder folder;
  for (const auto& file : test::read_pack(WEFT_TEST_DATA "/hostile/safetensors.tsv")) {
    const auto opened = SafeTensorsFile::open(folder.write("x.safetensors", file.content));
    EXPECT_EQ(opened.ok(), file.verdict == "accept") << file.name << ": " << opened.status().message();
  }
}

TEST(Hostile, AnyTruncationOfAGgufIsRefused) {
  const TinyModel tiny("llama");
  auto builder = tiny.gguf();
  builder.texts("tokenizer.ggml.tokens", {"a", "b"}).text("tokenizer.ggml.model", "gpt2");
  tiny.add_tensors(builder);
  const std::string whole = builder.build();
  const TemporaryFolder folder;
  ASSERT_TRUE(ModelSource::open(folder.write("x.gguf", whole)).ok());
  for (std::size_t size = 0; size < whole.size() - 32; size += 7) {
    const auto path = folder.write("x.gguf", whole.substr(0, size));
    EXPECT_FALSE(GgufFile::open(path).ok()) << size;
    offer(path);
  }
}

TEST(Hostile, FlippedBytesOfAGguf) {
  const TinyModel tiny("qwen3", true);
  auto builder = tiny.gguf();
  builder.texts("tokenizer.ggml.tokens", {"a", "b"}).numbers<float>("tokenizer.ggml.scores", 6, {1, 2});
  tiny.add_tensors(builder);
  const std::string whole = builder.build();
  const std::size_t header = whole.find("blk.1.ffn_up.weight") + 100;  // the weights' own bytes can hold anything
  const TemporaryFolder folder;
  for (std::uint32_t seed = 0; seed < 3000; ++seed) offer_gguf(folder.write("x.gguf", damaged(whole, seed, header)));
}

TEST(Hostile, TruncatedAndFlippedSafeTensors) {
  const TinyModel tiny("qwen2");
  const TemporaryFolder folder;
  tiny.write_hf(folder, tiny.hf_config());
  const std::string whole = test::content_of(folder.path() / "model.safetensors");
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    folder.write("model.safetensors", whole.substr(0, size));
    EXPECT_FALSE(SafeTensorsFile::open(folder.file("model.safetensors")).ok()) << size;
    if (size % 49 == 0) offer(folder.path().string());
  }
  for (std::uint32_t seed = 0; seed < 2000; ++seed) {
    folder.write("model.safetensors", damaged(whole, seed, 3000));
    offer(folder.path().string());
  }
}

TEST(Hostile, DamagedConfigurations) {
  const TinyModel tiny("qwen2");
  const TemporaryFolder folder;
  Json json = tiny.hf_config();
  json["rope_parameters"] = {{"rope_type", "llama3"}, {"factor", 8.0}};
  json["use_sliding_window"] = true, json["sliding_window"] = 16, json["layer_types"] = {"full_attention", "full_attention"};
  tiny.write_hf(folder, json);
  ASSERT_TRUE(ModelSource::open(folder.path().string()).ok());
  const std::string whole = json.dump();
  for (std::uint32_t seed = 0; seed < 1500; ++seed) {
    folder.write("config.json", damaged(whole, seed, whole.size()));
    offer(folder.path().string());
  }
  const Json odd[] = {nullptr, true, -1, 0, 1, 1e300, "x", Json::array(), Json::object(), std::uint64_t{1} << 63, INT64_MIN, {1, 2}};
  for (const auto& [key, value] : json.items())
    for (const auto& strange : odd) {
      Json changed = json;
      changed[key] = strange;
      folder.write("config.json", changed.dump());
      offer(folder.path().string());
    }
  const std::string adapter = test::content_of(WEFT_TEST_DATA "/formats/adapter_config_lora_patterns.json");
  for (std::uint32_t seed = 0; seed < 1500; ++seed) {
    folder.write("adapter_config.json", damaged(adapter, seed, adapter.size()));
    const auto config = read_peft_config(folder.path().string());
    if (config.ok()) {
      EXPECT_GE(config->rank_of("model.layers.1.self_attn.q_proj"), 1);
    }
  }
}

TEST(Hostile, EveryHostileFileAsAModel) {
  const fs::path shared = fs::path(WEFT_SHARED_DATA) / "hostile";
  if (!fs::exists(shared)) GTEST_SKIP() << "the larger collection of hostile files is not here (" << shared << ")";
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(shared)) {
    if (entry.is_directory()) {
      offer(entry.path().string());
      continue;
    }
    ++files;
    SCOPED_TRACE(entry.path().filename().string());
    offer(entry.path().string());
    (void)SafeTensorsFile::open(entry.path().string());
    const auto text = read_file(entry.path(), 8u << 20);
    ASSERT_TRUE(text.ok()) << text.status().message();
    const auto json = parse_json(*text);
    const std::string name = entry.path().filename().string();
    if (entry.path().parent_path().filename() == "json" && entry.path().parent_path().parent_path() == shared && name[1] == '_') {
      EXPECT_TRUE(json.ok() || name[0] != 'y') << json.status().message();
      EXPECT_TRUE(!json.ok() || name[0] != 'n');
    }
  }
  EXPECT_GT(files, 600);
}

TEST(Hostile, TheSharedSafeTensorsTable) {
  const fs::path shared = fs::path(WEFT_SHARED_DATA) / "hostile";
  if (!fs::exists(shared)) GTEST_SKIP() << "the larger collection of hostile files is not here (" << shared << ")";
  std::istringstream lines(test::content_of(shared / "safetensors-expected.tsv"));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    const auto first = line.find('\t'), second = line.find('\t', first + 1);
    const auto opened = SafeTensorsFile::open((shared / "safetensors" / line.substr(0, first)).string());
    EXPECT_EQ(opened.ok(), line.substr(first + 1, second - first - 1) == "accept") << line << ": " << opened.status().message();
  }
}

}  // namespace
}  // namespace weft
