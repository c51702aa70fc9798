// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/ops.h"

#include <gtest/gtest.h>

#include "engine/data/data_set.h"
#include "engine/train/loss.h"
#include "tests/support/gradient_check.h"

namespace weft {
namespace {

// Loss = sum(f(x) * weights): its gradient by x against differences.
void expect_gradient(Tensor x, const std::function<Tensor(const Tensor&)>& f, const char* what) {
  const Tensor weights = random_double(f(x).sizes().vec(), 99);
  Tensor leaf = x.clone().set_requires_grad(true);
  (f(leaf) * weights).sum().backward();
  EXPECT_LT(gradient_error(x, leaf.grad(), [&] { return (f(x) * weights).sum().item<double>(); }), 1e-6) << what;
}

TEST(Ops, RmsNormEqualsItsDefinitionAndGradient) {
  const Tensor x = random_double({5, 8}, 1), w = random_double({8}, 2);
  const Tensor expected = x * (x.square().mean(1, true) + 1e-5).rsqrt() * w;
  EXPECT_LT((rms_norm(x, w, 1e-5) - expected).abs().max().item<double>(), 1e-13);
  expect_gradient(x, [&](const Tensor& t) { return rms_norm(t, w, 1e-5); }, "x");
}

TEST(Ops, RotationKeepsLengthsAndTurnsBack) {
  const Tensor x = random_double({3, 2 * 4}, 3), angle = random_double({3, 2}, 4);
  const Tensor y = rotate(x, angle.cos(), angle.sin(), 2);
  EXPECT_NEAR(y.norm().item<double>(), x.norm().item<double>(), 1e-12);
  EXPECT_LT((rotate(y, angle.cos(), -angle.sin(), 2) - x).abs().max().item<double>(), 1e-13);
  expect_gradient(x, [&](const Tensor& t) { return rotate(t, angle.cos(), angle.sin(), 2); }, "x");
}

TEST(Ops, SwigluGradients) {
  const Tensor gate = random_double({4, 6}, 5), up = random_double({4, 6}, 6);
  EXPECT_LT((swiglu(gate, up) - at::silu(gate) * up).abs().max().item<double>(), 1e-13);
  expect_gradient(gate, [&](const Tensor& t) { return swiglu(t, up); }, "gate");
  expect_gradient(up, [&](const Tensor& t) { return swiglu(gate, t); }, "up");
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
    const Tensor expected = plain_attention(q, k, v, segments, 4, 2, window);
    EXPECT_LT((segmented_attention(q, k, v, segments, 4, 2, window) - expected).abs().max().item<double>(), 1e-12) << "window " << window;
  }
}

TEST(Ops, AttentionGradients) {
  const std::vector<std::int64_t> segments{0, 2, 7};
  const Tensor q = random_double({7, 2 * 4}, 10), k = random_double({7, 4}, 11), v = random_double({7, 4}, 12);
  for (const std::int64_t window : {0, 2}) {
    expect_gradient(q, [&](const Tensor& t) { return segmented_attention(t, k, v, segments, 2, 1, window); }, "q");
    expect_gradient(k, [&](const Tensor& t) { return segmented_attention(q, t, v, segments, 2, 1, window); }, "k");
    expect_gradient(v, [&](const Tensor& t) { return segmented_attention(q, k, t, segments, 2, 1, window); }, "v");
  }
}

TEST(Loss, EqualsCrossEntropyOfTheLabelledRows) {
  // 150 rows: more than two tiles, the last one partial
  const Tensor hidden = random_double({150, 6}, 13), weight = random_double({20, 6}, 14);
  std::vector<std::int32_t> targets(150);
  std::vector<std::int64_t> rows, labels;
  for (int i = 0; i < 150; ++i) {
    targets[static_cast<std::size_t>(i)] = i % 7 == 0 ? kNoLabel : (i * 11) % 20;
    if (i % 7 == 0) continue;
    rows.push_back(i);
    labels.push_back((i * 11) % 20);
  }
  const Tensor logits = hidden.matmul(weight.t()).index_select(0, at::tensor(rows));
  const double expected = at::cross_entropy_loss(logits, at::tensor(labels)).item<double>();
  const auto loss = [&](const Tensor& h) { return tiled_cross_entropy(h, weight, targets, static_cast<double>(rows.size())); };
  EXPECT_NEAR(loss(hidden).item<double>(), expected, 1e-12);
  Tensor leaf = hidden.clone().set_requires_grad(true);
  loss(leaf).backward();
  EXPECT_LT(gradient_error(hidden, leaf.grad(), [&] { return loss(hidden).item<double>(); }), 1e-6);
}

}  // namespace
}  // namespace weft
