// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/intrinsic_dimension.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "tests/support/gradient_check.h"

namespace weft {
namespace {

// Points of a bell of so many dimensions, laid into a larger space by a random map. The method sees them a little low where there are many. The values are those
// of NumPy for the same points: all distances, sorted, and the slope.
TEST(TwoNn, FindsTheDimensionOfSetsThatAreKnown) {
  const std::map<int, std::vector<double>> of_numpy{{2, {1.98058066, 2.02387291, 1.95280993}}, {5, {5.04965242, 5.31432536, 4.89076582}},
                                                    {10, {9.6615172, 8.55068101, 9.2362875}}};
  for (const auto& [dimension, values] : of_numpy) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      const Tensor points = random_double({1000, dimension}, seed).matmul(random_double({dimension, 40}, seed + 10));
      const auto found = two_nn_dimension(points.to(at::kFloat));
      ASSERT_TRUE(found.ok()) << found.status().message();
      EXPECT_NEAR(found->value, values[seed - 1], 1e-4) << dimension;
      EXPECT_NEAR(found->value, dimension, 0.15 * dimension);
      EXPECT_EQ(found->points, 1000);
      EXPECT_GT(found->spread, 0.2 * dimension / std::sqrt(1000.0));
      EXPECT_LT(found->spread, 3 * dimension / std::sqrt(1000.0));
    }
  }
}

TEST(TwoNn, DoesNotDependOnScaleAndPlace) {
  const Tensor points = random_double({300, 4}, 1).matmul(random_double({4, 12}, 2));
  const auto one = two_nn_dimension(points), other = two_nn_dimension(points * 1e-4 + 3);
  EXPECT_NEAR(one->value, other->value, 1e-6);
}

// The spread is what other draws of the same set would differ by.
TEST(TwoNn, TellsItsSpread) {
  std::vector<double> values, spreads;
  for (std::uint64_t seed = 0; seed < 24; ++seed) {
    const auto found = two_nn_dimension(random_double({400, 5}, seed));
    values.push_back(found->value);
    spreads.push_back(found->spread);
  }
  const Tensor v = at::tensor(values, at::kDouble), s = at::tensor(spreads, at::kDouble);
  const double real = v.std().item<double>(), said = s.mean().item<double>();
  EXPECT_GT(said, 0.6 * real);
  EXPECT_LT(said, 1.7 * real);
}

TEST(TwoNn, CountsPointsThatLieOnEachOtherOnceAndWantsEnough) {
  const Tensor points = random_double({200, 3}, 1).matmul(random_double({3, 8}, 2));
  const auto once = two_nn_dimension(points), twice = two_nn_dimension(at::cat({points, points, points.narrow(0, 0, 50) + 1e-9}));
  EXPECT_EQ(twice->points, 200);
  EXPECT_DOUBLE_EQ(once->value, twice->value);
  for (const Tensor& few : {points.narrow(0, 0, 49), points.narrow(0, 0, 1), points.narrow(0, 0, 30).repeat({10, 1}), at::zeros({100, 4}, at::kDouble)}) {
    const auto found = two_nn_dimension(few);
    ASSERT_FALSE(found.ok()) << few.sizes();
    EXPECT_NE(found.status().message().find("at least 50 are needed"), std::string::npos) << found.status().message();
  }
  EXPECT_FALSE(two_nn_dimension(points / 0.0).ok());
}

TEST(RanksOfDimensions, AreTheRiseAndOneMore) {
  EXPECT_EQ(ranks_of({3.2, 5.4, 5.3, 9.9, 1.0}), (std::vector<std::int64_t>{3, 1, 6, 1}));
  EXPECT_TRUE(ranks_of({3.0}).empty());
}

// A real model: the points are the means of the rows, a row that comes again is none.
TEST(DimensionSurvey, LooksAtRowsOnceAndAtAllBlocks) {
  auto source = ModelSource::open(std::string(WEFT_TEST_DATA) + "/models/stories260k/stories260K-f32.gguf");
  ASSERT_TRUE(source.ok()) << source.status().message();
  const auto model = Decoder::load(std::move(*source));
  ASSERT_TRUE(model.ok()) << model.status().message();
  std::int32_t made = 0;
  const auto next = [&]() -> std::optional<PackedBatch> {
    if (made == 30) return std::nullopt;
    PackedBatch batch;
    batch.segments = {0};
    for (std::int32_t row = 0; row < 4; ++row) {
      const std::int32_t kind = row == 3 ? 0 : made * 4 + row, length = 9 + kind % 5;
      for (std::int32_t t = 0; t < length; ++t) {
        batch.ids.push_back((kind * 131 + t * t * 17 + t * kind) % 500 + 3);
        batch.positions.push_back(t);
      }
      batch.segments.push_back(static_cast<std::int64_t>(batch.ids.size()));
    }
    batch.targets.assign(batch.ids.size(), 1);
    ++made;
    return batch;
  };
  const auto survey = survey_dimensions(**model, 1000, next, [] { return true; });
  ASSERT_TRUE(survey.ok()) << survey.status().message();
  EXPECT_EQ(survey->rows, 90);
  EXPECT_EQ(survey->repeated, 30);
  ASSERT_EQ(survey->dimensions.size(), 6U);
  ASSERT_EQ(survey->ranks.size(), 5U);
  for (const auto& d : survey->dimensions) EXPECT_TRUE(d.value > 0.5 && d.value < 64) << d.value;
  made = 0;
  EXPECT_EQ(survey_dimensions(**model, 60, next, [] { return true; })->rows, 60) << "no more than asked for";
  made = 0;
  const auto stopped = survey_dimensions(**model, 1000, next, [] { return false; });
  ASSERT_FALSE(stopped.ok());
  EXPECT_NE(stopped.status().message().find("3 points"), std::string::npos) << stopped.status().message();
}

// The states that are heard of are those that the layers read: the last after its norm is hidden().
TEST(HiddenStates, EndWithWhatTheOutputReads) {
  auto source = ModelSource::open(std::string(WEFT_TEST_DATA) + "/models/stories260k/stories260K-f32.gguf");
  const auto model = Decoder::load(std::move(*source));
  const std::vector<std::int32_t> ids{5, 9, 300, 41, 17}, positions{0, 1, 2, 3, 4};
  const std::vector<std::int64_t> segments{0, 5};
  const at::NoGradGuard no_grad;
  std::vector<Tensor> states;
  (*model)->hidden_states({ids, positions, segments}, [&](std::size_t number, const Tensor& h) {
    EXPECT_EQ(number, states.size());
    states.push_back(h.clone());
  });
  ASSERT_EQ(states.size(), 6U);
  const Tensor last = (*model)->hidden({ids, positions, segments});
  const Tensor ratio = last / (states.back() * states.back().square().mean(1, true).add(1e-5).rsqrt());
  EXPECT_LT((ratio - ratio[0]).abs().max().item<double>(), 1e-3) << "the weights of the last norm, whatever the token";
  EXPECT_GT((states[0] - states[1]).abs().max().item<double>(), 1e-2);
}

}  // namespace
}  // namespace weft
