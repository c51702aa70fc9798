// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/memory_outlook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "engine/api/method_sizes.h"

namespace weft {
namespace {

using testing::HasSubstr;

TrainRequest complete(const Json& method, const Json& train, const Json& data = Json::object()) {
  TrainRequest r;
  r.model = {{"path", std::string(WEFT_TEST_DATA) + "/models/stories260k/stories260K-f32.gguf"}, {"compute", "fp32"}};
  r.data = data;
  r.data["path"] = std::string(WEFT_TEST_DATA) + "/data_sets/story.txt";
  r.method = method;
  r.train = train;
  auto whole = validate(r);
  EXPECT_TRUE(whole.ok()) << whole.status().message();
  return *whole;
}

TrainRequest large() {
  return complete({{"name", "lora"}, {"rank", 64}, {"targets", "all-linear"}}, {{"batch_size", 64}, {"activations", "cheap"}}, {{"max_length", 1024}});
}

TrainRequest with(TrainRequest request, const WayOut& way) {
  for (const auto& edit : way.edits) request.section(edit.section)[edit.key] = edit.value;
  auto whole = validate(request);
  EXPECT_TRUE(whole.ok()) << way.name << ": " << whole.status().message();
  return *whole;
}

TEST(MemoryOutlook, ThatFitsOffersNothing) {
  const auto outlook = memory_outlook(large(), 1ULL << 40);
  ASSERT_TRUE(outlook.ok()) << outlook.status().message();
  EXPECT_EQ(outlook->why_not, "");
  EXPECT_TRUE(outlook->ways.empty());
  EXPECT_EQ(outlook->needed(), outlook->plan.memory_bytes());
  EXPECT_EQ(memory_outlook(large(), 0)->why_not, "") << "unknown memory refuses nothing";
}

TEST(MemoryOutlook, EveryWayOutLowersThePlanByWhatItSays) {
  const TrainRequest request = large();
  const auto outlook = memory_outlook(request, 400 << 20);
  ASSERT_TRUE(outlook.ok());
  EXPECT_THAT(outlook->why_not, HasSubstr("are available"));
  const RunPlan before = *make_plan(request);
  std::set<std::string> names;
  for (const auto& way : outlook->ways) {
    SCOPED_TRACE(way.title);
    names.insert(way.name);
    const RunPlan after = *make_plan(with(request, way));
    EXPECT_GT(way.saves, 0U);
    EXPECT_EQ(before.memory_bytes() - after.memory_bytes(), way.saves);
    EXPECT_EQ(after.memory_bytes(), way.bytes);
    EXPECT_FALSE(way.price.empty());
    EXPECT_FALSE(to_json(way)["settings"].empty());
  }
  EXPECT_EQ(names, (std::set<std::string>{"rows", "batch", "activations", "storage", "targets", "rank"}));
}

TEST(MemoryOutlook, ASmallerBatchIsTheSameStep) {
  const TrainRequest request = large();
  const auto outlook = memory_outlook(request, 400 << 20);
  for (const auto& way : outlook->ways)
    if (way.name == "batch") {
      const TrainRequest changed = with(request, way);
      EXPECT_EQ(changed.train["batch_size"].get<int>() * changed.train["accumulate"].get<int>(), 64);
      EXPECT_LE(way.bytes, 400U << 20) << "as small as it takes";
    }
}

TEST(MemoryOutlook, OffersNoRowsWhereTheirLengthChangesNothing) {
  const TrainRequest packed = complete({{"name", "lora"}, {"rank", 8}}, {{"batch_tokens", 65536}, {"activations", "cheap"}}, {{"max_length", 512}});
  const auto outlook = memory_outlook(packed, 200 << 20);
  ASSERT_FALSE(outlook->ways.empty());
  for (const auto& way : outlook->ways) EXPECT_NE(way.name, "rows") << "a batch of shorter rows has as many tokens";
}

TEST(MemoryOutlook, RowsAndBatchesShrinkTogetherWhereARowIsABatch) {
  const TrainRequest single = complete({{"name", "lora"}, {"rank", 8}}, {{"batch_tokens", 4096}, {"activations", "cheap"}}, {{"max_length", 4096}});
  const auto outlook = memory_outlook(single, 180 << 20);
  const auto rows = std::find_if(outlook->ways.begin(), outlook->ways.end(), [](const WayOut& way) { return way.name == "rows"; });
  ASSERT_NE(rows, outlook->ways.end());
  const TrainRequest changed = with(single, *rows);
  EXPECT_EQ(changed.train["batch_tokens"], changed.data["max_length"]);
  EXPECT_EQ(changed.train["batch_tokens"].get<int>() * changed.train["accumulate"].get<int>(), 4096) << "as many tokens a step";
  EXPECT_LT(rows->bytes, outlook->plan.memory_bytes());
}

TEST(MemoryOutlook, WhatWasMeasuredCounts) {
  const TrainRequest request = complete({{"name", "lora"}, {"rank", 4}}, {{"batch_size", 2}});
  const std::uint64_t planned = make_plan(request)->memory_bytes();
  const auto higher = memory_outlook(request, 2 * planned, MeasuredPeak{3 * planned, "r7"});
  EXPECT_EQ(higher->needed(), 3 * planned);
  EXPECT_THAT(higher->why_not, HasSubstr("r7 took"));
  const auto lower = memory_outlook(request, planned - 1, MeasuredPeak{planned / 2, "r7"});
  EXPECT_EQ(lower->why_not, "") << "it ran, whatever the plan says";
}

TEST(MemoryOutlook, ShapesAreThoseThatChangeMemory) {
  const TrainRequest one = complete({{"name", "lora"}, {"rank", 4}}, {{"lr", 1e-3}, {"steps", 5}}), other = complete({{"name", "lora"}, {"rank", 4}}, {{"lr", 1e-4}, {"steps", 500}});
  EXPECT_EQ(memory_shape(one), memory_shape(other));
  EXPECT_NE(memory_shape(one), memory_shape(complete({{"name", "lora"}, {"rank", 8}}, Json::object())));
  EXPECT_NE(memory_shape(one), memory_shape(complete({{"name", "lora"}, {"rank", 4}}, {{"batch_tokens", 64}})));
}

TEST(MethodSizes, GrowWithTheirNames) {
  std::vector<AdapterSite> sites;
  for (const char* module : {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"}) {
    const bool attention = module[1] == '_';
    sites.push_back({std::string("model.layers.0.") + (attention ? "self_attn." : "mlp.") + module, module, 0, attention || module[0] == 'd' ? 2048 : 8192, module[0] == 'd' ? 8192 : 2048,
                     attention ? 64 : 0});
  }
  for (const auto& method : method_catalogue()) {
    SCOPED_TRACE(method.name);
    const auto sizes = method_sizes(method);
    ASSERT_FALSE(sizes.empty());
    std::int64_t before = 0, balanced = 0;
    for (const auto& size : sizes) {
      const auto settings = complete_settings(method.settings, size.settings, "method");
      ASSERT_TRUE(settings.ok()) << size.name << ": " << settings.status().message();
      if (size.name == "balanced") ++balanced;
      const auto count = count_method(method, *settings, sites);
      ASSERT_TRUE(count.ok()) << size.name << ": " << count.status().message();
      EXPECT_GT(count->trained, before) << size.name;
      before = count->trained;
    }
    EXPECT_EQ(balanced, 1);
  }
  ASSERT_EQ(method_sizes(**find_method("lora")).size(), 3U);
  EXPECT_EQ(method_sizes(**find_method("lora"))[0].settings, Json({{"rank", 4}, {"alpha", 8.0}}));
}

}  // namespace
}  // namespace weft
