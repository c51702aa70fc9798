// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/method_catalogue.h"

#include <gtest/gtest.h>

#include "engine/adapter/presets/preset.h"
#include "engine/api/method_exports.h"
#include "engine/api/train_request.h"

namespace weft {
namespace {

std::vector<AdapterSite> two_layers() {
  std::vector<AdapterSite> sites;
  for (int layer = 0; layer < 2; ++layer)
    for (const char* module : {"q_proj", "v_proj"})
      sites.push_back({"model.layers." + std::to_string(layer) + ".self_attn." + module, module, layer, 8, 4});
  return sites;
}

TEST(Catalogue, FindsAMethodUnderItsSpellings) {
  for (const char* name : {"LoRA+", "loraplus", "lora_plus", "lora-plus"}) EXPECT_EQ((*find_method(name))->name, "loraplus") << name;
  const auto wrong = find_method("dorra");
  ASSERT_FALSE(wrong.ok());
  EXPECT_NE(wrong.status().message().find("did you mean \"dora\""), std::string::npos) << wrong.status().message();
}

TEST(Catalogue, EveryMethodIsCompleteEnoughToShow) {
  for (const auto& method : method_catalogue()) {
    EXPECT_FALSE(method.title.empty() || method.summary.empty() || method.formula.empty() || method.paper.empty()) << method.name;
    EXPECT_TRUE(method.parts && method.scale) << method.name;
    for (const auto& spec : method.settings) {
      EXPECT_FALSE(spec.help.empty() || spec.title.empty()) << method.name << "." << spec.key;
      EXPECT_TRUE(check_setting(spec, spec.initial).ok()) << method.name << "." << spec.key;
    }
  }
}

std::string term(const std::string& name, const Json& given, const std::string& format = "peft") {
  const auto* method = *find_method(name);
  const auto settings = complete_settings(method->settings, given, "method");
  EXPECT_TRUE(settings.ok()) << settings.status().message();
  for (const auto& way : export_ways(*method, *settings, two_layers()))
    if (way.format == format) return way.term;
  ADD_FAILURE() << format;
  return "";
}

TEST(Catalogue, SaysInOneTermWhatAnAdapterCanBeWrittenAs) {
  EXPECT_EQ(term("lora", {{"rank", 16}}), "EXACT LoRA @16");
  EXPECT_EQ(term("lora", {{"rank", 16}, {"start", "pissa"}}), "EXACT LoRA @32");
  EXPECT_EQ(term("lora", {{"rank", 16}, {"start", "eva"}}), "EXACT LoRA @16 in the mean");
  EXPECT_EQ(term("adalora", {{"rank", 12}}), "EXACT LoRA @12");
  EXPECT_EQ(term("increlora", Json::object()), "EXACT LoRA @k found by the run");
  EXPECT_EQ(term("loha", {{"rank", 4}}), "EXACT via LoHaConfig");
  EXPECT_EQ(term("loha", {{"rank", 4}}, "gguf-adapter"), "EXACT LoRA @16");
  EXPECT_EQ(term("dora", Json::object()), "EXACT via LoraConfig with use_dora");
  EXPECT_EQ(term("dora", Json::object(), "merged"), "EXACT merged weights");
  EXPECT_EQ(term("bora", Json::object()), "");
  EXPECT_EQ(term("bora", Json::object(), "merged"), "MERGED ONLY");
  EXPECT_EQ(term("oft", Json::object(), "gguf-adapter"), "");
  EXPECT_EQ(term("dota", Json::object(), "peft-rank"), "APPROX SVD @k, energy e");
  for (const auto& method : method_catalogue()) {
    const auto ways = export_ways(method, *complete_settings(method.settings, Json::object(), "method"), {});
    EXPECT_EQ(ways.size(), 5U) << method.name;
    EXPECT_EQ(export_verdict(ways), ways[0].term.empty() ? "MERGED ONLY" : ways[0].term) << method.name;
    for (const auto& way : ways) EXPECT_FALSE(way.note.empty()) << method.name << " " << way.format;
  }
  EXPECT_EQ(export_verdict({}), "PROJECT ONLY");
}

TEST(Catalogue, CountsTrainedParametersOfTheSelectedMatrices) {
  const auto* dora = *find_method("dora");
  const auto count = count_method(*dora, {{"rank", 2}, {"targets", {"q_proj"}}}, two_layers());
  ASSERT_TRUE(count.ok()) << count.status().message();
  EXPECT_EQ(count->sites, 2);
  EXPECT_EQ(count->trained, 2 * (2 * 8 + 2 * 4 + 8));
}

TEST(Targets, SelectByListSuffixPathAndPattern) {
  const auto sites = two_layers();
  EXPECT_EQ(select_sites(sites, "all-linear")->size(), 4U);
  EXPECT_EQ(select_sites(sites, "q_proj")->size(), 2U);
  EXPECT_EQ(select_sites(sites, Json::array({"layers.1.self_attn.q_proj"}))->size(), 1U);
  EXPECT_EQ(select_sites(sites, R"(.*\.0\..*(q|v)_proj)")->size(), 2U);
  EXPECT_NE(select_sites(sites, "lm_head").status().message().find("as large as the vocabulary"), std::string::npos);
  EXPECT_FALSE(select_sites(sites, R"(q_proj$|layers)").ok()) << "a pattern must match the whole path";
}

TEST(Targets, NameWhatExistsWhenNothingMatches) {
  const auto none = select_sites(two_layers(), Json::array({"w_proj"}));
  ASSERT_FALSE(none.ok());
  EXPECT_NE(none.status().message().find("q_proj, v_proj"), std::string::npos) << none.status().message();
}

TEST(Targets, AHostilePatternEnds) {
  const std::vector<AdapterSite> sites{{std::string(64, 'a'), "a", 0, 1, 1}};
  const auto result = select_sites(sites, "(a+)+(a+)+(a+)+b");
  EXPECT_FALSE(result.ok());
}

TEST(TrainRequest, FillsInDefaultsAndRefusesWhatItDoesNotKnow) {
  TrainRequest request;
  request.model = {{"path", "m.gguf"}};
  request.data = {{"path", "d.jsonl"}};
  auto complete = validate(request);
  ASSERT_TRUE(complete.ok()) << complete.status().message();
  EXPECT_EQ(complete->train["steps"], 60);
  EXPECT_EQ(complete->method["name"], "lora");
  request.train["stepps"] = 3;
  const auto wrong = validate(request);
  ASSERT_FALSE(wrong.ok());
  EXPECT_NE(wrong.status().message().find("did you mean \"steps\""), std::string::npos) << wrong.status().message();
  request.train = {{"lr", 1e9}};
  EXPECT_FALSE(validate(request).ok());
  request.train = Json::object();
  request.model["storage"] = "nf4";
  EXPECT_TRUE(validate(request).ok());
  request.model["storage"] = "nf2";
  EXPECT_FALSE(validate(request).ok());
}

TEST(TrainRequest, RefusesAnOptimizerOfPairsForAMethodWithoutThem) {
  for (const auto& method : method_catalogue())
    for (const char* optimizer : {"adamw", "lora-rite", "lora-pro"}) {
      TrainRequest request;
      request.model = {{"path", "m.gguf"}};
      request.data = {{"path", "d.jsonl"}};
      request.method = {{"name", method.name}};
      request.train = {{"optimizer", optimizer}};
      const auto complete = validate(request);
      EXPECT_EQ(complete.ok(), method.pairs || std::string(optimizer) == "adamw") << method.name << " " << optimizer;
      if (!complete.ok()) {
        EXPECT_NE(complete.status().message().find(method.title), std::string::npos) << complete.status().message();
      }
    }
}

TEST(TrainRequest, RefusesPairsOfPartsThatDoNotFit) {
  TrainRequest request;
  request.model = {{"path", "m.gguf"}};
  request.data = {{"path", "d.jsonl"}};
  for (const char* start : {"loftq", "lq"}) {
    request.method = {{"name", "lora"}, {"start", start}};
    for (const char* storage : {"auto", "fp32", "bf16", "as-is"}) {
      request.model["storage"] = storage;
      EXPECT_NE(validate(request).status().message().find("storage = \"nf4\""), std::string::npos) << validate(request).status().message();
    }
    for (const char* storage : {"nf4", "nf4-double"}) {
      request.model["storage"] = storage;
      EXPECT_TRUE(validate(request).ok());
    }
  }
  request.method = {{"name", "adalora"}};
  request.train = {{"layers_at_first", 0.5}};
  EXPECT_NE(validate(request).status().message().find("AdaLoRA"), std::string::npos) << validate(request).status().message();
  request.method = {{"name", "lorafa"}};
  EXPECT_TRUE(validate(request).ok());
}

TEST(TrainRequest, SurvivesItsJson) {
  TrainRequest request;
  request.model = {{"path", "m.gguf"}};
  request.data = {{"path", "d.jsonl"}};
  const auto complete = validate(request);
  const auto again = train_request_from_json(to_json(*complete));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(to_json(*again), to_json(*complete));
  EXPECT_FALSE(train_request_from_json({{"trian", Json::object()}}).ok());
}

}  // namespace
}  // namespace weft
