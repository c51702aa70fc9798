// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/model_source.h"

#include <gmock/gmock.h>

#include <cmath>
#include <chrono>
#include <cstdio>

#include "engine/formats/gguf.h"
#include "tests/support/model_builder.h"

namespace weft {
namespace {

using test::TemporaryFolder;
using test::TinyModel;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kStories = WEFT_TEST_DATA "/models/stories260k";

std::vector<float> decoded(const Weight& weight) {
  std::vector<float> out(static_cast<std::size_t>(weight.elements()));
  EXPECT_TRUE(decode_weight(weight, out.data()).ok());
  return out;
}

std::string refusal(const std::string& path) {
  const auto model = ModelSource::open(path);
  return model.ok() ? "accepted" : model.status().message();
}

void expect_values(const ModelSource& model, const TinyModel& tiny) {
  for (const auto& [name, values] : tiny.values) {
    const Weight* weight = model.find(name);
    ASSERT_NE(weight, nullptr) << name;
    EXPECT_EQ(weight->shape, tiny.shapes.at(name)) << name;
    EXPECT_EQ(decoded(*weight), values) << name;
  }
  EXPECT_EQ(model.weights().size(), tiny.values.size());
}

TEST(ModelSource, BothFormsOfStoriesAreTheSameModel) {
  const auto hf = ModelSource::open(kStories + "/hf");
  const auto gguf = ModelSource::open(kStories + "/stories260K-f32.gguf");
  ASSERT_TRUE(hf.ok()) << hf.status().message();
  ASSERT_TRUE(gguf.ok()) << gguf.status().message();
  const ModelConfig &a = (*hf)->config(), &b = (*gguf)->config();
  EXPECT_EQ((*hf)->format(), "Hugging Face folder");
  EXPECT_EQ((*gguf)->format(), "GGUF v3");
  EXPECT_EQ((*hf)->folder(), kStories + "/hf");
  EXPECT_EQ((*hf)->gguf(), nullptr);
  EXPECT_NE((*gguf)->gguf(), nullptr);
  EXPECT_EQ(a.architecture, "llama");
  EXPECT_EQ(b.architecture, "llama");
  for (const auto* c : {&a, &b}) {
    EXPECT_EQ(c->hf_class, "LlamaForCausalLM");
    EXPECT_THAT((std::vector<std::int64_t>{c->layers, c->width, c->feed_forward, c->heads, c->kv_heads, c->head_size, c->vocabulary, c->context}),
                ElementsAre(5, 64, 172, 8, 4, 8, 512, 512));
    EXPECT_EQ(c->norm_eps, 1e-5);
    EXPECT_EQ(c->rope_theta, 10000);
    EXPECT_TRUE(c->tied_embeddings);
    EXPECT_FALSE(c->attention_bias);
    EXPECT_EQ(c->rope.type, "default");
  }
  EXPECT_EQ(b.name, "stories260K");
  ASSERT_EQ((*hf)->weights().size(), 47u);
  for (const auto& weight : (*hf)->weights()) {
    const Weight* other = (*gguf)->find(weight.name);
    ASSERT_NE(other, nullptr) << weight.name;
    EXPECT_EQ(decoded(weight), decoded(*other)) << weight.name;
  }
  EXPECT_GT((*gguf)->find("model.layers.0.self_attn.q_proj.weight")->rope_heads, 0);
}

TEST(ModelSource, RowsAreIndependent) {
  const auto gguf = ModelSource::open(kStories + "/stories260K-f32.gguf");
  ASSERT_TRUE(gguf.ok());
  for (const char* name : {"model.layers.1.self_attn.k_proj.weight", "model.embed_tokens.weight"}) {
    const Weight& weight = *(*gguf)->find(name);
    const auto whole = decoded(weight);
    const std::int64_t columns = weight.shape[1];
    for (const auto& [first, rows] : {std::pair<std::int64_t, std::int64_t>{0, 1}, {3, 7}, {weight.shape[0] - 1, 1}, {5, 0}}) {
      std::vector<float> part(static_cast<std::size_t>(rows * columns));
      ASSERT_TRUE(decode_weight_rows(weight, first, rows, part.data()).ok());
      EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin() + first * columns)) << name << " row " << first;
    }
    for (const auto& [first, rows] : {std::pair<std::int64_t, std::int64_t>{-1, 1}, {0, -1}, {0, weight.shape[0] + 1}, {weight.shape[0], 1}, {1, INT64_MAX}})
      EXPECT_EQ(decode_weight_rows(weight, first, rows, nullptr).code(), ErrorCode::InvalidArgument) << first << " " << rows;
  }
}

