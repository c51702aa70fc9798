// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/peft_config.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>

#include "tests/support/test_files.h"

namespace weft {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

Result<PeftConfig> read(const std::string& text) {
  const test::TemporaryFolder folder;
  folder.write("adapter_config.json", text);
  return read_peft_config(folder.path().string());
}

Result<PeftConfig> read_committed(const std::string& name) {
  return read(test::content_of(WEFT_TEST_DATA "/formats/adapter_config_" + name + ".json"));
}

std::string refusal(const Json& extra) {
  Json json = {{"peft_type", "LORA"}, {"r", 4}};
  for (const auto& [key, value] : extra.items()) json[key] = value;
  const auto config = read(json.dump());
  return config.ok() ? "accepted" : config.status().message();
}

TEST(PeftConfig, ReadsWhatPeftWrote) {
  const auto patterns = read_committed("lora_patterns");
  ASSERT_TRUE(patterns.ok()) << patterns.status().message();
  EXPECT_EQ(patterns->rank, 4);
  EXPECT_EQ(patterns->alpha, 8);
  EXPECT_EQ(patterns->base_model, "stories260k");
  EXPECT_EQ(patterns->init_lora_weights, "true");
  EXPECT_EQ(patterns->target_modules, (Json{"q_proj", "v_proj", "down_proj"}));
  EXPECT_THAT(patterns->rank_pattern, ElementsAre(Pair("down_proj", 3), Pair("layers.1.self_attn.q_proj", 2)));
  EXPECT_EQ(patterns->rank_of("model.layers.1.self_attn.q_proj"), 2);
  EXPECT_EQ(patterns->rank_of("model.layers.11.self_attn.q_proj"), 4);
  EXPECT_EQ(patterns->rank_of("model.layers.3.mlp.down_proj"), 3);
  EXPECT_EQ(patterns->alpha_of("model.layers.3.self_attn.v_proj"), 32);
  EXPECT_EQ(patterns->alpha_of("model.layers.3.self_attn.q_proj"), 8);
  EXPECT_TRUE(read_committed("dora")->use_dora);
  EXPECT_TRUE(read_committed("rslora")->use_rslora);
}

TEST(PeftConfig, WritesWhatPeftReads) {
  auto config = read_committed("lora_patterns");
  ASSERT_TRUE(config.ok());
  const std::string text = write_peft_config(*config);
  const Json written = *parse_json(text), original = config->raw;
  std::vector<std::string> keys;
  for (const auto& [key, value] : written.items()) {
    keys.push_back(key);
    ASSERT_TRUE(original.contains(key)) << key;
    if (key == "peft_version") continue;
    EXPECT_EQ(nlohmann::json::parse(value.dump()), nlohmann::json::parse(original[key].dump())) << key;
  }
  EXPECT_EQ(keys.size(), 36u) << "the key set of PEFT 0.18";
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
  EXPECT_TRUE(text.starts_with("{\n  \"alora_invocation_tokens\": null,\n"));
  EXPECT_THAT(text, HasSubstr("\"lora_dropout\": 0.0,"));
  EXPECT_THAT(text, HasSubstr("\"lora_alpha\": 8,"));
  const auto again = read(text);
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_EQ(again->rank_pattern, config->rank_pattern);
  EXPECT_EQ(again->alpha_pattern, config->alpha_pattern);
  EXPECT_EQ(again->raw["layers_to_transform"], (Json{1, 3, 4}));
}

TEST(PeftConfig, WritesNonAsciiEscapedAndStartsByName) {
  PeftConfig config;
  config.base_model = "m\xC3\xB6" "del";
  config.init_lora_weights = "gaussian";
  config.alpha = 0.5;
  config.use_dora = true;
  config.target_modules = "all-linear";
  const std::string text = write_peft_config(config);
  EXPECT_THAT(text, HasSubstr("m\\u00f6del"));
  EXPECT_THAT(text, HasSubstr("\"init_lora_weights\": \"gaussian\""));
  EXPECT_THAT(text, HasSubstr("\"lora_alpha\": 0.5"));
  const auto again = read(text);
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_EQ(again->base_model, config.base_model);
  EXPECT_TRUE(again->use_dora);
}

TEST(PeftConfig, OldFilesAndNulls) {
  // as PEFT 0.3 wrote them: few keys
  const auto old = read(R"({"base_model_name_or_path":"x","bias":"none","enable_lora":null,"fan_in_fan_out":true,"inference_mode":true,
    "lora_alpha":16,"lora_dropout":0.05,"merge_weights":false,"modules_to_save":null,"peft_type":"LORA","r":16,
    "target_modules":["q_proj","v_proj"],"task_type":"CAUSAL_LM"})");
  ASSERT_TRUE(old.ok()) << old.status().message();
  EXPECT_EQ(old->rank, 16);
  EXPECT_EQ(old->alpha, 16);
  EXPECT_EQ(old->dropout, 0.05);
  const auto nulls = read(R"({"peft_type":"LORA","r":null,"lora_alpha":null,"rank_pattern":null,"alpha_pattern":null,"target_modules":null,
    "use_dora":null,"init_lora_weights":null,"loftq_config":null,"a_key_of_tomorrow":{"x":1}})");
  ASSERT_TRUE(nulls.ok()) << nulls.status().message();
  EXPECT_EQ(nulls->rank, 8);
  EXPECT_EQ(nulls->alpha, 8);
  EXPECT_TRUE(nulls->target_modules.is_null());
  EXPECT_EQ(nulls->init_lora_weights, "true");
}

