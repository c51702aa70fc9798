// SPDX-License-Identifier: GPL-3.0-or-later
// RunLoRA's orders: all give what autograd gives of the dense expression; which one is taken, and what it keeps.
#include "engine/adapter/evaluation.h"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "tests/support/gradient_check.h"
#include "tests/support/linear_node.h"

namespace weft {
namespace {

constexpr std::int64_t kOut = 33, kIn = 21, kTokens = 70, kRank = 3;

EvaluationChoice fixed(const EvaluationOrder& order) { return *EvaluationChoice::create({EvaluationPolicy::Kind::Fixed, order}); }

std::vector<EvaluationOrder> all_orders() {
  std::vector<EvaluationOrder> all{{}};
  for (int f = 1; f <= 4; ++f)
    for (int b = 1; b <= 8; ++b) all.push_back({f, b});
  return all;
}

struct Case {
  const char* name;
  bool rows = false, columns = false, bias = true, onto = false, coded = false, tiny = false, noise = false;
  bool left = true, right = true, input = true;      // gradients wanted
};

const std::array kCases = {
    Case{.name = "plain", .bias = false},
    Case{.name = "bias and residual", .onto = true},
    Case{.name = "row scale", .rows = true},
    Case{.name = "row scale, one of its values nearly 0", .rows = true, .tiny = true},
    Case{.name = "column scale", .columns = true},
    Case{.name = "both scales, stored base", .rows = true, .columns = true, .coded = true},
    Case{.name = "A frozen", .right = false},
    Case{.name = "B frozen", .left = false},
    Case{.name = "first layer", .input = false},
    Case{.name = "first layer with a column scale", .columns = true, .input = false},
    Case{.name = "noise", .onto = true, .noise = true},
    Case{.name = "noise on a stored base, both scales, one nearly 0", .rows = true, .columns = true, .coded = true, .tiny = true, .noise = true},
    Case{.name = "noise on the first layer", .noise = true, .input = false},
};

struct Layer {
  explicit Layer(const Case& c) : wanted(c), stored(random_double({kOut, kIn}, 1).to(at::kBFloat16).contiguous()) {
    const Tensor values = stored.to(at::kDouble);
    base = std::make_unique<Base>(c.coded ? Matrix({.code = cpu::Code::BF16, .data = static_cast<const std::byte*>(stored.const_data_ptr()), .row_bytes = 2 * kIn},
                                                   kOut, kIn, at::kDouble)
                                          : Matrix(values));
    if (c.bias) bias = random_double({kOut}, 2);
    if (c.onto) onto = random_double({kTokens, kOut}, 3);
    f.left = random_double({kOut, kRank}, 4);
    f.right = random_double({kRank, kIn}, 5);
    f.scale = 0.7;
    if (c.rows) f.row_scale = random_double({kOut}, 6);
    if (c.tiny) f.row_scale[2] = 1e-9;
    if (c.columns) f.column_scale = random_double({kIn}, 7);
    if (c.noise) f.noise = {random_double({kOut}, 10).abs(), 3};
  }
  // y, dX, dA, dB, d(d_r), d(d_c), one after another
  [[nodiscard]] Tensor run(const EvaluationOrder& order) {
    EvaluationChoice choice = fixed(order);
    f.evaluation = &choice;
    if (wanted.left) f.left_grad = at::zeros_like(f.left);
    if (wanted.right) f.right_grad = at::zeros_like(f.right);
    if (wanted.rows) f.row_scale_grad = at::zeros_like(f.row_scale);
    if (wanted.columns) f.column_scale_grad = at::zeros_like(f.column_scale);
    const std::array layers{AdaptedLinear{base.get(), &bias, &f}};
    std::array<Tensor, 1> y;
    const Tensor u = group_forward(layers, x, y, onto);
    EXPECT_EQ(u.defined(), order.kept());
    const Tensor own = onto.defined() ? y[0] - onto : y[0], gx = wanted.input ? at::full_like(x, NAN) : Tensor();
    group_backward(layers, {x, u, std::array{gy}, std::array{own}}, gx);
    f.evaluation = nullptr;
    return together({y[0], gx, f.left_grad, f.right_grad, f.row_scale_grad, f.column_scale_grad});
  }
  [[nodiscard]] Tensor by_autograd() const {
    const auto leaf = [](const Tensor& t, bool trained) { return t.defined() ? t.detach().clone().set_requires_grad(trained) : Tensor(); };
    const Tensor x_ = leaf(x, wanted.input), a = leaf(f.right, wanted.right), b = leaf(f.left, wanted.left), rows = leaf(f.row_scale, true),
                 columns = leaf(f.column_scale, true);
    const Tensor base_values = stored.to(at::kDouble).clone();
    if (wanted.noise) add_noise(f.noise, base_values);
    Tensor w = base_values + b.matmul(a) * f.scale;
    if (rows.defined()) w = w * rows.unsqueeze(1);
    if (columns.defined()) w = w * columns;
    Tensor y = x_.matmul(w.t());
    if (bias.defined()) y = y + bias;
    if (onto.defined()) y = y + onto;
    torch::autograd::backward({y}, {gy});
    return together({y.detach(), x_.grad(), b.grad(), a.grad(), rows.defined() ? rows.grad() : Tensor(), columns.defined() ? columns.grad() : Tensor()});
  }
  static Tensor together(const std::vector<Tensor>& parts) {
    std::vector<Tensor> flat;
    for (const auto& part : parts)
      if (part.defined()) flat.push_back((part / part.norm()).reshape(-1));
    return at::cat(flat);
  }