TEST(ModelSource, EveryFamilyInBothForms) {
  struct Case {
    const char* name;
    bool bias, tied;
  };
  for (const Case& c : {Case{"llama", false, false}, {"llama", true, true}, {"mistral", false, false}, {"qwen2", true, true},
                        {"qwen3", false, false}, {"qwen3", true, true}}) {
    SCOPED_TRACE(std::string(c.name) + (c.bias ? " bias" : "") + (c.tied ? " tied" : ""));
    const TinyModel tiny(c.name, c.bias, c.tied);
    const TemporaryFolder folder;
    tiny.write_hf(folder, tiny.hf_config());
    const auto hf = ModelSource::open(folder.path().string());
    ASSERT_TRUE(hf.ok()) << hf.status().message();
    expect_values(**hf, tiny);
    EXPECT_EQ((*hf)->config().architecture, c.name);
    EXPECT_EQ((*hf)->config().hf_class, tiny.family->hf_class);

    auto builder = tiny.gguf();
    tiny.add_tensors(builder);
    const auto gguf = ModelSource::open(folder.write("m.gguf", builder.build()));
    ASSERT_TRUE(gguf.ok()) << gguf.status().message();
    if (std::string(c.name) != "mistral") expect_values(**gguf, tiny);  // in GGUF, Mistral is a "llama" with permuted rows
    for (const auto* config : {&(*hf)->config(), &(*gguf)->config()}) {
      EXPECT_EQ(config->attention_bias, tiny.config.attention_bias);
      EXPECT_EQ(config->tied_embeddings, c.tied);
      EXPECT_EQ(config->head_size, tiny.config.head_size);
      EXPECT_EQ(config->norm_eps, 1e-6);
      EXPECT_EQ(config->rope_theta, 5000);
      EXPECT_EQ(config->vocabulary, 20);
    }
  }
}

TEST(ModelSource, QuantisedRowsAreUnpermutedWhole) {
  TinyModel tiny("llama");
  const std::string name = "model.layers.0.self_attn.q_proj.weight";
  auto builder = tiny.gguf();
  tiny.add_tensors(builder, [&](const std::string& n) { return n != name; });
  std::string halves;  // F16 rows whose number tells the stored row
  for (int row = 0; row < 16; ++row)
    for (int column = 0; column < 16; ++column) halves += test::GgufBuilder::bytes(static_cast<std::uint16_t>((15 + row) << 10));
  builder.tensor("blk.0.attn_q.weight", {16, 16}, 1, halves);
  const TemporaryFolder folder;
  const auto model = ModelSource::open(folder.write("m.gguf", builder.build()));
  ASSERT_TRUE(model.ok()) << model.status().message();
  EXPECT_EQ((*model)->find(name)->stored_type, "F16");
  const auto values = decoded(*(*model)->find(name));
  const int stored_of_row[] = {0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11, 12, 14, 13, 15};
  for (int row = 0; row < 16; ++row) EXPECT_EQ(values[static_cast<std::size_t>(row * 16)], std::ldexp(1.0F, stored_of_row[row])) << row;
}