TEST(PeftConfig, RefusesByName) {
  EXPECT_EQ(refusal(Json::object()), "accepted");
  for (const char* key : {"layer_replication", "target_parameters", "modules_to_save"}) {
    EXPECT_THAT(refusal({{key, {"x"}}}), HasSubstr(key));
    EXPECT_EQ(refusal({{key, Json::array()}}), "accepted");
  }
  for (const char* key : {"use_qalora", "use_bdlora", "lora_bias"}) {
    EXPECT_THAT(refusal({{key, true}}), HasSubstr(key));
    EXPECT_EQ(refusal({{key, false}}), "accepted");
  }
  for (const char* key : {"arrow_config", "monteclora_config", "velora_config", "kasa_config", "megatron_config", "trainable_token_indices"})
    EXPECT_THAT(refusal({{key, {{"x", 1}}}}), HasSubstr(key));
  EXPECT_THAT(refusal({{"bias", "all"}}), HasSubstr("bias"));
  for (const char* start : {"pissa", "pissa_niter_4", "olora", "corda", "loftq", "lora_ga"})
    EXPECT_THAT(refusal({{"init_lora_weights", start}}), HasSubstr("path_initial_model_for_weight_conversion"));
  EXPECT_EQ(refusal({{"init_lora_weights", "eva"}}), "accepted");
  EXPECT_THAT(refusal({{"peft_type", "VBLORA"}}), HasSubstr("\"VBLORA\""));
  EXPECT_THAT(refusal({{"peft_type", "VERA"}, {"save_projection", false}}), HasSubstr("save_projection"));
  EXPECT_THAT(refusal({{"peft_type", "VERA"}, {"d_initial", "large"}}), HasSubstr("d_initial"));
  EXPECT_THAT(refusal({{"peft_type", "OFT"}, {"r", 0}}), HasSubstr("before 0.18"));
  EXPECT_THAT(refusal({{"peft_type", "OFT"}, {"r", 0}, {"oft_block_size", 32}}), HasSubstr("before 0.18"));
  EXPECT_THAT(refusal({{"peft_type", "OFT"}, {"r", 8}, {"oft_block_size", 32}, {"peft_version", "0.18.0"}}), HasSubstr("oft_block_size"));
  EXPECT_EQ(refusal({{"peft_type", "OFT"}, {"r", 0}, {"oft_block_size", 32}, {"peft_version", "0.18.0"}}), "accepted");
  EXPECT_EQ(refusal({{"peft_type", "OFT"}, {"r", 0}, {"oft_block_size", 32}, {"use_cayley_neumann", false}}), "accepted");
  EXPECT_THAT(refusal({{"peft_type", "BOFT"}, {"boft_n_butterfly_factor", 2}}), HasSubstr("boft_n_butterfly_factor"));
  EXPECT_THAT(refusal({{"peft_type", "BOFT"}, {"boft_block_num", 4}}), HasSubstr("boft_block_size"));
  EXPECT_EQ(refusal({{"peft_type", "BOFT"}}), "accepted");
  EXPECT_THAT(refusal({{"peft_type", "LOHA"}, {"use_effective_conv2d", true}}), HasSubstr("use_effective_conv2d"));
  EXPECT_THAT(refusal({{"peft_type", "LOKR"}, {"decompose_factor", "large"}}), HasSubstr("decompose_factor"));
  EXPECT_THAT(refusal({{"peft_type", "IA3"}, {"feedforward_modules", Json::array({1})}}), HasSubstr("feedforward_modules"));
  EXPECT_THAT(refusal({{"peft_type", "FOURIERFT"}, {"scaling", "large"}}), HasSubstr("scaling"));
  EXPECT_THAT(refusal({{"peft_type", "FOURIERFT"}, {"n_frequency_pattern", {{"q_proj", 3}}}}), HasSubstr("n_frequency_pattern"));
  EXPECT_EQ(refusal({{"peft_type", "FOURIERFT"}, {"scaling", 100}}), "accepted");
  EXPECT_THAT(refusal({{"peft_type", nullptr}}), HasSubstr("not a PEFT adapter"));
}

