// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/generate/sampler.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

namespace weft {
namespace {

const std::vector<float> kLogits{0.5F, 2.0F, -1.0F, 2.0F, 0.0F};   // 1 and 3 tie

std::vector<double> softmax(double temperature) {
  std::vector<double> p;
  double sum = 0;
  for (const float logit : kLogits) sum += std::exp(static_cast<double>(logit) / temperature);
  for (const float logit : kLogits) p.push_back(std::exp(static_cast<double>(logit) / temperature) / sum);
  return p;
}

std::map<std::int32_t, double> shares(const SamplingSettings& settings, std::int64_t draws = 20000) {
  std::map<std::int32_t, double> counts;
  for (std::int64_t place = 0; place < draws; ++place) counts[choose_token(kLogits, settings, place).chosen.id] += 1.0 / static_cast<double>(draws);
  return counts;
}

TEST(Sampler, GreedyTakesTheLikeliestAndTheFirstOfEqualOnes) {
  const Choice choice = choose_token(kLogits, {.temperature = 0, .alternatives = 3}, 0);
  EXPECT_EQ(choice.chosen.id, 1);
  EXPECT_NEAR(choice.chosen.probability, softmax(1)[1], 1e-12);
  ASSERT_EQ(choice.likeliest.size(), 3U);
  EXPECT_EQ(choice.likeliest[0].id, 1);
  EXPECT_EQ(choice.likeliest[1].id, 3);
  EXPECT_EQ(choice.likeliest[2].id, 0);
}

TEST(Sampler, DrawsByTheProbabilities) {
  for (const double temperature : {0.5, 1.0, 2.0}) {
    const auto drawn = shares({.temperature = temperature});
    const auto wanted = softmax(temperature);
    for (std::size_t id = 0; id < kLogits.size(); ++id) {
      const auto found = drawn.find(static_cast<std::int32_t>(id));
      EXPECT_NEAR(found == drawn.end() ? 0 : found->second, wanted[id], 0.012) << id << " at " << temperature;
    }
  }
}

TEST(Sampler, TopKAndTopPLeaveTheFewestLikeliest) {
  const auto ids = [](const SamplingSettings& settings) {
    std::set<std::int32_t> drawn;
    for (const auto& [id, share] : shares(settings, 2000)) drawn.insert(id);
    return drawn;
  };
  EXPECT_EQ(ids({.temperature = 5, .top_k = 2}), (std::set<std::int32_t>{1, 3}));
  EXPECT_EQ(ids({.temperature = 1, .top_p = 0.5}), (std::set<std::int32_t>{1, 3}));
  EXPECT_EQ(ids({.temperature = 1, .top_p = 1e-6}), (std::set<std::int32_t>{1}));
  EXPECT_EQ(ids({.temperature = 5, .top_k = 100}).size(), 5U);
}

TEST(Sampler, IsAFunctionOfSeedAndPlace) {
  const SamplingSettings one{.temperature = 2, .seed = 1}, two{.temperature = 2, .seed = 2};
  std::size_t same = 0;
  for (std::int64_t place = 0; place < 200; ++place) {
    EXPECT_EQ(choose_token(kLogits, one, place).chosen.id, choose_token(kLogits, one, place).chosen.id);
    same += choose_token(kLogits, one, place).chosen.id == choose_token(kLogits, two, place).chosen.id ? 1 : 0;
  }
  EXPECT_LT(same, 120U) << "another seed draws otherwise";
}

TEST(Sampler, SettingsOutOfRangeAreRefusedWithTheNumber) {
  EXPECT_NE(SamplingSettings{.temperature = -1}.validate().message().find("-1"), std::string::npos);
  EXPECT_FALSE((SamplingSettings{.temperature = std::nan("")}.validate().ok()));
  EXPECT_FALSE((SamplingSettings{.top_k = -1}.validate().ok()));
  EXPECT_FALSE((SamplingSettings{.top_p = 0}.validate().ok()));
  EXPECT_FALSE((SamplingSettings{.max_tokens = 0}.validate().ok()));
  EXPECT_TRUE(SamplingSettings().validate().ok());
}

}  // namespace
}  // namespace weft