TEST(ModelSource, ShardsAreJoined) {
  const TinyModel tiny("qwen2");
  const TemporaryFolder folder;
  const auto first = [](const std::string& name) { return name.find("layers.0") != std::string::npos; };
  tiny.write_hf(folder, tiny.hf_config(), first, "model-00001-of-00002.safetensors");
  tiny.write_hf(folder, tiny.hf_config(), [&](const std::string& name) { return !first(name); }, "model-00002-of-00002.safetensors");
  Json map = Json::object();
  for (const auto& [name, shape] : tiny.shapes) map[name] = first(name) ? "model-00001-of-00002.safetensors" : "model-00002-of-00002.safetensors";
  folder.write("model.safetensors.index.json", Json({{"metadata", {{"total_size", 1}}}, {"weight_map", map}}).dump());
  const auto model = ModelSource::open(folder.path().string());
  ASSERT_TRUE(model.ok()) << model.status().message();
  expect_values(**model, tiny);

  const auto index_with = [&](const std::string& shard) {
    Json bad = map;
    bad["lm_head.weight"] = shard;
    folder.write("model.safetensors.index.json", Json({{"weight_map", bad}}).dump());
    return refusal(folder.path().string());
  };
  EXPECT_THAT(index_with("../model-00001-of-00002.safetensors"), HasSubstr("not the name of a safetensors file in the folder"));
  EXPECT_THAT(index_with("/etc/passwd"), HasSubstr("not the name"));
  EXPECT_THAT(index_with("..safetensors"), HasSubstr("not the name"));
  EXPECT_THAT(index_with("model-00003-of-00002.safetensors"), HasSubstr("download is incomplete"));
  EXPECT_THAT(index_with("model-00001-of-00002.safetensors"), HasSubstr("does not hold \"lm_head.weight\""));
  folder.write("model.safetensors.index.json", "[]");
  EXPECT_THAT(refusal(folder.path().string()), HasSubstr("weight_map"));
}

TEST(ModelSource, WrongShapesNameBothShapes) {
  const TinyModel tiny("llama");
  const TemporaryFolder folder;
  Json json = tiny.hf_config();
  json["intermediate_size"] = 25;
  tiny.write_hf(folder, json);
  EXPECT_THAT(refusal(folder.path().string()), HasSubstr("mlp.down_proj.weight has the shape [16, 24], but a llama model of this configuration needs [16, 25]"));
}

TEST(ModelSource, MissingAndSurplusTensorsAreNamed) {
  const TinyModel tiny("llama");
  const TemporaryFolder folder;
  tiny.write_hf(folder, tiny.hf_config(), [](const std::string& name) { return name != "model.layers.1.mlp.up_proj.weight"; });
  EXPECT_THAT(refusal(folder.path().string()), HasSubstr("model.layers.1.mlp.up_proj.weight is missing"));
  Json json = tiny.hf_config();
  json["num_hidden_layers"] = 1;
  tiny.write_hf(folder, json);
  EXPECT_THAT(refusal(folder.path().string()), HasSubstr("\"model.layers.1.input_layernorm.weight\" has no place"));
  json["num_hidden_layers"] = 1000000;
  tiny.write_hf(folder, json);
  EXPECT_THAT(refusal(folder.path().string()), HasSubstr("1000000 layers"));

  auto builder = tiny.gguf();
  tiny.add_tensors(builder, [](const std::string& name) { return name != "model.norm.weight"; });
  EXPECT_THAT(refusal(folder.write("m.gguf", builder.build())), HasSubstr("output_norm.weight is missing"));
}

