// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tensor/spectrum.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/gradient_check.h"

namespace weft {
namespace {

TEST(Spectrum, EqualsTheDenseSvdOfTheProduct) {
  for (const auto& [out, in, rank] : {std::tuple{40, 24, 5}, {16, 64, 8}, {4, 30, 6}}) {
    const Tensor left = random_double({out, rank}, 1), right = random_double({rank, in}, 2);
    const Tensor values = product_singular_values(left, right, -0.7);
    const Tensor dense = at::linalg_svdvals(left.matmul(right) * 0.7);
    EXPECT_LT((values - dense.narrow(0, 0, values.numel())).abs().max().item<double>(), 1e-12) << out << "x" << in << " rank " << rank;
  }
}

TEST(Spectrum, SmallValuesSurviveBesideLargeOnes) {
  // the Gram matrix would lose everything below 1e-8 of the largest; the QR core must not
  const Tensor u = std::get<0>(at::linalg_qr(random_double({50, 3}, 3))), v = std::get<0>(at::linalg_qr(random_double({40, 3}, 4)));
  const Tensor s = at::tensor({1.0, 1e-5, 1e-11}, at::kDouble);
  const Tensor values = product_singular_values(u * s, v.t(), 1.0);
  EXPECT_NEAR(values[1].item<double>() / 1e-5, 1.0, 1e-9);
  EXPECT_NEAR(values[2].item<double>() / 1e-11, 1.0, 1e-4);
}

TEST(Spectrum, FiguresOfAFlatSpectrumAreItsRank) {
  const auto figures = spectrum_figures(at::full({8}, 0.5, at::kDouble));
  EXPECT_NEAR(figures.effective_rank, 8.0, 1e-12);
  EXPECT_NEAR(figures.stable_rank, 8.0, 1e-12);
  EXPECT_EQ(figures.energy_rank_90, 8);
  EXPECT_NEAR(figures.frobenius, 0.5 * std::sqrt(8.0), 1e-12);
}

TEST(Spectrum, EnergyRanksCountSquaredValues) {
  const auto figures = spectrum_figures(at::tensor({3.0, 1.0, 0.5, 0.1}, at::kDouble));  // energies 9, 1, .25, .01 of 10.26
  EXPECT_EQ(figures.energy_rank_90, 2);
  EXPECT_EQ(figures.energy_rank_95, 2);
  EXPECT_EQ(figures.energy_rank_99, 3);
  EXPECT_NEAR(figures.stable_rank, 10.26 / 9, 1e-12);
}

TEST(Spectrum, ZeroUpdateHasNoRank) {
  const auto figures = spectrum_figures(at::zeros({4}, at::kDouble));
  EXPECT_EQ(figures.effective_rank, 0);
  EXPECT_EQ(figures.energy_rank_99, 0);
}

}  // namespace
}  // namespace weft