TEST(PeftConfig, RefusesNonsense) {
  for (const Json& rank : {Json(0), Json(-1), Json(2.5), Json("8"), Json(std::uint64_t{1} << 63)})
    EXPECT_THAT(refusal({{"r", rank}}), HasSubstr("r should be")) << rank.dump();
  EXPECT_THAT(refusal({{"lora_alpha", "x"}}), HasSubstr("lora_alpha"));
  EXPECT_THAT(refusal({{"lora_dropout", 1}}), HasSubstr("lora_dropout"));
  EXPECT_THAT(refusal({{"use_dora", 1}}), HasSubstr("use_dora"));
  EXPECT_THAT(refusal({{"target_modules", {1}}}), HasSubstr("target_modules"));
  EXPECT_THAT(refusal({{"rank_pattern", {{"a", 0}}}}), HasSubstr("rank_pattern.\"a\""));
  EXPECT_THAT(refusal({{"alpha_pattern", {"a"}}}), HasSubstr("alpha_pattern should be an object"));
  EXPECT_FALSE(read("").ok());
  EXPECT_FALSE(read("[]").ok());
  const test::TemporaryFolder empty;
  EXPECT_THAT(read_peft_config(empty.path().string()).status().message(), HasSubstr("no adapter_config.json"));
}

TEST(PeftConfig, PatternsFollowPythonsRule) {
  PeftConfig config;
  config.rank_pattern = {{"^model\\.layers\\.[0-3]\\..*", 1}, {"q_proj|k_proj", 2}, {"mlp.down_proj", 3}, {"(", 4}, {"layers.5.self_attn.v_proj", 5}};
  EXPECT_EQ(config.rank_of("model.layers.2.self_attn.v_proj"), 1) << "the first that matches counts";
  EXPECT_EQ(config.rank_of("model.layers.4.self_attn.k_proj"), 2);
  EXPECT_EQ(config.rank_of("model.layers.4.mlp.down_proj"), 3);
  EXPECT_EQ(config.rank_of("model.layers.15.self_attn.v_proj"), 8) << "a component is matched whole";
  EXPECT_EQ(config.rank_of("model.layers.5.self_attn.v_proj"), 5);
  EXPECT_EQ(config.rank_of("xq_proj"), 8);
}

TEST(PeftConfig, AHostilePatternEnds) {
  PeftConfig config;
  config.rank_pattern = {{"(a+)+(b|a)*c", 1}, {"((a{900}){900}){900}", 2}};
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(config.rank_of(std::string(200, 'a')), 8);
  EXPECT_LT(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), 5);
}

}  // namespace
}  // namespace weft