TEST(ModelSource, UnsupportedModelsAreRefusedByName) {
  const TinyModel tiny("llama");
  const TemporaryFolder folder;
  const auto with = [&](const char* key, const Json& value) {
    Json json = tiny.hf_config();
    json[key] = value;
    tiny.write_hf(folder, json);
    return refusal(folder.path().string());
  };
  EXPECT_THAT(with("model_type", "gpt_neox"), HasSubstr("supported are llama, mistral, qwen2, qwen3"));
  EXPECT_THAT(with("architectures", {"LlamaForSequenceClassification"}), HasSubstr("only LlamaForCausalLM"));
  EXPECT_THAT(with("quantization_config", {{"quant_method", "gptq"}}), HasSubstr("\"gptq\""));
  EXPECT_THAT(with("hidden_act", "gelu"), HasSubstr("\"gelu\""));
  EXPECT_THAT(with("num_key_value_heads", 3), HasSubstr("do not divide"));
  EXPECT_THAT(with("hidden_size", -1), HasSubstr("-1 for the width"));
  EXPECT_THAT(with("hidden_size", "16"), HasSubstr("hidden_size should be a whole number"));
  EXPECT_THAT(with("num_hidden_layers", nullptr), HasSubstr("num_hidden_layers is missing"));
  EXPECT_THAT(with("rms_norm_eps", 0), HasSubstr("norm epsilon"));

  auto builder = tiny.gguf();
  builder.u32("llama.expert_count", 8);
  tiny.add_tensors(builder);
  EXPECT_THAT(refusal(folder.write("m.gguf", builder.build())), HasSubstr("8 experts"));
  test::GgufBuilder other;
  other.text("general.architecture", "mamba");
  EXPECT_THAT(refusal(folder.write("m.gguf", other.build())), HasSubstr("\"mamba\""));
  EXPECT_THAT(refusal(folder.write("config.json", "{}")), HasSubstr("give the folder"));
  EXPECT_THAT(refusal(folder.file("absent.gguf")), HasSubstr("No such file"));
  EXPECT_THAT(refusal(folder.write("text.gguf", "hello")), HasSubstr("not a GGUF file"));
  EXPECT_FALSE(ModelSource::open(std::string(10000, 'x')).ok()) << "a name too long for the system";
  EXPECT_FALSE(ModelSource::open("").ok());
}

TEST(ModelSource, FoldersThatAreNoModelSaySo) {
  const TemporaryFolder folder;
  EXPECT_THAT(refusal(folder.path().string()), HasSubstr("config.json is missing"));
  folder.write("adapter_config.json", "{}");
  EXPECT_THAT(refusal(folder.path().string()), HasSubstr("PEFT adapter, not a model"));
  folder.write("config.json", TinyModel("llama").hf_config().dump());
  EXPECT_THAT(refusal(folder.path().string()), HasSubstr("neither model.safetensors"));
  folder.write("pytorch_model.bin", "x");
  EXPECT_THAT(refusal(folder.path().string()), HasSubstr("save it again as safetensors"));
  folder.write("config.json", "{\"model_type\": \"llama\"");
  EXPECT_THAT(refusal(folder.path().string()), HasSubstr("line 1"));
}

ModelConfig config_of(const TinyModel& tiny, const Json& json) {
  const TemporaryFolder folder;
  tiny.write_hf(folder, json);
  const auto model = ModelSource::open(folder.path().string());
  EXPECT_TRUE(model.ok()) << model.status().message();
  return model.ok() ? (*model)->config() : ModelConfig();
}

TEST(ModelSource, RopeInBothSpellings) {
  const TinyModel tiny("llama");
  Json v4 = tiny.hf_config(), v5 = tiny.hf_config();
  const Json numbers = {{"factor", 32.0}, {"low_freq_factor", 1.0}, {"high_freq_factor", 4.0}, {"original_max_position_embeddings", 8192}};
  v4["rope_theta"] = 500000.0;
  v4["rope_scaling"] = numbers;
  v4["rope_scaling"]["rope_type"] = "llama3";
  v5.erase("rope_theta");
  v5["rope_parameters"] = v4["rope_scaling"];
  v5["rope_parameters"]["rope_theta"] = 500000.0;
  for (const auto& json : {v4, v5}) {
    const ModelConfig config = config_of(tiny, json);
    EXPECT_EQ(config.rope_theta, 500000);
    EXPECT_EQ(config.rope.type, "llama3");
    EXPECT_EQ(config.rope.factor, 32);
    EXPECT_EQ(config.rope.original_context, 8192);
  }
  Json old = tiny.hf_config();
  old["rope_scaling"] = {{"type", "linear"}, {"factor", 2.0}};
  EXPECT_EQ(config_of(tiny, old).rope.type, "linear");
  old["rope_scaling"] = {{"type", "yarn"}, {"factor", 2.0}};
  EXPECT_EQ(config_of(tiny, old).rope.type, "yarn") << "kept by name; the model refuses it";
}

