// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/ops.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <functional>

#include "engine/data/data_set.h"
#include "engine/train/loss.h"
#include "tests/support/gradient_check.h"

namespace weft {
namespace {

// Loss = sum(f(x) * weights): `analytic` is its gradient by x, which f reads anew at each call.
void expect_gradient(const Tensor& x, const Tensor& analytic, const std::function<Tensor()>& f, const Tensor& weights, const char* what) {
  EXPECT_LT(gradient_error(x, analytic, [&] { return (f() * weights).sum().item<double>(); }), 1e-6) << what;
}

TEST(Ops, RmsNormEqualsItsDefinitionAndGradient) {
  const Tensor x = random_double({5, 8}, 1), w = random_double({8}, 2), gy = random_double({5, 8}, 3), residual = random_double({5, 8}, 4);
  const Tensor expected = x * (x.square().mean(1, true) + 1e-5).rsqrt() * w;
  Tensor y = at::empty_like(x), rstd = at::empty({5}, x.options()), gx = gy.clone();
  const auto forward = [&] {
    norm_forward(x, w, 1e-5, y, rstd);
    return y;
  };
  EXPECT_LT((forward() - expected).abs().max().item<double>(), 1e-13);
  norm_backward(x, w, rstd, gx, {}, gx);
  expect_gradient(x, gx, forward, gy, "x");
  Tensor onto = at::empty_like(x);
  norm_forward(x, w, 1e-5, y, rstd);
  norm_backward(x, w, rstd, gy, residual, onto);
  EXPECT_LT((onto - gx - residual).abs().max().item<double>(), 1e-13);
}

TEST(Ops, RotationKeepsLengthsAndTurnsBack) {
  const Tensor x = random_double({3, 2 * 4}, 3), angle = random_double({3, 2}, 4), cosine = angle.cos(), sine = angle.sin();
  Tensor y = at::empty_like(x);
  rotate(x, cosine, sine, 2, 1, y);
  EXPECT_NEAR(y.norm().item<double>(), x.norm().item<double>(), 1e-12);
  rotate(y, cosine, sine, 2, -1, y);  // in place; the backward pass, since a rotation's transpose is its inverse
  EXPECT_LT((y - x).abs().max().item<double>(), 1e-13);
}

TEST(Ops, SwigluGradients) {
  const Tensor gate = random_double({4, 6}, 5), up = random_double({4, 6}, 6), gy = random_double({4, 6}, 7);
  Tensor y = at::empty_like(gate), g_gate = at::empty_like(gate), g_up = at::empty_like(gate);
  const auto forward = [&] {
    swiglu(gate, up, y);
    return y;
  };
  EXPECT_LT((forward() - at::silu(gate) * up).abs().max().item<double>(), 1e-13);
  swiglu_backward(gate, up, gy, g_gate, g_up);
  expect_gradient(gate, g_gate, forward, gy, "gate");
  expect_gradient(up, g_up, forward, gy, "up");
}

// The definition, one query at a time.
Tensor plain_attention(const Tensor& q, const Tensor& k, const Tensor& v, const std::vector<std::int64_t>& segments, std::int64_t heads,
                       std::int64_t kv_heads, std::int64_t window) {
  const auto size = q.size(1) / heads;
  Tensor y = at::zeros_like(q);
  for (std::size_t s = 0; s + 1 < segments.size(); ++s)
    for (auto i = segments[s]; i < segments[s + 1]; ++i)
      for (std::int64_t h = 0; h < heads; ++h) {
        const auto first = window > 0 ? std::max(segments[s], i - window + 1) : segments[s];
        const auto kv = h / (heads / kv_heads);
        const Tensor keys = k.narrow(0, first, i - first + 1).narrow(1, kv * size, size), values = v.narrow(0, first, i - first + 1).narrow(1, kv * size, size);
        const Tensor scores = keys.matmul(q[i].narrow(0, h * size, size)) / std::sqrt(static_cast<double>(size));
        y[i].narrow(0, h * size, size).copy_(at::softmax(scores, 0).matmul(values));
      }
  return y;
}

TEST(Ops, AttentionStaysInsideItsSegmentAndWindow) {
  const std::vector<std::int64_t> segments{0, 3, 4, 11};
  const Tensor q = random_double({11, 4 * 8}, 7), k = random_double({11, 2 * 8}, 8), v = random_double({11, 2 * 8}, 9);
  for (const std::int64_t window : {0, 3}) {
    Tensor y = at::empty_like(q), log_sum = at::empty({4, 11}, q.options());
    attention_forward({segments, 4, 2, window}, q, k, v, y, log_sum);
    EXPECT_LT((y - plain_attention(q, k, v, segments, 4, 2, window)).abs().max().item<double>(), 1e-12) << "window " << window;
  }
}

TEST(Ops, AttentionGradients) {
  const std::vector<std::int64_t> segments{0, 2, 7};
  const Tensor q = random_double({7, 4 * 4}, 10), k = random_double({7, 2 * 4}, 11), v = random_double({7, 2 * 4}, 12), gy = random_double({7, 4 * 4}, 13);
  for (const std::int64_t window : {0, 2}) {
    const AttentionShape shape{segments, 4, 2, window};
    Tensor y = at::empty_like(q), log_sum = at::empty({4, 7}, q.options()), gq = at::empty_like(q), gk = at::empty_like(k), gv = at::empty_like(v);
    const auto forward = [&] {
      attention_forward(shape, q, k, v, y, log_sum);
      return y;
    };
    (void)forward();
    attention_backward(shape, {q, k, v, y, log_sum}, gy, gq, gk, gv);
    expect_gradient(q, gq, forward, gy, "q");
    expect_gradient(k, gk, forward, gy, "k");
    expect_gradient(v, gv, forward, gy, "v");
  }
}

struct AttentionResult {
  Tensor y, log_sum, gq, gk, gv;
  [[nodiscard]] std::vector<Tensor> all() const { return {y, log_sum, gq, gk, gv}; }
};
AttentionResult attention_of(const AttentionShape& shape, const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& gy, Precision precision) {
  AttentionResult r{at::full_like(q, NAN), at::full({shape.heads, q.size(0)}, NAN, q.options()), at::full_like(q, NAN), at::full_like(k, NAN), at::full_like(v, NAN)};
  attention_forward(shape, q, k, v, r.y, r.log_sum, precision);
  attention_backward(shape, {q, k, v, r.y, r.log_sum}, gy, r.gq, r.gk, r.gv, precision);
  return r;
}
double relative(const Tensor& got, const Tensor& expected) { return ((got - expected).norm() / expected.norm()).item<double>(); }

// Long enough that a head is worked on in parts, with segments of odd lengths, of one row, and a head that fills no vector.
TEST(Ops, AttentionInPartsAndInPairsOfBfloat16EqualsTheDefinition) {
  const std::vector<std::int64_t> segments{0, 77, 78, 209};
  for (const std::int64_t size : {20, 64})
    for (const std::int64_t window : {0, 37}) {
      const AttentionShape shape{segments, 4, 2, window};
      std::vector<Tensor> wide;
      for (const auto heads : {4, 2, 2}) wide.push_back(random_double({209, heads * size}, 20 + wide.size()).set_requires_grad(true));
      const Tensor gy = random_double({209, 4 * size}, 30), y = plain_attention(wide[0], wide[1], wide[2], segments, 4, 2, window);
      y.backward(gy);
      const auto compare = [&](const AttentionResult& r, double limit, const char* what) {
        EXPECT_LT(relative(r.y.to(at::kDouble), y.detach()), limit) << what << ", head " << size << ", window " << window;
        EXPECT_LT(relative(r.gq.to(at::kDouble), wide[0].grad()), 2 * limit) << what << ", head " << size << ", window " << window;
        EXPECT_LT(relative(r.gk.to(at::kDouble), wide[1].grad()), 2 * limit) << what << ", head " << size << ", window " << window;
        EXPECT_LT(relative(r.gv.to(at::kDouble), wide[2].grad()), limit) << what << ", head " << size << ", window " << window;
      };
      std::vector<Tensor> q;
      for (const auto& t : wide) q.push_back(t.detach());
      compare(attention_of(shape, q[0], q[1], q[2], gy, Precision::Full), 1e-12, "double");
      for (auto& t : q) t = t.to(at::kFloat);
      compare(attention_of(shape, q[0], q[1], q[2], gy.to(at::kFloat), Precision::Full), 1e-6, "float");
      // what a product reads keeps 8 bits, so that each operand is off by 2^-9 at most; the gradients of q and k pass two such products
      compare(attention_of(shape, q[0], q[1], q[2], gy.to(at::kFloat), Precision::Bf16), 4e-3, "bf16");
    }
}

TEST(Ops, AttentionHasTheSameBitsForAnyNumberOfThreads) {
  const std::vector<std::int64_t> segments{0, 50, 131};
  const auto values = [](std::int64_t heads, std::uint64_t seed) { return random_double({131, heads * 16}, seed).to(at::kFloat); };
  const Tensor q = values(4, 1), k = values(2, 2), v = values(2, 3), gy = values(4, 4);
  const int threads = at::get_num_threads();
  for (const auto precision : {Precision::Full, Precision::Bf16}) {
    at::set_num_threads(1);
    const auto alone = attention_of({segments, 4, 2, 0}, q, k, v, gy, precision).all();
    at::set_num_threads(3);
    const auto shared = attention_of({segments, 4, 2, 0}, q, k, v, gy, precision).all();
    for (std::size_t i = 0; i < alone.size(); ++i) EXPECT_TRUE(alone[i].equal(shared[i])) << i;
  }
  at::set_num_threads(threads);
}

TEST(Loss, EqualsCrossEntropyOfTheLabelledRows) {
  // 1200 rows: three tiles, the last one partial
  const Tensor hidden = random_double({1200, 6}, 13), weight = random_double({20, 6}, 14);
  std::vector<std::int32_t> targets(1200);
  std::vector<std::int64_t> rows, labels;
  for (int i = 0; i < 1200; ++i) {
    targets[static_cast<std::size_t>(i)] = i % 7 == 0 ? kNoLabel : (i * 11) % 20;
    if (i % 7 == 0) continue;
    rows.push_back(i);
    labels.push_back((i * 11) % 20);
  }
  const Tensor logits = hidden.matmul(weight.t()).index_select(0, at::tensor(rows));
  const double expected = at::cross_entropy_loss(logits, at::tensor(labels)).item<double>();
  const auto loss = [&](const Tensor& h) { return tiled_cross_entropy(h, weight, targets, static_cast<double>(rows.size())); };
  EXPECT_NEAR(loss(hidden).item<double>(), expected, 1e-12);
  std::int64_t right = 3;   // added to
  (void)tiled_cross_entropy(hidden, weight, targets, 1, Precision::Full, &right);
  EXPECT_EQ(right, 3 + logits.argmax(1).eq(at::tensor(labels)).sum().item<std::int64_t>());
  Tensor leaf = hidden.clone().set_requires_grad(true);
  loss(leaf).backward();
  EXPECT_LT(gradient_error(hidden, leaf.grad(), [&] { return loss(hidden).item<double>(); }), 1e-6);
}

// Definitions in LibTorch's operations. Of the second pass there is a gradient only where both are trained.
TEST(Loss, OfTwoPassesEqualsItsDefinition) {
  const Tensor weight = random_double({20, 6}, 14);
  const std::vector<std::int32_t> targets{3, kNoLabel, 19, 0, 7, kNoLabel, 11};
  const Tensor rows = at::tensor(std::vector<std::int64_t>{0, 2, 3, 4, 6}), labels = at::tensor(std::vector<std::int64_t>{3, 19, 0, 7, 11});
  const double divisor = 11;
  for (const auto& [kind, both] : {std::pair(Consistency::Kl, false), std::pair(Consistency::Kl, true), std::pair(Consistency::Js, false)}) {
    const ConsistencyTerm term{kind, 0.7, both};
    const Tensor first = random_double({7, 6}, 13).set_requires_grad(true), second = random_double({7, 6}, 15).set_requires_grad(true);
    const ConsistentLoss loss = tiled_consistent_loss(first, second, weight, targets, divisor, term);
    loss.total.backward();
    const Tensor a = first.detach().clone().set_requires_grad(true), b = second.detach().clone().set_requires_grad(both);
    const auto logs = [&](const Tensor& h) { return at::log_softmax(h.matmul(weight.t()).index_select(0, rows), 1); };
    const Tensor p = logs(a), q = logs(b), mean = ((p.exp() + q.exp()) / 2).log();
    const Tensor apart = kind == Consistency::Kl ? ((p.exp() * (p - q)).sum() + (q.exp() * (q - p)).sum()) / 2
                                                 : ((p.exp() * (p - mean)).sum() + (q.exp() * (q - mean)).sum()) / 2;
    const auto entropy = [&](const Tensor& x) { return -x.gather(1, labels.unsqueeze(1)).sum(); };
    const Tensor task = both ? (entropy(p) + entropy(q)) / 2 : entropy(p);
    EXPECT_NEAR(loss.task, task.item<double>() / divisor, 1e-13);
    EXPECT_NEAR(loss.apart, apart.item<double>() / divisor, 1e-13);
    EXPECT_GE(loss.apart, 0);
    EXPECT_NEAR(loss.total.item<double>(), loss.task + 0.7 * loss.apart, 1e-13);
    ((task + 0.7 * apart) / divisor).backward();
    EXPECT_LT((first.grad() - a.grad()).abs().max().item<double>(), 1e-13);
    EXPECT_EQ(second.grad().defined() && second.grad().abs().max().item<double>() > 0, both);
    if (both) {
      EXPECT_LT((second.grad() - b.grad()).abs().max().item<double>(), 1e-13);
    }
    const at::NoGradGuard no_grad;
    EXPECT_NEAR(tiled_consistent_loss(first, first, weight, targets, divisor, term).apart, 0, 1e-16);   // passes that agree
    EXPECT_NEAR(tiled_consistent_loss(second, first, weight, targets, divisor, term).apart, loss.apart, 1e-13);
  }
}

}  // namespace
}  // namespace weft