  Case wanted;
  Tensor stored, bias, onto;
  Tensor x = random_double({kTokens, kIn}, 8), gy = random_double({kTokens, kOut}, 9);
  std::unique_ptr<Base> base;
  LinearFactors f;
};

// 1e-12 of each result's norm: sums of some hundred terms in float64.
TEST(Evaluation, EveryOrderGivesWhatAutogradGives) {
  for (const Case& c : kCases) {
    Layer layer(c);
    const Tensor expected = layer.by_autograd();
    for (const auto& order : all_orders()) {
      const Tensor result = layer.run(order);
      ASSERT_EQ(result.sizes(), expected.sizes()) << c.name;
      EXPECT_LT((result - expected).abs().max().item<double>(), 1e-12) << c.name << ", " << order.name();
    }
  }
}

TEST(Evaluation, GradientsOfEveryOrderEqualDifferences) {
  const Base base(random_double({5, 4}, 11));
  const Tensor target = random_double({6, 5}, 12), anchor = at::zeros({1}, at::kDouble).set_requires_grad(true), no_bias;
  for (const auto& order : all_orders()) {
    EvaluationChoice choice = fixed(order);
    LinearFactors f;
    f.left = random_double({5, 2}, 13);
    f.right = random_double({2, 4}, 14);
    f.scale = 1.5;
    f.left_grad = at::zeros_like(f.left);
    f.right_grad = at::zeros_like(f.right);
    f.evaluation = &choice;
    Tensor x = random_double({6, 4}, 15).set_requires_grad(true);
    (linear_node(x, anchor, base, no_bias, &f) * target).sum().backward();
    const Tensor gx = x.grad().clone();
    x = x.detach();
    const auto loss = [&] { return (linear_node(x, anchor, base, no_bias, &f) * target).sum().item<double>(); };
    EXPECT_LT(gradient_error(x, gx, loss), 1e-6) << order.name();
    EXPECT_LT(gradient_error(f.left, f.left_grad, loss), 1e-6) << order.name();
    EXPECT_LT(gradient_error(f.right, f.right_grad, loss), 1e-6) << order.name();
  }
}

// Gradients are added to what the buffers hold, as the micro-batches of a step want it.
TEST(Evaluation, OrdersAddToTheGradients) {
  Layer layer(kCases[1]);
  for (const auto& order : all_orders()) {
    EvaluationChoice choice = fixed(order);
    layer.f.evaluation = &choice;
    layer.f.left_grad = at::zeros_like(layer.f.left);
    layer.f.right_grad = at::zeros_like(layer.f.right);
    const std::array layers{AdaptedLinear{layer.base.get(), &layer.bias, &layer.f}};
    Tensor once;
    for (int pass = 0; pass < 2; ++pass) {
      std::array<Tensor, 1> y;
      const Tensor u = group_forward(layers, layer.x, y);
      group_backward(layers, {layer.x, u, std::array{layer.gy}, y}, at::empty_like(layer.x));
      if (pass == 0) once = at::cat({layer.f.left_grad.reshape(-1), layer.f.right_grad.reshape(-1)}).clone();
    }
    const Tensor twice = at::cat({layer.f.left_grad.reshape(-1), layer.f.right_grad.reshape(-1)});
    EXPECT_LT((twice - 2 * once).norm().item<double>(), 1e-12 * once.norm().item<double>()) << order.name();
  }
}

// q, k and v in one group, each in an order of its own; only the kept one's columns come back.
TEST(Evaluation, LayersOfAGroupMayDiffer) {
  std::vector<Base> bases;
  std::array<LinearFactors, 3> factors;
  std::array<AdaptedLinear, 3> layers;
  std::array<Tensor, 3> gy;
  const Tensor x = random_double({kTokens, kIn}, 20), slots = random_double({3 * 2 * kIn}, 21);
  for (std::uint64_t i = 0; i < 3; ++i) {
    bases.emplace_back(random_double({kOut, kIn}, 22 + i));
    LinearFactors& f = factors.at(i);
    f.right = slots.narrow(0, static_cast<std::int64_t>(i) * 2 * kIn, 2 * kIn).view({2, kIn});
    f.left = random_double({kOut, 2}, 30 + i);
    gy.at(i) = random_double({kTokens, kOut}, 40 + i);
  }
  for (std::size_t i = 0; i < 3; ++i) layers.at(i) = {&bases[i], nullptr, &factors.at(i)};
  const auto run = [&](const std::array<EvaluationOrder, 3>& orders) {
    std::vector<EvaluationChoice> choices;
    for (const auto& order : orders) choices.push_back(fixed(order));
    std::int64_t kept = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      factors.at(i).evaluation = &choices[i];
      factors.at(i).left_grad = at::zeros_like(factors.at(i).left);
      factors.at(i).right_grad = at::zeros_like(factors.at(i).right);
      kept += orders.at(i).kept() ? 2 : 0;
    }
    std::array<Tensor, 3> y;
    const Tensor u = group_forward(layers, x, y), gx = at::empty_like(x);
    EXPECT_EQ(u.defined() ? u.size(1) : 0, kept);
    group_backward(layers, {x, u, gy, y}, gx);
    std::vector<Tensor> parts{gx};
    for (std::size_t i = 0; i < 3; ++i) parts.insert(parts.end(), {y.at(i), factors.at(i).left_grad, factors.at(i).right_grad});
    return Layer::together(parts);
  };
  const Tensor expected = run({});
  for (const auto& orders : {std::array<EvaluationOrder, 3>{{{}, {2, 5}, {1, 1}}}, {{{4, 8}, {}, {}}}, {{{3, 6}, {2, 4}, {}}}, {{{2, 7}, {1, 3}, {4, 2}}}})
    EXPECT_LT((run(orders) - expected).abs().max().item<double>(), 1e-12) << orders[0].name() << " " << orders[1].name() << " " << orders[2].name();
}

// RunLoRA's identity (methods-compute-quant 1.5): b r bytes a layer, which is all that the default keeps for the adapter.
TEST(Evaluation, SavedBytesAreThoseOfTheProductWithA) {
  const Base base(random_double({48, 32}, 50).to(at::kFloat));
  LinearFactors f;
  f.left = random_double({48, 5}, 51).to(at::kFloat);
  f.right = random_double({5, 32}, 52).to(at::kFloat);
  const Tensor x = random_double({19, 32}, 53).to(at::kFloat);
  for (const auto& order : all_orders()) {
    EvaluationChoice choice = fixed(order);
    f.evaluation = &choice;
    std::array<Tensor, 1> y;
    const Tensor u = group_forward(std::array{AdaptedLinear{&base, nullptr, &f}}, x, y);
    EXPECT_EQ(u.defined() ? u.nbytes() : 0, order.kept() ? 19u * 5u * 4u : 0u) << order.name();
  }
}

TEST(Evaluation, OrdersThatWouldChangeTheResultAreRefused) {
  using Kind = EvaluationPolicy::Kind;
  for (const auto& order : all_orders()) {
    const bool merges = order.forward == 2 || order.forward == 4 || order.backward == 4 || order.backward == 5 || order.backward >= 7;
    for (const EvaluationLimits limits : {EvaluationLimits{.bf16 = true}, EvaluationLimits{.dropout = true}}) {
      const auto choice = EvaluationChoice::create({Kind::Fixed, order}, limits);
      EXPECT_EQ(choice.ok(), !merges) << order.name();
      if (merges) {
        EXPECT_NE(choice.status().message().find(order.name() + " forms W + s B A"), std::string::npos) << choice.status().message();
      }
    }
    EXPECT_TRUE(EvaluationChoice::create({Kind::Fixed, order}).ok());
  }
}

struct Sized {
  Sized(std::int64_t out, std::int64_t in, std::int64_t rank) : base(at::zeros({out, in})) {
    f.left = at::zeros({out, rank});
    f.right = at::zeros({rank, in});
    f.left_grad = at::zeros_like(f.left);
    f.right_grad = at::zeros_like(f.right);
  }
  [[nodiscard]] AdaptedLinear layer() const { return {&base, nullptr, &f}; }
  Base base;
  LinearFactors f;
};

TEST(Evaluation, FlopsTakesWhatThePlanFindsCheapest) {
  auto choice = EvaluationChoice::create({EvaluationPolicy::Kind::Flops, {}});
  for (const auto& [out, in, rank] : {std::array<std::int64_t, 3>{64, 64, 4}, {192, 64, 8}, {64, 192, 60}})
    for (const std::int64_t tokens : {16, 64, 128, 1024})
      for (const bool input : {true, false}) {
        const Sized sized(out, in, rank);
        const AdaptedProduct p{tokens, in, out, rank, input};
        const EvaluationOrder order = choice->order(sized.layer(), tokens, input);
        EXPECT_EQ(order.forward, cheapest(forward_flops(p)) + 1);
        EXPECT_EQ(order.backward, cheapest(backward_flops(p)) + 1);
      }
  EXPECT_EQ(choice->take_news().size(), 24u);
  const Sized sized(64, 64, 4);
  EXPECT_EQ(choice->order(sized.layer(), 1000, true), choice->order(sized.layer(), 1024, true)) << "one bucket";
  EXPECT_TRUE(choice->take_news().empty()) << "chosen before";
  auto rounded = EvaluationChoice::create({EvaluationPolicy::Kind::Flops, {}}, {.bf16 = true});
  const EvaluationOrder apart = rounded->order(sized.layer(), 1024, true);
  EXPECT_TRUE(refusal(apart, {.bf16 = true}).empty()) << apart.name();
  EXPECT_EQ(choice->order(sized.layer(), 1024, true).name(), "F2+B5") << "which bf16 refuses";
}

TEST(Evaluation, TimedTakesACandidateOnceAndLeavesTheGradientsAlone) {
  for (const bool bf16 : {false, true}) {
    auto choice = EvaluationChoice::create({EvaluationPolicy::Kind::Timed, {}}, {.bf16 = bf16});
    Sized sized(64, 48, 4);
    sized.f.left.fill_(0.5);
    sized.f.right.fill_(0.5);
    const EvaluationOrder order = choice->order(sized.layer(), 100, true);
    const auto all = all_orders();
    EXPECT_NE(std::find(all.begin(), all.end(), order), all.end());
    EXPECT_TRUE(refusal(order, {.bf16 = bf16}).empty()) << order.name();
    EXPECT_EQ(sized.f.left_grad.abs().max().item<double>(), 0);
    EXPECT_EQ(sized.f.right_grad.abs().max().item<double>(), 0);
    for (int again = 0; again < 5; ++again) EXPECT_EQ(choice->order(sized.layer(), 128, again % 2 == 0), order);
    const auto news = choice->take_news();
    ASSERT_EQ(news.size(), 1u);
    EXPECT_EQ(news[0], "64 x 48, rank 4, up to 128 tokens: " + order.name());
  }
}

}  // namespace
}  // namespace weft