TEST(ModelSource, SlidingWindows) {
  const TinyModel mistral("mistral"), qwen("qwen2"), llama("llama");
  Json json = mistral.hf_config();
  EXPECT_EQ(config_of(mistral, json).sliding_window, 0) << "null";
  json["sliding_window"] = 32;
  EXPECT_EQ(config_of(mistral, json).sliding_window, 32);
  json = llama.hf_config(), json["sliding_window"] = 32;
  EXPECT_EQ(config_of(llama, json).sliding_window, 0) << "Llama has none";
  json = qwen.hf_config(), json["sliding_window"] = 32, json["max_window_layers"] = 1;
  EXPECT_EQ(config_of(qwen, json).sliding_window, 0) << "use_sliding_window is false";
  json["use_sliding_window"] = true;
  EXPECT_THAT(config_of(qwen, json).sliding_layers, ElementsAre(false, true));
  json["layer_types"] = {"sliding_attention", "full_attention"};
  EXPECT_THAT(config_of(qwen, json).sliding_layers, ElementsAre(true, false)) << "layer_types wins";
}

TEST(ModelSource, LlamaThreeDivisorsBecomeTheirNumbers) {
  TinyModel tiny("llama");
  tiny.config.rope_theta = 500000;
  const auto with = [&](std::vector<float> divisors) {
    auto builder = tiny.gguf();
    tiny.add_tensors(builder);
    builder.tensor("rope_freqs.weight", {divisors.size()}, divisors);
    const TemporaryFolder folder;
    const auto model = ModelSource::open(folder.write("m.gguf", builder.build()));
    return model.ok() ? (*model)->config().rope.type + " " + std::to_string((*model)->config().rope.factor) : model.status().message();
  };
  // head size 4: wavelengths 2 pi and 2 pi sqrt(500000) = 4443, which lies between 8192 / 4 and 8192
  const double smooth = (8192 / (2 * M_PI * std::sqrt(500000.0)) - 1) / 3;
  EXPECT_THAT(with({1, 1}), HasSubstr("default"));
  EXPECT_THAT(with({1, static_cast<float>(1 / ((1 - smooth) / 32 + smooth))}), HasSubstr("do not follow")) << "no frequency tells the factor";
  EXPECT_THAT(with({1, 17}), HasSubstr("do not follow"));
  EXPECT_THAT(with({1, 1, 1}), HasSubstr("F32 [2] is needed"));
  tiny.config.rope_theta = 1e8;  // 62832: beyond 8192, divided by the whole factor
  EXPECT_THAT(with({1, 32}), HasSubstr("llama3 32"));
}

TEST(ModelSource, SmolLm2FromItsGguf) {
  const std::string path = test::cached_smollm2();
  if (path.empty()) GTEST_SKIP() << "the sample model is not in the cache; ./run fetches it";
  const auto model = ModelSource::open(path);
  ASSERT_TRUE(model.ok()) << model.status().message();
  EXPECT_EQ((*model)->config().name, "SmolLM2-135M-Instruct");
  EXPECT_EQ((*model)->config().rope_theta, 100000);
  EXPECT_EQ((*model)->config().norm_eps, 1e-5);
  std::int64_t elements = 0;
  std::vector<float> out;
  const auto start = std::chrono::steady_clock::now();
  for (const auto& weight : (*model)->weights()) {
    out.resize(static_cast<std::size_t>(weight.elements()));
    ASSERT_TRUE(decode_weight(weight, out.data()).ok()) << weight.name;
    elements += weight.elements();
    for (std::size_t i = 0; i < out.size(); i += 997) ASSERT_LT(std::abs(out[i]), 100) << weight.name;
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(elements, 134515008);
  std::printf("decoded %lld weights in %.0f ms\n", static_cast<long long>(elements), seconds.count() * 1000);
}

}  // namespace
}  // namespace weft
