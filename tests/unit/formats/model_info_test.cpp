// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/model_info.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "tests/support/model_builder.h"

namespace weft {
namespace {

using test::TemporaryFolder;
using test::TinyModel;
using ::testing::HasSubstr;

const std::string kStories = WEFT_TEST_DATA "/models/stories260k";

TEST(ModelInfo, OfStoriesInBothForms) {
  for (const std::string& path : {kStories + "/hf", kStories + "/stories260K-f32.gguf"}) {
    const auto info = inspect_model(path);
    ASSERT_TRUE(info.ok()) << info.status().message();
    EXPECT_TRUE(info->trainable) << info->why_not;
    EXPECT_EQ(info->why_not, "");
    EXPECT_EQ(info->architecture, "llama");
    EXPECT_EQ(info->parameters, 260032);
    EXPECT_EQ(info->layers, 5);
    EXPECT_EQ(info->dtype, "F32");
    EXPECT_TRUE(info->tied_embeddings);
    EXPECT_FALSE(info->has_chat_template);
    EXPECT_THAT(info->tokenizer, HasSubstr("BPE"));
    EXPECT_EQ(info->tensors.size(), 47u);
    EXPECT_GT(info->file_bytes, 1000000u);
    ASSERT_EQ(info->sites.size(), 35u);
    const char* modules[] = {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"};
    for (std::size_t i = 0; i < 35; ++i) {
      EXPECT_EQ(info->sites[i].module, modules[i % 7]);
      EXPECT_EQ(info->sites[i].layer, static_cast<int>(i / 7));
    }
    EXPECT_EQ(info->sites[8].path, "model.layers.1.self_attn.k_proj");
    EXPECT_EQ(info->sites[8].out, 32);
    EXPECT_EQ(info->sites[8].in, 64);
    EXPECT_EQ(info->sites[6].out, 64);
    EXPECT_EQ(info->sites[6].in, 172);
  }
}

TEST(ModelInfo, AsJson) {
  const auto info = inspect_model(kStories + "/hf");
  ASSERT_TRUE(info.ok());
  const Json json = to_json(*info);
  EXPECT_EQ(json["architecture"], "llama");
  EXPECT_EQ(json["trainable"], true);
  EXPECT_FALSE(json.contains("why_not"));
  EXPECT_EQ(json["sites"][0]["path"], "model.layers.0.self_attn.q_proj");
  EXPECT_EQ(json["tensors"].size(), 47u);
  EXPECT_EQ(json["tensors"][0]["shape"].size(), 2u);
}

TEST(ModelInfo, AVocabularyOnlyFileIsReadable) {
  test::GgufBuilder builder;
  builder.text("general.architecture", "llama").text("tokenizer.ggml.model", "gpt2").text("tokenizer.ggml.pre", "smollm");
  builder.texts("tokenizer.ggml.tokens", {"a", "b", "c"}).text("tokenizer.chat_template", "{{ x }}").text("general.license", "mit");
  const TemporaryFolder folder;
  const auto info = inspect_model(folder.write("ggml-vocab.gguf", builder.build()));
  ASSERT_TRUE(info.ok()) << info.status().message();
  EXPECT_FALSE(info->trainable);
  EXPECT_THAT(info->why_not, HasSubstr("no weights"));
  EXPECT_EQ(info->tokenizer, "byte-level BPE (smollm), 3 tokens");
  EXPECT_EQ(info->vocabulary, 3);
  EXPECT_TRUE(info->has_chat_template);
  EXPECT_EQ(info->licence, "mit");
  EXPECT_EQ(to_json(*info)["why_not"], info->why_not);
}

TEST(ModelInfo, OtherFamiliesAreReadableAndSayWhyNot) {
  test::GgufBuilder builder;
  builder.text("general.architecture", "phi3").u32("phi3.block_count", 4).u32("phi3.embedding_length", 8);
  builder.tensor("token_embd.weight", {3, 8}, std::vector<float>(24)).tensor("blk.0.attn_qkv.weight", {24, 8}, std::vector<float>(192));
  const TemporaryFolder folder;
  auto info = inspect_model(folder.write("phi.gguf", builder.build()));
  ASSERT_TRUE(info.ok()) << info.status().message();
  EXPECT_FALSE(info->trainable);
  EXPECT_THAT(info->why_not, HasSubstr("\"phi3\" cannot be trained yet; supported are llama, mistral, qwen2, qwen3"));
  EXPECT_EQ(info->layers, 4);
  EXPECT_EQ(info->tensors.size(), 2u);
  EXPECT_TRUE(info->sites.empty());

  const TinyModel tiny("llama");
  Json json = {{"model_type", "gpt2"}, {"architectures", {"GPT2LMHeadModel"}}, {"n_embd", 16}, {"n_layer", 2}, {"n_head", 4}, {"vocab_size", 20}};
  tiny.write_hf(folder, json);
  info = inspect_model(folder.path().string());
  ASSERT_TRUE(info.ok()) << info.status().message();
  EXPECT_THAT(info->why_not, HasSubstr("GPT2LMHeadModel"));
  EXPECT_EQ(info->width, 16);
}

TEST(ModelInfo, UnknownRotaryScalingAndTypesSayWhyNot) {
  const TinyModel tiny("llama");
  const TemporaryFolder folder;
  Json json = tiny.hf_config();
  json["rope_scaling"] = {{"rope_type", "yarn"}, {"factor", 4.0}};
  tiny.write_hf(folder, json);
  auto info = inspect_model(folder.path().string());
  ASSERT_TRUE(info.ok());
  EXPECT_THAT(info->why_not, HasSubstr("\"yarn\""));

  auto builder = tiny.gguf();
  tiny.add_tensors(builder, [](const std::string& name) { return name != "lm_head.weight"; });
  builder.tensor("output.weight", {20, 16}, 24, std::string(320, '\0'));  // I8
  info = inspect_model(folder.write("m.gguf", builder.build()));
  ASSERT_TRUE(info.ok()) << info.status().message();
  EXPECT_THAT(info->why_not, HasSubstr("output.weight is stored as I8"));
}

TEST(ModelInfo, ReadsTemplateLicenceAndTokenizerOfAFolder) {
  const TinyModel tiny("qwen2");
  const TemporaryFolder folder;
  tiny.write_hf(folder, tiny.hf_config());
  EXPECT_EQ(inspect_model(folder.path().string())->tokenizer, "");
  folder.write("README.md", "---\nlanguage: en\nlicense: apache-2.0\n---\n# Model\nlicense: other\n");
  folder.write("tokenizer_config.json", R"({"chat_template": "{{ messages }}"})");
  folder.write("tokenizer.json", R"({"pre_tokenizer":{"type":"ByteLevel"},"model":{"type":"BPE","vocab":{"a":0},"merges":[]}})");
  const auto info = inspect_model(folder.path().string());
  ASSERT_TRUE(info.ok()) << info.status().message();
  EXPECT_EQ(info->licence, "apache-2.0");
  EXPECT_TRUE(info->has_chat_template);
  EXPECT_EQ(info->tokenizer, "byte-level BPE (tokenizer.json)");
  EXPECT_EQ(info->name, folder.path().filename().string());
  EXPECT_EQ(info->architecture, "qwen2");
}

TEST(ModelInfo, SmolLm2InMilliseconds) {
  const std::string path = test::cached_smollm2();
  if (path.empty()) GTEST_SKIP() << "the sample model is not in the cache; ./run fetches it";
  double best_ms = 1e9;
  for (int i = 0; i < 5; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const auto info = inspect_model(path);
    best_ms = std::min(best_ms, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    ASSERT_TRUE(info.ok()) << info.status().message();
    EXPECT_EQ(info->parameters, 134515008);
    EXPECT_EQ(info->dtype, "Q4_1");
    EXPECT_EQ(info->tokenizer, "byte-level BPE (smollm), 49152 tokens");
    EXPECT_EQ(info->licence, "apache-2.0");
    EXPECT_EQ(info->sites.size(), 210u);
    EXPECT_TRUE(info->has_chat_template);
  }
  std::printf("inspect_model: %.1f ms\n", best_ms);
  EXPECT_LT(best_ms, 100);
}

}  // namespace
}  // namespace weft
