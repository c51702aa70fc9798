// SPDX-License-Identifier: GPL-3.0-or-later
// Tensor trains (DoTA): shapes and parameters by their formulas, and what a decomposition of a weight must be like.
#include <gtest/gtest.h>

#include <map>

#include "engine/adapter/adapter_set.h"
#include "engine/adapter/kronecker_sum.h"
#include "engine/adapter/presets/tensor_train.h"
#include "engine/train/adapter_io.h"
#include "tests/support/gradient_check.h"
#include "tests/support/linear_node.h"
#include "tests/support/test_files.h"

namespace weft {
namespace {

SettingValues dota_settings(const Json& given) { return *complete_settings((*find_preset("dota"))->descriptor.settings, given, "method"); }

std::int64_t parameters(std::int64_t out, std::int64_t in, const Json& given) {
  std::int64_t trained = 0;
  for (const auto& part : (*find_method("dota"))->parts({"", "", 0, out, in}, dota_settings(given)))
    if (part.trained) trained += part.rows * part.cols;
  return trained;
}

TEST(TensorTrain, SplitsASideEvenlyWithTheLargestFactorsInTheMiddle) {
  const auto split = [](std::int64_t number, std::size_t count) { return balanced_factors(number, count); };
  using Factors = std::vector<std::int64_t>;
  EXPECT_EQ(split(4096, 4), (Factors{8, 8, 8, 8}));
  EXPECT_EQ(split(1024, 4), (Factors{4, 8, 8, 4}));
  EXPECT_EQ(split(576, 4), (Factors{4, 6, 6, 4}));
  EXPECT_EQ(split(11008, 4), (Factors{4, 8, 43, 8})) << "a large prime stays whole: nothing is padded";
  EXPECT_EQ(split(7, 3), (Factors{1, 7, 1}));
  for (const std::int64_t number : {1, 2, 97, 1536, 14336, 50257})
    for (std::size_t count = 2; count <= 8; ++count) {
      std::int64_t product = 1;
      for (const auto factor : split(number, count)) product *= factor;
      EXPECT_EQ(product, number);
    }
}

// Counts of design tables for given factors, and of bonds that the sides limit.
TEST(TensorTrain, HasTheParametersOfTheFormula) {
  const Json shapes = {"8x8x8x8", "4x8x8x4", "8x8x4x43", "8x8x8x28"};
  const auto count = [&](std::int64_t out, std::int64_t in, int rank) { return parameters(out, in, {{"rank", rank}, {"factors", shapes}}); };
  EXPECT_EQ(count(4096, 4096, 8), 9216);
  EXPECT_EQ(count(4096, 4096, 64), 532480);
  EXPECT_EQ(count(1024, 4096, 32), 133120);
  EXPECT_EQ(count(1024, 4096, 64), 264192);
  EXPECT_EQ(count(11008, 4096, 16), 31104);
  EXPECT_EQ(count(4096, 11008, 64), 419328);
  EXPECT_EQ(count(14336, 4096, 32), 140288);
  const TensorTrain train = tensor_train(1024, 4096, 64, dota_settings({{"factors", shapes}}));
  EXPECT_EQ(train.bonds, (std::vector<std::int64_t>{1, 32, 64, 32, 1}));
  EXPECT_EQ(parameters(4096, 4096, {{"rank", 8}, {"train_cores", "central"}}) + parameters(4096, 4096, {{"rank", 8}, {"train_cores", "auxiliary"}}), 9216);
}

TEST(TensorTrain, RefusesFactorsThatAreNone) {
  Base base(random_double({8, 6}, 1));
  for (const auto& [factors, part] : std::map<std::string, std::string>{{"2x2", "has 2 numbers, and cores = 4 needs as many"}, {"2x2xx2", "no product of whole numbers"},
                                                                        {"2x0x2x2", "no product"}, {"many", "no product"}, {"99999999999x2x2x2", "no product"}}) {
    const auto settings = dota_settings({{"factors", factors}});
    const auto set = AdapterSet::create(**find_preset("dota"), settings, {{{"q", "q", 0, 8, 6}, 2, 1, &base}}, at::kDouble);
    ASSERT_FALSE(set.ok()) << factors;
    EXPECT_NE(set.status().message().find(part), std::string::npos) << set.status().message();
    EXPECT_GT(parameters(8, 6, {{"factors", factors}}), 0) << "the form still draws something";
  }
}

struct Decomposed {
  Decomposed(const Tensor& w, std::int64_t rank, Json given, std::uint64_t seed = 1) : base(w) {
    given["rank"] = rank;
    settings = dota_settings(given);
    const AdapterSite site{"layers.0.q", "q", 0, w.size(0), w.size(1)};
    set = std::move(*AdapterSet::create(**find_preset("dota"), settings, {{site, rank, 1, &base}}, w.scalar_type()));
    auto generator = make_generator(seed);
    EXPECT_TRUE(set->start(generator).ok());
    for (const auto& tensor : set->to_tensors()) {
      if (tensor.name.find("origin") != std::string::npos) continue;
      Tensor core = at::empty(tensor.shape);
      EXPECT_TRUE(tensor.fill(static_cast<std::byte*>(core.mutable_data_ptr()), static_cast<std::uint64_t>(core.nbytes())).ok());
      cores.push_back(core.to(at::kDouble));
    }
    // without the trained cores W' is what the decomposition leaves of W
    const Tensor all = set->params().clone();
    set->params().zero_();
    set->prepare();
    rest = set->merged(0).to(at::kDouble);
    set->params().copy_(all);
    set->prepare();
    whole = set->merged(0).to(at::kDouble);
  }
  Base base;
  SettingValues settings;
  std::unique_ptr<AdapterSet> set;
  std::vector<Tensor> cores;   // float32 values: as they are stored
  Tensor rest, whole;
};

double largest(const Tensor& t) { return t.abs().max().item<double>(); }

TEST(TensorTrain, TheStartKeepsTheWeightAndItsEnergy) {
  const Tensor w = random_double({48, 36}, 3);
  double last = 1e9;
  for (const std::int64_t rank : {1, 2, 5, 12, 200}) {
    const Decomposed d(w, rank, {{"cores", 3}, {"start", "mpo-exact"}});
    EXPECT_LT(largest(d.whole - w), 1e-6 * largest(w)) << rank;   // merged weights are float32
    for (std::size_t k = 0; k + 1 < d.cores.size(); ++k) {
      const Tensor m = d.cores[k].reshape({-1, d.cores[k].size(3)});
      EXPECT_LT(largest(m.t().matmul(m) - at::eye(m.size(1), at::kDouble)), 1e-6) << "core " << k << " of rank " << rank;
    }
    const double kept = d.cores.back().square().sum().item<double>(), left = d.rest.square().sum().item<double>(), all = w.square().sum().item<double>();
    EXPECT_NEAR((kept + left) / all, 1, 1e-6) << rank;
    EXPECT_LE(left, last * (1 + 1e-9)) << "more rank leaves no more";
    last = left;
  }
  EXPECT_LT(last, 1e-10) << "bonds at their limit leave nothing";
}

// What is left behind at the first bond are the singular values beyond it, of W in the order of the train.
TEST(TensorTrain, LeavesTheDiscardedSingularValues) {
  const Tensor w = random_double({8, 6}, 4);
  const Decomposed d(w, 3, {{"cores", 2}, {"factors", {"2x4", "3x2"}}, {"start", "mpo-exact"}});
  const Tensor s = at::linalg_svdvals(w.view({2, 4, 3, 2}).permute({0, 2, 1, 3}).reshape({6, 8}));
  EXPECT_NEAR(d.rest.square().sum().item<double>(), s.narrow(0, 3, 3).square().sum().item<double>(), 1e-5);
}

TEST(TensorTrain, OfTwoCoresThatAreRowsAndColumnsIsTheBestApproximationOfThatRank) {
  const Tensor w = random_double({8, 6}, 5);
  const Decomposed d(w, 3, {{"cores", 2}, {"factors", {"8x1", "1x6"}}, {"start", "mpo-exact"}});
  const Tensor before = at::linalg_svdvals(w), after = at::linalg_svdvals(d.rest);
  EXPECT_LT(largest(after.narrow(0, 0, 3) - before.narrow(0, 3, 3)), 1e-6);
  EXPECT_LT(largest(after.narrow(0, 3, 3)), 1e-6);
}

TEST(TensorTrain, OfBondsOfOneIsTheKroneckerProductOfItsCores) {
  const Tensor w = random_double({12, 18}, 6);
  const Decomposed d(w, 1, {{"cores", 3}});
  const auto core = [&](std::size_t k) { return d.cores[k].squeeze(3).squeeze(0); };
  const Tensor product = at::kron(at::kron(core(0), core(1)), core(2));
  EXPECT_LT(largest(w - d.rest - product), 1e-6);
  EXPECT_GT(at::linalg_svdvals(product).min().item<double>(), 1e-8) << "of full rank";
}

TEST(TensorTrain, TheSketchFindsWhatTheWholeDecompositionDoes) {
  const Tensor left = random_double({256, 40}, 7), w = left.matmul(random_double({40, 256}, 8)) + random_double({256, 256}, 9) * 0.1;
  const Decomposed exact(w, 8, {{"start", "mpo-exact"}}), sketched(w, 8, {{"start", "mpo"}});
  EXPECT_LT(largest(sketched.whole - w), 1e-5);
  EXPECT_LT(sketched.rest.norm().item<double>(), exact.rest.norm().item<double>() * 1.001);
}

TEST(TensorTrain, TheGaugeMovesTheSizeAndNotTheProduct) {
  const Tensor w = random_double({48, 36}, 10);
  const Decomposed left(w, 6, {{"start", "mpo-exact"}}), even(w, 6, {{"start", "mpo-exact"}, {"gauge", "symmetric"}});
  EXPECT_LT(largest(left.rest - even.rest), 1e-5);
  EXPECT_LT(even.cores.back().norm().item<double>(), left.cores.back().norm().item<double>());
  const Tensor nothing = at::zeros({8, 6}, at::kDouble);
  EXPECT_TRUE(at::isfinite(Decomposed(nothing, 2, {{"gauge", "symmetric"}}).whole).all().item<bool>()) << "a weight of zeros has no size to spread";
}

// Whatever is trained, something moves: the core of zero is among them.
TEST(TensorTrain, ARandomStartHasAGradient) {
  for (const char* trained : {"all", "auxiliary", "central"}) {
    Decomposed d(random_double({8, 6}, 11), 3, {{"cores", 3}, {"start", "mpo-random"}, {"train_cores", trained}});
    EXPECT_LT(largest(d.whole - d.base.dense()), 1e-6) << trained;
    d.set->zero_gradients();
    d.set->prepare();
    const Tensor anchor = at::zeros({1}, at::kDouble).set_requires_grad(true), no_bias;
    linear_node(random_double({4, 6}, 12), anchor, d.base, no_bias, &d.set->factors(0)).square().sum().backward();
    d.set->collect();
    EXPECT_GT(largest(d.set->gradients()), 1e-6) << trained;
  }
}

// The form with everything that a layer may have around it.
TEST(KroneckerSum, GradientsUnderScalesOfRowsAndColumnsEqualDifferences) {
  const Base base(random_double({8, 6}, 21));
  LinearFactors f;
  f.form = std::make_shared<KroneckerSum>(2, 3, 4, 2, 3);
  f.left = random_double({6, 3}, 22);
  f.right = random_double({3, 8}, 23);
  f.scale = 0.7;
  f.row_scale = random_double({8}, 24);
  f.column_scale = random_double({6}, 25);
  Tensor bias = random_double({8}, 26), dense = base.dense().clone();
  add_update(dense, f);
  for (std::int64_t k = 0; k < 3; ++k) dense = dense - at::kron(f.left.select(1, k).view({2, 3}), f.right[k].view({4, 2})) * f.scale;
  EXPECT_LT(largest(dense - base.dense()), 1e-13) << "a sum of Kronecker products";
  for (const bool zero_row : {false, true}) {
    if (zero_row) f.row_scale[2] = 0;
    for (auto [value, gradient] : {std::pair(&f.left, &f.left_grad), std::pair(&f.right, &f.right_grad), std::pair(&f.row_scale, &f.row_scale_grad),
                                   std::pair(&f.column_scale, &f.column_scale_grad)})
      *gradient = at::zeros_like(*value);
    Tensor x = random_double({5, 6}, 27).set_requires_grad(true);
    const Tensor target = random_double({5, 8}, 28), anchor = at::zeros({1}, at::kDouble).set_requires_grad(true);
    const auto loss = [&] { return (linear_node(x, anchor, base, bias, &f) * target).sum(); };
    loss().backward();
    const Tensor of_x = x.grad().clone();
    x = x.detach();
    const LinearFactors analytic = f;
    const auto value = [&] { return loss().item<double>(); };
    f.left_grad = f.right_grad = f.row_scale_grad = f.column_scale_grad = Tensor();
    EXPECT_LT(gradient_error(x, of_x, value), 1e-6);
    EXPECT_LT(gradient_error(f.left, analytic.left_grad, value), 1e-6);
    EXPECT_LT(gradient_error(f.right, analytic.right_grad, value), 1e-6);
    EXPECT_LT(gradient_error(f.row_scale, analytic.row_scale_grad, value), 1e-6);
    EXPECT_LT(gradient_error(f.column_scale, analytic.column_scale_grad, value), 1e-6);
  }
}

// In a group: a dense update beside a thin one and a plain layer.
TEST(KroneckerSum, StandsBesideOtherLayersOfOneInput) {
  const std::vector<Base> bases{Base(random_double({8, 6}, 31)), Base(random_double({4, 6}, 32)), Base(random_double({8, 6}, 33))};
  std::array<LinearFactors, 3> factors;
  factors[0].form = std::make_shared<KroneckerSum>(2, 3, 4, 2, 3);
  factors[0].left = random_double({6, 3}, 34);
  factors[0].right = random_double({3, 8}, 35);
  factors[1].left = random_double({4, 2}, 36);
  factors[1].right = random_double({2, 6}, 37);
  for (auto* f : {&factors[0], &factors[1]}) {
    f->left_grad = at::zeros_like(f->left);
    f->right_grad = at::zeros_like(f->right);
  }
  const Tensor x = random_double({5, 6}, 38);
  const std::array<AdaptedLinear, 3> layers{AdaptedLinear{&bases[0], nullptr, &factors[0]}, AdaptedLinear{&bases[1], nullptr, &factors[1]},
                                            AdaptedLinear{&bases[2], nullptr, nullptr}};
  std::array<Tensor, 3> y;
  const Tensor u = group_forward(layers, x, y);
  std::array<Tensor, 3> gy;
  Tensor wanted_gx = at::zeros_like(x);
  for (std::size_t i = 0; i < 3; ++i) {
    Tensor w = bases[i].dense().clone();
    if (layers.at(i).factors) add_update(w, *layers.at(i).factors);
    EXPECT_LT(largest(y.at(i) - x.matmul(w.t())), 1e-12) << i;
    gy.at(i) = random_double({5, bases[i].out()}, 39 + i);
    wanted_gx += gy.at(i).matmul(w);
  }
  const Tensor gx = at::empty_like(x);
  group_backward(layers, {x, u, gy, y}, gx);
  EXPECT_LT(largest(gx - wanted_gx), 1e-12);
  EXPECT_LT(largest(factors[1].right_grad - factors[1].left.t().matmul(gy[1].t().matmul(x))), 1e-12);
  const Tensor blocks = gy[0].t().matmul(x).view({2, 4, 3, 2}).permute({0, 2, 1, 3}).reshape({6, 8});
  EXPECT_LT(largest(factors[0].left_grad - blocks.matmul(factors[0].right.t())), 1e-12);
  EXPECT_LT(largest(factors[0].right_grad - factors[0].left.t().matmul(blocks)), 1e-12);
}

TEST(FourierFt, RefusesMoreCoefficientsThanAMatrixHas) {
  Base base(random_double({8, 6}, 1));
  const auto settings = complete_settings((*find_preset("fourierft"))->descriptor.settings, {{"n_frequency", 49}}, "method");
  const auto set = AdapterSet::create(**find_preset("fourierft"), *settings, {{{"layers.0.q", "q", 0, 8, 6}, 1, 1, &base}}, at::kDouble);
  ASSERT_FALSE(set.ok());
  EXPECT_NE(set.status().message().find("n_frequency = 49 is more than the 48 values of layers.0.q (8 x 6)"), std::string::npos) << set.status().message();
}

TEST(PeftFiles, HaveNoDota) {
  const test::TemporaryFolder folder;
  const Decomposed d(random_double({8, 6}, 1), 2, Json::object());
  const Status status = write_peft_files(folder.path().string(), *d.set, "base");
  EXPECT_EQ(status.code(), ErrorCode::Unsupported);
  EXPECT_NE(status.message().find("DoTA"), std::string::npos) << status.message();
}

}  // namespace
}  // namespace weft
