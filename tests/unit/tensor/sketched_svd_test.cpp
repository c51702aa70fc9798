// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tensor/sketched_svd.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/gradient_check.h"

namespace weft {
namespace {

Tensor orthonormal(std::int64_t rows, std::int64_t columns, std::uint64_t seed) {
  return std::get<0>(at::linalg_qr(random_double({rows, columns}, seed)));
}

// Values that fall like those of trained weights: a few large ones, then i^-0.4 without a gap.
Tensor weight_like(std::int64_t m, std::int64_t n, std::uint64_t seed) {
  const std::int64_t k = std::min(m, n);
  Tensor s = at::arange(1, k + 1, at::kDouble).pow(-0.4);
  s.narrow(0, 0, 3).mul_(at::tensor({6.0, 3.0, 1.5}, at::kDouble));
  return (orthonormal(m, k, seed) * s).matmul(orthonormal(n, k, seed + 1).t());
}

double residual(const Tensor& w, const SingularTriplets& t) {
  return (w.to(at::kDouble) - (t.u * t.s).matmul(t.v.t()).to(at::kDouble)).norm().item<double>();
}

double off_orthonormal(const Tensor& q) { return (q.t().matmul(q) - at::eye(q.size(1), q.options())).abs().max().item<double>(); }

// Four iterations on a spectrum without a gap. The residual is what a start with these factors leaves; the exact one is the least.
TEST(SketchedSvd, ComesNearTheExactOneOnWeightLikeSpectra) {
  for (const auto& [m, n, rank] : {std::tuple{192, 512, 8}, {512, 192, 16}, {300, 301, 32}}) {
    const Tensor w = weight_like(m, n, 5);
    at::Generator generator = make_generator(3);
    const SingularTriplets ours = sketched_svd(w, rank, 4, generator), best = exact_svd(w, rank);
    const Tensor error = (ours.s - best.s).abs() / best.s;
    EXPECT_LT(error.max().item<double>(), 4e-2) << m << "x" << n;      // the last ones: the sketch ends where values are a tenth smaller
    EXPECT_LT(error[0].item<double>(), 1e-9) << m << "x" << n;         // (s_q / s_1)^18 is far below
    EXPECT_LT(residual(w, ours) / residual(w, best), 1 + 3e-3) << m << "x" << n;
    EXPECT_GE(residual(w, ours), residual(w, best) * (1 - 1e-12)) << "nothing is better than the exact one";
    EXPECT_LT(off_orthonormal(ours.u), 1e-12);
    EXPECT_LT(off_orthonormal(ours.v), 1e-12);
    // a projection: the residual's energy is exactly what the values do not hold
    const double held = ours.s.square().sum().item<double>(), all = w.square().sum().item<double>();
    EXPECT_NEAR(residual(w, ours) / std::sqrt(all - held), 1, 1e-9);
  }
}

TEST(SketchedSvd, MoreIterationsComeNearer) {
  const Tensor w = weight_like(256, 256, 9);
  const double best = residual(w, exact_svd(w, 12));
  double last = 1e9;
  for (const std::int64_t iterations : {0, 1, 3, 8}) {
    at::Generator generator = make_generator(4);
    const double excess = residual(w, sketched_svd(w, 12, iterations, generator)) - best;
    EXPECT_LT(excess, last) << iterations;
    last = excess;
  }
  EXPECT_LT(last, 1e-4 * best);
}

TEST(SketchedSvd, KnowsTheDirectionsOfAMatrixThatIsNear) {
  const Tensor w = weight_like(256, 200, 9), other = w + random_double({256, 200}, 3) * 1e-4;
  const double best = residual(w, exact_svd(w, 12));
  at::Generator generator = make_generator(4);
  const double fresh = residual(w, sketched_svd(w, 12, 1, generator)) - best;
  const double known = residual(w, sketched_svd(w, 12, 1, generator, exact_svd(other, 12).v)) - best;
  EXPECT_LT(known, 1e-2 * fresh);
  EXPECT_GE(known, -1e-12);
}

// Where the spectrum ends within the sketch nothing is left to approximate.
TEST(SketchedSvd, IsExactWhenTheRankIsWithinTheSketch) {
  const Tensor w = random_double({90, 6}, 1).matmul(random_double({6, 70}, 2));
  at::Generator generator = make_generator(1);
  const SingularTriplets ours = sketched_svd(w, 8, 2, generator);
  const Tensor values = at::linalg_svdvals(w);
  EXPECT_LT((ours.s - values.narrow(0, 0, 8)).abs().max().item<double>(), 1e-12 * values[0].item<double>());
  EXPECT_LT(residual(w, ours), 1e-12 * values[0].item<double>());
  EXPECT_LT(off_orthonormal(ours.u), 1e-12) << "also where the values are zero";
}

TEST(SketchedSvd, DegenerateShapesAndZeros) {
  at::Generator generator = make_generator(1);
  for (const auto& [m, n, rank] : {std::tuple{5, 9, 5}, {9, 5, 12}, {1, 7, 1}, {12, 12, 4}, {64, 3, 2}}) {
    const Tensor w = random_double({m, n}, 8);
    const SingularTriplets ours = sketched_svd(w, rank, 2, generator);
    const auto k = std::min({rank, m, n});
    EXPECT_EQ(ours.u.sizes(), at::IntArrayRef({m, k}));
    EXPECT_EQ(ours.v.sizes(), at::IntArrayRef({n, k}));
    EXPECT_LT((ours.s - at::linalg_svdvals(w).narrow(0, 0, k)).abs().max().item<double>(), 1e-12) << m << "x" << n << " rank " << rank;
  }
  const SingularTriplets zero = sketched_svd(at::zeros({80, 60}, at::kDouble), 4, 2, generator);
  EXPECT_EQ(zero.s.abs().max().item<double>(), 0);
  EXPECT_EQ(residual(at::zeros({80, 60}, at::kDouble), zero), 0);
  Tensor bad = at::zeros({80, 60}, at::kDouble);
  bad[3][4] = std::nan("");
  EXPECT_THROW((void)sketched_svd(bad, 4, 2, generator), c10::Error);
}

TEST(SketchedSvd, TheSeedDecidesAndTheThreadsDoNot) {
  const Tensor w = weight_like(200, 160, 2).to(at::kFloat);
  const int threads = at::get_num_threads();
  std::vector<Tensor> u;
  for (const auto& [count, seed] : {std::pair{1, 7}, {2, 7}, {2, 8}}) {
    at::set_num_threads(count);
    at::Generator generator = make_generator(static_cast<std::uint64_t>(seed));
    u.push_back(sketched_svd(w, 8, 2, generator).u);
  }
  at::set_num_threads(threads);
  EXPECT_TRUE(u[0].equal(u[1]));
  EXPECT_FALSE(u[0].equal(u[2]));
}

// float32 loses to float64 what rounding takes: 1e-5 of the largest value, a hundred roundings.
TEST(SketchedSvd, SinglePrecisionFollowsDouble) {
  const Tensor w = weight_like(256, 384, 6);
  at::Generator first = make_generator(1), second = make_generator(1);
  const SingularTriplets single = sketched_svd(w.to(at::kFloat), 8, 6, first), twice = sketched_svd(w, 8, 6, second);
  EXPECT_LT(off_orthonormal(single.u), 1e-5);
  EXPECT_NEAR(residual(w, single) / residual(w, twice), 1, 1e-4);
  EXPECT_LT((single.s - twice.s).abs().max().item<double>(), 1e-3 * twice.s[0].item<double>());
}

TEST(StepwiseSvd, IsTheWholeOneAndEndsWhereItIsTold) {
  for (const auto& [m, n] : {std::pair{60, 60}, {50, 170}, {170, 50}}) {
    const Tensor w = weight_like(m, n, 11);
    const SingularTriplets whole = exact_svd(w, std::min(m, n)), ours = stepwise_svd(w, {});
    EXPECT_LT((ours.s - whole.s).abs().max().item<double>(), 1e-13 * whole.s[0].item<double>() * 10) << m << "x" << n;
    EXPECT_LT(residual(w, ours), 1e-12) << m << "x" << n;
    EXPECT_LT(off_orthonormal(ours.u), 1e-12);
    EXPECT_LT(off_orthonormal(ours.v), 1e-12);
    int asked = 0;
    EXPECT_FALSE(stepwise_svd(w, [&] { return ++asked == 2; }).s.defined());
    EXPECT_EQ(asked, 2);
  }
  at::Generator generator = make_generator(3);
  EXPECT_FALSE(sketched_svd(weight_like(64, 64, 3), 8, 2, generator, {}, [] { return true; }).s.defined());
}

}  // namespace
}  // namespace weft
