// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/growth.h"

#include <gtest/gtest.h>

#include <vector>

namespace weft {
namespace {

std::vector<GrowthPoint> measured(double disturbed) {
  std::vector<GrowthPoint> points;
  for (const double rank : {4.0, 16.0, 64.0})
    for (const auto& [rows, length] : {std::pair{1.0, 128.0}, {4.0, 128.0}, {1.0, 512.0}, {4.0, 256.0}, {2.0, 512.0}}) {
      const double tokens = rows * length, square = rows * length * length;
      const double noise = points.size() % 2 == 0 ? 1 + disturbed : 1 - disturbed;
      points.push_back({tokens, square, rank, noise * (0.004 + 1.6e-3 * tokens + 4e-7 * square + 6e-6 * tokens * rank + 5e-4 * rank)});
    }
  return points;
}

TEST(Growth, FindsTheTermsThatMadeTheTimes) {
  const auto growth = fit_growth(measured(0));
  ASSERT_TRUE(growth.ok()) << growth.status().message();
  EXPECT_NEAR(growth->fixed, 0.004, 1e-9);
  EXPECT_NEAR(growth->a_token, 1.6e-3, 1e-11);
  EXPECT_NEAR(growth->a_square, 4e-7, 1e-14);
  EXPECT_NEAR(growth->a_token_rank, 6e-6, 1e-13);
  EXPECT_NEAR(growth->a_rank, 5e-4, 1e-10);
  EXPECT_LT(growth->largest_error, 1e-9);
}

TEST(Growth, NoiseOfAPercentStaysThere) {
  const auto growth = fit_growth(measured(0.01));
  ASSERT_TRUE(growth.ok());
  EXPECT_NEAR(growth->a_token, 1.6e-3, 0.05 * 1.6e-3);
  EXPECT_GT(growth->largest_error, 0.002);
  EXPECT_LT(growth->largest_error, 0.02);
}

TEST(Growth, RefusesPointsThatCannotTellTheTermsApart) {
  auto points = measured(0);
  EXPECT_FALSE(fit_growth(std::span(points).first(4)).ok());
  for (auto& p : points) p.rank = 8;
  const auto one_rank = fit_growth(points);
  ASSERT_FALSE(one_rank.ok());
  EXPECT_NE(one_rank.status().message().find("several of each"), std::string::npos);
  points = measured(0);
  points[3].seconds = 0;
  EXPECT_FALSE(fit_growth(points).ok());
}

}  // namespace
}  // namespace weft
