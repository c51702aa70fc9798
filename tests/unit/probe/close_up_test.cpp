// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/probe/close_up.h"

#include <ATen/ops/linalg_svd.h>
#include <ATen/ops/linalg_svdvals.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <tuple>
#include <vector>

#include "engine/api/spectrum_law.h"

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

// The law is that of matrices without end: at these sizes its ends are met to some per cent. Between them the values repel each other, so that each stands
// within a place or two of where the law has it, whatever their number; that their mean square is brought to 1 moves them all by as much again.
TEST(RandomSpectrum, IsWhereRandomMatricesHaveTheirSingularValues) {
  struct Shape {
    std::int64_t rank, rows, columns;
  };
  for (const Shape& s : {Shape{40, 400, 600}, Shape{100, 300, 200}, Shape{150, 150, 400}, Shape{200, 200, 200}}) {
    auto generator = make_generator(7);
    const bool thin = s.rank < std::min(s.rows, s.columns);
    const Tensor right = at::empty({thin ? s.rank : s.rows, s.columns}, at::kDouble).normal_(0, 1, generator);
    const Tensor m = thin ? at::matmul(at::empty({s.rows, s.rank}, at::kDouble).normal_(0, 1, generator), right) : right;
    Tensor values = at::linalg_svdvals(m).narrow(0, 0, s.rank).contiguous();
    values /= values.square().mean().sqrt();
    const RandomSpectrum law(s.rank, s.rows, s.columns);
    EXPECT_NEAR(law.share_below(law.upper() - 1e-9), 1, 1e-6);
    const double* v = values.const_data_ptr<double>();
    EXPECT_NEAR(v[0], law.upper(), 0.06 * law.upper());
    EXPECT_NEAR(v[s.rank - 1], law.lower(), 0.06);
    for (std::int64_t i = 0; i < s.rank; ++i) EXPECT_NEAR(law.share_below(v[i]), 1 - (static_cast<double>(i) + 0.5) / static_cast<double>(s.rank), 3.0 / static_cast<double>(s.rank)) << s.rank << " " << i;
  }
}

TEST(RandomSpectrum, OfFullRankEndsWhereMarchenkoAndPasturSay) {
  const RandomSpectrum wide(100, 100, 400), square(64, 64, 64);
  EXPECT_NEAR(wide.lower(), 1 - 0.5, 1e-9);
  EXPECT_NEAR(wide.upper(), 1 + 0.5, 1e-9);
  EXPECT_NEAR(square.lower(), 0, 1e-9);
  EXPECT_NEAR(square.upper(), 2, 1e-9);
}

// Directions that were put in stand above, what random factors give does not, whatever its strength.
TEST(NoiseBand, TellsDirectionsFromNoise) {
  auto generator = make_generator(3);
  const auto noise = [&](std::int64_t rows, std::int64_t columns) { return at::empty({rows, columns}, at::kDouble).normal_(0, 1, generator); };
  Tensor left = noise(500, 24), right = noise(24, 300);
  for (const double strength : {1e-4, 30.0}) {
    const auto values_of = [&](const Tensor& l) {
      const Tensor v = at::linalg_svdvals(at::matmul(l, right) * strength).narrow(0, 0, 24).to(at::kFloat).contiguous();
      return std::vector<float>(v.const_data_ptr<float>(), v.const_data_ptr<float>() + 24);
    };
    const auto pure = values_of(left);
    const NoiseBand band = noise_band(pure, 500, 300);
    EXPECT_LE(band.above, 1);
    EXPECT_NEAR(band.upper, static_cast<double>(pure.front()), 0.1 * band.upper);
    Tensor strong = left.clone();
    strong.narrow(1, 0, 3).mul_(4);
    EXPECT_EQ(noise_band(values_of(strong), 500, 300).above, 3);
  }
  EXPECT_EQ(noise_band(std::vector<float>{3, 2, 1}, 50, 50).upper, 0);   // too few to say
  EXPECT_EQ(noise_band(std::vector<float>(8, 0.0F), 50, 50).upper, 0);
}

TEST(KeptEnergy, IsTheShareOfTheSquares) {
  const std::vector<float> values{3, 2, 1};
  EXPECT_NEAR(kept_energy(values, 1), 9.0 / 14, 1e-12);
  EXPECT_EQ(kept_energy(values, 9), 1);
  EXPECT_EQ(kept_energy(std::vector<float>{0, 0}, 1), 0);
}

// An update made of W's own directions lies wholly along those.
TEST(BaseDecomposition, FindsTheDirectionsThatTheUpdateUses) {
  auto generator = make_generator(5);
  const Tensor w = at::empty({40, 30}, at::kDouble).normal_(0, 1, generator);
  const auto [u, s, vh] = at::linalg_svd(w, /*full_matrices=*/false);
  const Tensor delta = 3 * at::outer(u.select(1, 0), vh.select(0, 29)) + 4 * at::outer(u.select(1, 7), vh.select(0, 2));
  const BaseDecomposition base = decompose_base(w, delta);
  ASSERT_EQ(base.values.size(), 30U);
  EXPECT_FALSE(base.leading);
  for (std::size_t i = 0; i < 30; ++i) {
    EXPECT_NEAR(base.values[i], s[static_cast<std::int64_t>(i)].item<double>(), 1e-5);   // float32 values
    EXPECT_NEAR(base.output_energy[i], i == 0 ? 9.0 / 25 : i == 7 ? 16.0 / 25 : 0, 1e-6) << i;
    EXPECT_NEAR(base.input_energy[i], i == 29 ? 9.0 / 25 : i == 2 ? 16.0 / 25 : 0, 1e-6) << i;
  }
  EXPECT_TRUE(decompose_base(w, at::zeros_like(w)).output_energy.empty());
  EXPECT_TRUE(decompose_base(w, delta, [] { return true; }).values.empty());
}

// s L R - s' L' R' by its factors is that of the matrices themselves.
TEST(CloseUp, TheDifferenceOfTwoUpdatesHasItsOwnSpectrum) {
  auto generator = make_generator(9);
  const auto factors = [&](double scale) {
    LinearFactors f;
    f.left = at::empty({20, 3}, at::kFloat).normal_(0, 1, generator);
    f.right = at::empty({3, 16}, at::kFloat).normal_(0, 1, generator);
    f.scale = scale;
    return f;
  };
  const LinearFactors one = factors(2), other = factors(0.5);
  CloseUpReply reply;
  reply.shown = {"model.layers.0.q_proj", "q_proj", 0, 20, 16, 3};
  look_at_factors(one, other, 8, reply);
  const Tensor wanted = at::linalg_svdvals((one.left.matmul(one.right) * 2 - other.left.matmul(other.right) * 0.5).to(at::kDouble));
  ASSERT_EQ(reply.difference.singular_values.size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(reply.difference.singular_values[i], wanted[static_cast<std::int64_t>(i)].item<double>(), 1e-4);   // float32 factors, values near 20
  ASSERT_EQ(reply.spectrum.singular_values.size(), 3U);
  CloseUpReply alone;
  alone.shown = reply.shown;
  look_at_factors(one, {}, 8, alone);
  EXPECT_TRUE(alone.difference.singular_values.empty());
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
