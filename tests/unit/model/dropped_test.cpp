// SPDX-License-Identifier: GPL-3.0-or-later
// Dropout in the kernels against its definition in LibTorch's own operations, with the masks that engine/api/dropout.h says.
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "engine/model/ops.h"
#include "engine/tensor/drop.h"
#include "tests/support/gradient_check.h"

namespace weft {
namespace {

constexpr std::int64_t kLayer = 3, kLayers = 4, kHeads = 4, kKvHeads = 2;

Tensor tensor_of(const DropMask& mask) {
  return at::tensor(std::vector<std::int64_t>(mask.dropped.begin(), mask.dropped.end())).view({mask.rows, mask.columns}).to(at::kBool);
}

struct Masked {
  DropPass pass;
  std::vector<std::int64_t> segments;
  std::int64_t window = 0;
  [[nodiscard]] AttentionShape shape() const {
    return {segments, kHeads, kKvHeads, window, pass.place(DropPosition::Key, kLayer, kLayers), pass.place(DropPosition::Attention, kLayer, kLayers),
            pass.dropout.keep_first_key};
  }
};

// Equation by equation, recorded by autograd: DropKey's logits of minus infinity, DropAttention's division by a sum that is a constant.
Tensor definition(const Masked& m, const Tensor& q, const Tensor& k, const Tensor& v) {
  const auto size = q.size(1) / kHeads;
  std::vector<Tensor> rows;
  for (std::size_t s = 0; s + 1 < m.segments.size(); ++s) {
    const auto begin = m.segments[s], length = m.segments[s + 1] - begin;
    const Tensor place = at::arange(length), age = place.unsqueeze(1) - place.unsqueeze(0);
    const Tensor outside = m.window > 0 ? age.lt(0).logical_or(age.ge(m.window)) : age.lt(0);
    std::vector<Tensor> heads;
    for (std::int64_t h = 0; h < kHeads; ++h) {
      const auto of = [&](const Tensor& x, std::int64_t head) { return x.narrow(0, begin, length).narrow(1, head * size, size); };
      const auto kv = h / (kHeads / kKvHeads);
      const auto mask = [&](DropPosition position) { return tensor_of(drop_mask(m.pass, position, kLayer, kLayers, static_cast<std::int64_t>(s), h, length, 0)); };
      const Tensor logits = of(q, h).matmul(of(k, kv).t()) / std::sqrt(static_cast<double>(size));
      const Tensor weights = at::softmax(logits.masked_fill(outside.logical_or(mask(DropPosition::Key)), -INFINITY), 1);
      const Tensor kept = weights.masked_fill(mask(DropPosition::Attention), 0);
      heads.push_back((kept / kept.sum(1, true).detach()).matmul(of(v, kv)));
    }
    rows.push_back(at::cat(heads, 1));
  }
  return at::cat(rows, 0);
}

struct Results {
  Tensor y, log_sum, gq, gk, gv;
  [[nodiscard]] std::vector<Tensor> all() const { return {y, gq, gk, gv}; }
};
Results kernels(const Masked& m, const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& gy, Precision precision) {
  Results r{at::full_like(q, NAN), at::full({kHeads, q.size(0)}, NAN, q.options()), at::full_like(q, NAN), at::full_like(k, NAN), at::full_like(v, NAN)};
  attention_forward(m.shape(), q, k, v, r.y, r.log_sum, precision);
  attention_backward(m.shape(), {q, k, v, r.y, r.log_sum}, gy, r.gq, r.gk, r.gv, precision);
  return r;
}
double distance(const Tensor& got, const Tensor& wanted) { return ((got.to(at::kDouble) - wanted).norm() / wanted.norm()).item<double>(); }

TEST(DroppedAttention, EqualsItsDefinitionAndGradients) {
  int seed = 0;
  for (const auto pattern : {DropPattern::Element, DropPattern::Column, DropPattern::Span})
    for (const auto& [key, weight] : {std::pair(0.3, 0.0), std::pair(0.0, 0.3), std::pair(0.2, 0.4)})
      for (const std::int64_t window : {0, 37}) {
        Masked m{.pass = {.seed = 5, .step = ++seed}, .segments = {0, 77, 78, 209}, .window = window};
        m.pass.dropout.key = {key, pattern};
        m.pass.dropout.attention = {weight, pattern};
        m.pass.dropout.keep_first_key = seed % 2 == 0;
        const std::int64_t size = seed % 2 == 0 ? 20 : 64;
        std::vector<Tensor> wide;
        for (const auto heads : {kHeads, kKvHeads, kKvHeads}) wide.push_back(random_double({209, heads * size}, 20 + wide.size()).set_requires_grad(true));
        const Tensor gy = random_double({209, kHeads * size}, 30), y = definition(m, wide[0], wide[1], wide[2]);
        y.backward(gy);
        const std::vector<Tensor> expected{y.detach(), wide[0].grad(), wide[1].grad(), wide[2].grad()};
        const auto compare = [&](at::ScalarType type, Precision precision, double limit) {
          std::vector<Tensor> in;
          for (const auto& t : wide) in.push_back(t.detach().to(type));
          const auto got = kernels(m, in[0], in[1], in[2], gy.to(type), precision).all();
          for (std::size_t i = 0; i < got.size(); ++i)
            EXPECT_LT(distance(got[i], expected[i]), limit) << "result " << i << ", pattern " << static_cast<int>(pattern) << ", rates " << key << " and " << weight << ", window " << window;
        };
        compare(at::kDouble, Precision::Full, 1e-12);
        compare(at::kFloat, Precision::Full, 2e-6);
        compare(at::kFloat, Precision::Bf16, 8e-3);  // as without dropout: operands keep 8 bits, gradients pass two products
      }
}

TEST(DroppedAttention, StaysFiniteWhereNearlyEveryKeyIsDropped) {
  for (const auto pattern : {DropPattern::Element, DropPattern::Column, DropPattern::Span})
    for (const auto position : {&Dropout::key, &Dropout::attention}) {
      Masked m{.pass = {.seed = 1}, .segments = {0, 1, 40}};
      m.pass.dropout.*position = {0.9, pattern};
      const auto value = [&](std::int64_t heads, std::uint64_t seed) { return (random_double({40, heads * 8}, seed) * 30).to(at::kFloat); };
      const auto r = kernels(m, value(kHeads, 1), value(kKvHeads, 2), value(kKvHeads, 3), value(kHeads, 4), Precision::Full);
      for (const auto& t : r.all()) EXPECT_TRUE(at::isfinite(t).all().item<bool>());
    }
}

// Property 3 of the paper's frame: forward, both positions are the same for the same mask.
TEST(DroppedAttention, OfLogitsAndOfWeightsAgreeForward) {
  Masked key{.pass = {.seed = 9}, .segments = {0, 50}};
  key.pass.dropout.key = {0.4, DropPattern::Column};
  const Tensor q = random_double({50, kHeads * 8}, 1), k = random_double({50, kKvHeads * 8}, 2), v = random_double({50, kKvHeads * 8}, 3);
  AttentionShape of_key = key.shape(), of_weights{key.segments, kHeads, kKvHeads, 0, {}, of_key.key_drop};
  Tensor one = at::empty_like(q), other = at::empty_like(q), log_sum = at::empty({kHeads, 50}, q.options());
  attention_forward(of_key, q, k, v, one, log_sum);
  attention_forward(of_weights, q, k, v, other, log_sum);
  EXPECT_LT((one - other).abs().max().item<double>(), 1e-14);
}

// One query with three keys, the gradient of one weight by its logits: equations of section 3 of the paper.
TEST(DroppedAttention, PassesTheGradientsThatThePaperDerives) {
  const std::vector<std::int64_t> segments{0, 3};
  const double g_m = 0.7, g_u = -0.4, g_o = 0.2;   // of the dropped key, of the kept one, of the query's own
  const Tensor q = at::zeros({3, 4}, at::kDouble), v = at::zeros({3, 4}, at::kDouble), k = at::zeros({3, 4}, at::kDouble);
  q[2][0] = 2.0;                                   // head size 4: scale 1/2, so that the logit is k's first value
  k[0][0] = g_m, k[1][0] = g_u, k[2][0] = g_o;
  v[1][1] = 1.0;                                   // y[2][1] is the kept weight
  const Tensor gy = at::zeros({3, 4}, at::kDouble);
  gy[2][1] = 1.0;
  const double sum = std::exp(g_m) + std::exp(g_u) + std::exp(g_o), w_m = std::exp(g_m) / sum, w_u = std::exp(g_u) / sum;
  DropPass pass;
  pass.dropout.key = {0.5, DropPattern::Column};
  pass.dropout.later_half = false;
  for (;; ++pass.step) {                            // a mask that takes key 0 and leaves key 1
    const auto mask = drop_mask(pass, DropPosition::Key, 0, 1, 0, 0, 3, 0);
    if (mask.dropped[6] == 1 && mask.dropped[7] == 0) break;
    ASSERT_LT(pass.step, 100);
  }
  const DropPlace place = pass.place(DropPosition::Key, 0, 1);
  const auto gradients = [&](const AttentionShape& shape) {
    Tensor y = at::empty_like(q), log_sum = at::empty({1, 3}, q.options()), gq = at::empty_like(q), gk = at::empty_like(k), gv = at::empty_like(v);
    attention_forward(shape, q, k, v, y, log_sum);
    attention_backward(shape, {q, k, v, y, log_sum}, gy, gq, gk, gv);
    return std::pair(gk[0][0].item<double>(), gk[1][0].item<double>());   // q scale = 1: gradients of the logits
  };
  const auto [key_m, key_u] = gradients({segments, 1, 1, 0, place, {}});
  const auto [weight_m, weight_u] = gradients({segments, 1, 1, 0, {}, place});
  const double kept = w_u / (1 - w_m);
  EXPECT_EQ(key_m, 0);
  EXPECT_NEAR(key_u, kept * (1 - kept), 1e-15);
  EXPECT_NEAR(weight_m, -w_u * w_m / (1 - w_m), 1e-15);
  EXPECT_NEAR(weight_u, w_u * (1 - w_u) / (1 - w_m), 1e-15);
  EXPECT_NEAR(key_u / weight_u, (1 - w_u - w_m) / ((1 - w_u) * (1 - w_m)), 1e-14);
}

TEST(DroppedAttention, HasTheSameBitsForAnyNumberOfThreads) {
  Masked m{.pass = {.seed = 3}, .segments = {0, 50, 131}};
  const int threads = at::get_num_threads();
  const auto values = [](std::int64_t heads, std::uint64_t seed) { return random_double({131, heads * 16}, seed).to(at::kFloat); };
  for (const auto pattern : {DropPattern::Element, DropPattern::Column, DropPattern::Span})
    for (const auto precision : {Precision::Full, Precision::Bf16}) {
      m.pass.dropout.key = m.pass.dropout.attention = {0.3, pattern};
      const auto run = [&](int count) {
        at::set_num_threads(count);
        return kernels(m, values(kHeads, 1), values(kKvHeads, 2), values(kKvHeads, 3), values(kHeads, 4), precision).all();
      };
      const auto alone = run(1), shared = run(3);
      for (std::size_t i = 0; i < alone.size(); ++i) EXPECT_TRUE(alone[i].equal(shared[i])) << i;
    }
  at::set_num_threads(threads);
}

TEST(DroppedValues, AreThoseOfTheMaskAndKeepTheirMean) {
  const std::vector<std::int64_t> segments{0, 40, 41, 200};
  const Tensor x = random_double({200, 37}, 1).to(at::kFloat), onto = random_double({200, 37}, 2).to(at::kFloat);
  for (const auto pattern : {DropPattern::Element, DropPattern::Column, DropPattern::Span})
    for (const bool scaled : {true, false}) {
      DropPass pass{.seed = 11};
      pass.dropout.hidden = {0.3, pattern, scaled ? 1 / 0.7 : 1.0};
      std::vector<Tensor> masks;
      for (std::size_t s = 0; s + 1 < segments.size(); ++s)
        masks.push_back(tensor_of(drop_mask(pass, DropPosition::Hidden, kLayer, kLayers, static_cast<std::int64_t>(s), 0, segments[s + 1] - segments[s], 37)));
      const Tensor expected = (x * static_cast<float>(pass.dropout.hidden.scale)).masked_fill(at::cat(masks, 0), 0);
      const DropPlace place = pass.place(DropPosition::Hidden, kLayer, kLayers);
      Tensor y = at::empty_like(x);
      const int threads = at::get_num_threads();
      for (const int count : {1, 3}) {
        at::set_num_threads(count);
        drop_values(x, {}, segments, place, y);
        EXPECT_TRUE(y.equal(expected)) << static_cast<int>(pattern);
        drop_values(x, onto, segments, place, y);
        EXPECT_LT((y - expected - onto).abs().max().item<double>(), 1e-6);
      }
      at::set_num_threads(threads);
    }
  // the mean over many draws, of ones: within five standard deviations
  const Tensor ones = at::ones({1000, 64}, at::kFloat);
  DropPass pass;
  pass.dropout.hidden = {0.2, DropPattern::Element, 1 / 0.8};
  drop_values(ones, {}, {0, 1000}, pass.place(DropPosition::Hidden, kLayer, kLayers), ones);
  EXPECT_NEAR(ones.to(at::kDouble).mean().item<double>(), 1, 5 * 1.25 * std::sqrt(0.2 * 0.8 / 64000));
}

}  // namespace
}  // namespace weft
