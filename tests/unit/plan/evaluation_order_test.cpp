// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/evaluation_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace weft {
namespace {

// Operations of a product chain, counted by walking it: what the closed forms are checked against.
struct Counter {
  double flops = 0;
  struct Shape {
    std::int64_t rows, cols;
  };
  Shape times(Shape a, Shape b) {
    EXPECT_EQ(a.cols, b.rows);
    flops += 2.0 * static_cast<double>(a.rows) * static_cast<double>(a.cols) * static_cast<double>(b.cols);
    return {a.rows, b.cols};
  }
  static Shape t(Shape a) { return {a.cols, a.rows}; }
};

struct Sizes {
  Counter::Shape x, w, u, v, gy;
  explicit Sizes(const AdaptedProduct& p)
      : x{p.tokens, p.in}, w{p.in, p.out}, u{p.in, p.rank}, v{p.rank, p.out}, gy{p.tokens, p.out} {}
};

std::array<double, 8> walked_backward(const AdaptedProduct& p) {
  const Sizes s(p);
  std::array<double, 8> all{};
  const auto t = Counter::t;
  {  // B1
    Counter c;
    const auto z1 = c.times(s.gy, t(s.v)), z2 = c.times(s.x, s.u);
    c.times(t(s.x), z1), c.times(t(z2), s.gy), c.times(s.gy, t(s.w)), c.times(z1, t(s.u));
    all[0] = c.flops;
  }
  {  // B2
    Counter c;
    const auto z1 = c.times(s.gy, t(s.v)), z2 = c.times(t(s.x), s.gy);
    c.times(t(s.x), z1), c.times(t(s.u), z2), c.times(s.gy, t(s.w)), c.times(z1, t(s.u));
    all[1] = c.flops;
  }
  {  // B3
    Counter c;
    const auto z1 = c.times(s.gy, t(s.v)), z2 = c.times(t(s.x), s.gy);
    c.times(z2, t(s.v)), c.times(t(s.u), z2), c.times(s.gy, t(s.w)), c.times(z1, t(s.u));
    all[2] = c.flops;
  }
  {  // B4
    Counter c;
    const auto z1 = c.times(s.u, s.v), z2 = c.times(t(s.x), s.gy);
    c.times(z2, t(s.v)), c.times(t(s.u), z2), c.times(s.gy, t(z1));
    all[3] = c.flops;
  }
  {  // B5
    Counter c;
    const auto z1 = c.times(s.gy, t(s.v)), z2 = c.times(s.x, s.u), z3 = c.times(s.u, s.v);
    c.times(t(s.x), z1), c.times(t(z2), s.gy), c.times(s.gy, t(z3));
    all[4] = c.flops;
  }
  {  // B6
    Counter c;
    c.times(c.times(t(s.x), s.gy), t(s.v)), c.times(c.times(t(s.u), t(s.x)), s.gy), c.times(s.gy, t(s.w)), c.times(c.times(s.gy, t(s.v)), t(s.u));
    all[5] = c.flops;
  }
  {  // B7
    Counter c;
    c.times(c.times(t(s.x), s.gy), t(s.v)), c.times(c.times(t(s.u), t(s.x)), s.gy), c.times(s.gy, c.times(t(s.v), t(s.u)));
    all[6] = c.flops;
  }
  {  // B8
    Counter c;
    c.times(t(s.x), c.times(s.gy, t(s.v))), c.times(t(s.u), c.times(t(s.x), s.gy)), c.times(s.gy, c.times(t(s.v), t(s.u)));
    all[7] = c.flops;
  }
  return all;
}

AdaptedProduct random_product(std::mt19937& random) {
  const auto pick = [&](std::int64_t low, std::int64_t high) { return std::uniform_int_distribution<std::int64_t>(low, high)(random); };
  return {pick(1, 1 << 14), pick(64, 14336), pick(64, 14336), pick(1, 512)};
}

TEST(EvaluationOrder, BackwardFormulasCountTheProductsOfEachOrder) {
  std::mt19937 random(1);
  for (int round = 0; round < 500; ++round) {
    const AdaptedProduct p = random_product(random);
    const auto formula = backward_flops(p);
    const auto walked = walked_backward(p);
    for (std::size_t i = 0; i < 8; ++i) EXPECT_NEAR(formula[i] / walked[i], 1, 1e-12) << "B" << i + 1;
  }
}

TEST(EvaluationOrder, ForwardAndReferenceCountTheirProducts) {
  std::mt19937 random(2);
  for (int round = 0; round < 500; ++round) {
    const AdaptedProduct p = random_product(random);
    const Sizes s(p);
    Counter apart, merged, backward;
    apart.times(s.x, s.w), apart.times(apart.times(s.x, s.u), s.v);
    merged.times(s.u, s.v), merged.times(s.x, s.w);
    const auto z1 = backward.times(s.gy, Counter::t(s.v));   // x u was kept
    backward.times(Counter::t(s.x), z1), backward.times({p.rank, p.tokens}, s.gy), backward.times(s.gy, Counter::t(s.w)), backward.times(z1, Counter::t(s.u));
    EXPECT_DOUBLE_EQ(forward_flops(p)[0], apart.flops);
    EXPECT_DOUBLE_EQ(forward_flops(p)[1], merged.flops);
    EXPECT_NEAR(reference_flops(p) / (apart.flops + backward.flops), 1, 1e-12);
  }
}

// methods-compute-quant, section 1.3: the crossovers by rank and width.
TEST(EvaluationOrder, WinnersChangeWhereTheCrossoversSay) {
  std::mt19937 random(3);
  for (int round = 0; round < 20000; ++round) {
    const AdaptedProduct p = random_product(random);
    const auto b = static_cast<double>(p.tokens), i = static_cast<double>(p.in), o = static_cast<double>(p.out), r = static_cast<double>(p.rank);
    const double margin = 1e-9;
    if (std::abs(b * (i + o) - i * o) > margin * i * o) {
      EXPECT_EQ(cheapest(forward_flops(p)), b * (i + o) > i * o ? 1 : 0);
    }
    const auto back = backward_flops(p);
    if (p.tokens != p.out) {
      EXPECT_EQ(back[4] < back[0], p.tokens > p.out);
    }
    if (r <= i * o / (i + o)) {
      const int best = cheapest(back);
      EXPECT_TRUE(best == 0 || best == 3 || best == 4) << "B" << best + 1;
    }
  }
}

TEST(EvaluationOrder, CountsOnlyWhatIsAskedFor) {
  const AdaptedProduct first{1024, 576, 576, 16, /*input_gradient=*/false};
  const auto back = backward_flops(first);
  const double expected = 2.0 * 1024 * 16 * 2 * (576 + 576);   // B1 = B5 = 2 b r (i + o), in operations twice that
  EXPECT_DOUBLE_EQ(back[0], expected);
  EXPECT_DOUBLE_EQ(back[4], expected);
  const AdaptedProduct frozen{1024, 576, 192, 16, true, false, false};
  EXPECT_DOUBLE_EQ(backward_flops(frozen)[3], 2.0 * (576.0 * 192 * 16 + 1024.0 * 576 * 192));
}

TEST(EvaluationOrder, PartsOfTheBackwardOrdersAreAllCombinations) {
  std::vector<int> seen(8, 0);
  for (int b = 1; b <= 8; ++b) {
    const BackwardParts parts = backward_parts({1, b});
    ++seen.at((parts.right_whole ? 4u : 0u) + (parts.left_whole ? 2u : 0u) + (parts.input_merged ? 1u : 0u));
    // the closed form says the same: what is whole costs out x in x rank, apart from what dX merges
    const AdaptedProduct p{1, 1000, 1000, 10};
    const double ior = 2.0 * 1000 * 1000 * 10, terms = backward_flops(p)[static_cast<std::size_t>(b - 1)];
    EXPECT_EQ(std::floor(terms / ior), (parts.right_whole ? 1 : 0) + (parts.left_whole ? 1 : 0) + (parts.input_merged ? 1 : 0)) << "B" << b;
  }
  EXPECT_EQ(seen, std::vector<int>(8, 1));
}

TEST(EvaluationOrder, SettingIsReadOrAnsweredInOneSentence) {
  using Kind = EvaluationPolicy::Kind;
  EXPECT_TRUE(evaluation_policy("auto")->fixed.kept());
  EXPECT_EQ(evaluation_policy("flops")->kind, Kind::Flops);
  EXPECT_EQ(evaluation_policy("timed")->kind, Kind::Timed);
  for (int f = 1; f <= 4; ++f)
    for (int b = 1; b <= 8; ++b) {
      const EvaluationOrder order{f, b};
      const auto policy = evaluation_policy(order.name());
      ASSERT_TRUE(policy.ok());
      EXPECT_EQ(policy->kind, Kind::Fixed);
      EXPECT_EQ(policy->fixed, order);
    }
  for (const char* bad : {"", "F0+B1", "F5+B1", "F1+B0", "F1+B9", "F2", "F2B5", "f2+b5", "F2+B55", "kept", "fast"}) {
    const auto policy = evaluation_policy(bad);
    ASSERT_FALSE(policy.ok()) << bad;
    EXPECT_EQ(policy.status().message(), "[train] evaluation = \"" + std::string(bad) + "\" is no order of evaluation: \"auto\", \"flops\", \"timed\" or a pair "
                                         "from F1 to F4 and B1 to B8 such as \"F2+B5\"");
  }
}

}  // namespace
}  // namespace weft
