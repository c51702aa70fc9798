// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/probe/close_up.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace weft {
namespace {

TEST(MatrixPicture, KeepsTheLargestEntryOfEachCellWithItsSign) {
  const Tensor m = at::zeros({7, 10});
  m[0][0] = 1;
  m[1][1] = -3;     // same cell as the one above
  m[6][9] = 2;
  const MatrixPicture p = picture_of("A", m, 3);
  EXPECT_EQ(p.rows, 7);
  EXPECT_EQ(p.columns, 10);
  ASSERT_EQ(p.cells.size(), 9U);
  EXPECT_EQ(p.cells.front(), -3);
  EXPECT_EQ(p.cells.back(), 2);
  EXPECT_EQ(p.cells[4], 0);
  EXPECT_EQ(p.largest, 3);
  EXPECT_NEAR(p.frobenius, std::sqrt(14), 1e-6);
}

TEST(MatrixPicture, FoldsMoreDimensionsAndNeverInventsCells) {
  const MatrixPicture core = picture_of("core", at::ones({2, 3, 4}), 96);
  EXPECT_EQ(core.rows, 6);
  EXPECT_EQ(core.cell_rows, 6);
  EXPECT_EQ(core.cell_columns, 4);
  const MatrixPicture vector = picture_of("m", at::ones({5}), 96);
  EXPECT_EQ(vector.rows, 1);
  EXPECT_EQ(vector.columns, 5);
}

// Planes of known angles: span(e1, e2) and span(e1, cos t e2 + sin t e3).
TEST(PrincipalAngles, AreTheKnownOnesOfTwoPlanes) {
  for (const double degrees : {0.001, 1.0, 30.0, 44.0, 46.0, 89.0, 90.0}) {
    const double t = degrees * std::numbers::pi / 180;
    const Tensor a = at::eye(6, at::kDouble).narrow(1, 0, 2), b = at::zeros({6, 2}, at::kDouble);
    b[0][0] = 1;
    b[1][1] = std::cos(t);
    b[2][1] = std::sin(t);
    // another basis of the same planes
    const Tensor mix = at::tensor({2.0, 1.0, -1.0, 3.0}, at::kDouble).view({2, 2});
    const auto angles = principal_angles(at::matmul(a, mix), at::matmul(b, mix.t()));
    ASSERT_EQ(angles.size(), 2U);
    EXPECT_NEAR(angles[0], 0, 1e-4) << degrees;
    EXPECT_NEAR(angles[1], degrees, 1e-4) << degrees;   // float32 degrees
  }
}

TEST(PrincipalAngles, CountOnlyDirectionsThatAreThere) {
  const Tensor a = at::eye(5, at::kDouble).narrow(1, 0, 3).clone(), b = at::eye(5, at::kDouble).narrow(1, 2, 2).clone();
  a.select(1, 1).copy_(a.select(1, 0));                 // rank 2: e1, e3
  const auto angles = principal_angles(a, b);           // e3 is common, e1 and e4 are not
  ASSERT_EQ(angles.size(), 2U);
  EXPECT_NEAR(angles[0], 0, 1e-5);
  EXPECT_NEAR(angles[1], 90, 1e-5);
  EXPECT_TRUE(principal_angles(at::zeros({5, 2}, at::kDouble), b).empty());
}

TEST(Regression, IsTheLineAndPearsonsR) {
  const std::vector<double> x{0, 1, 2, 3}, y{1, 3, 5, 7}, noisy{1, 0, 3, 2};
  const Regression exact = regression_of(x, y);
  EXPECT_NEAR(exact.slope, 2, 1e-12);
  EXPECT_NEAR(exact.intercept, 1, 1e-12);
  EXPECT_NEAR(exact.r, 1, 1e-12);
  const Regression loose = regression_of(x, noisy);     // by hand: sxx 5, sxy 3, syy 5
  EXPECT_NEAR(loose.slope, 0.6, 1e-12);
  EXPECT_NEAR(loose.r, 0.6, 1e-12);
  EXPECT_EQ(regression_of(x, std::vector<double>{2, 2, 2, 2}).r, 0);
  EXPECT_EQ(regression_of({}, {}).slope, 0);
}

}  // namespace
}  // namespace weft
