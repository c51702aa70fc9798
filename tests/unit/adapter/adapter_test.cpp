// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "engine/adapter/adapter_set.h"
#include "engine/adapter/weight_norms.h"
#include "engine/api/method_exports.h"
#include "engine/tensor/drop.h"
#include "engine/train/adapter_io.h"
#include "engine/train/approximation.h"
#include "tests/support/test_files.h"
#include "tests/unit/adapter/method_fixture.h"

namespace weft {
namespace {

class EveryMethod : public testing::TestWithParam<std::string> {};

TEST_P(EveryMethod, LeavesTheModelUnchangedAtTheStart) {
  Fixture f(GetParam());
  f.adapters->prepare();
  if (f.base.is_rounded()) GTEST_SKIP() << "begins nearer to the file's weight instead: Starts.LoftqGivesBackWhatRoundingTook";
  const Tensor x = random_double({kTokens, kIn}, 1);
  const Tensor plain = linear_node(x, f.anchor, f.base, f.bias, nullptr);
  const double change = (linear_node(x, f.anchor, f.base, f.bias, &f.adapters->factors(0)) - plain).abs().max().item<double>();
  if (f.settings.value("zero_start", true))
    EXPECT_LT(change, 1e-13);
  else
    EXPECT_GT(change, 1e-3) << "what is off by choice";
}

TEST_P(EveryMethod, MergedWeightComputesWhatTheTokenPathComputes) {
  Fixture f(GetParam());
  f.disturb();
  const Tensor x = random_double({kTokens, kIn}, 2);
  const Tensor merged = f.adapters->merged(0).to(at::kDouble);  // float32 by contract
  const Tensor y = linear_node(x, f.anchor, f.base, f.bias, &f.adapters->factors(0));
  EXPECT_LT((y - (x.matmul(merged.t()) + f.bias)).abs().max().item<double>(), 1e-5);
}

TEST_P(EveryMethod, InputGradientEqualsDifferences) {
  Fixture f(GetParam());
  f.disturb();
  Tensor x = random_double({kTokens, kIn}, 3).set_requires_grad(true);
  const Tensor target = random_double({kTokens, kOut}, 4);
  (linear_node(x, f.anchor, f.base, f.bias, &f.adapters->factors(0)) * target).sum().backward();
  const Tensor analytic = x.grad().clone();
  x = x.detach();
  EXPECT_LT(gradient_error(x, analytic, [&] { return f.loss(x, target); }), 1e-6);
}

// A norm that is out of the graph (DoRA, section 4.3; BoRA unless asked otherwise) is held fixed: d_r = m / n changes with m alone.
TEST_P(EveryMethod, ParameterGradientsEqualDifferences) {
  Fixture f(GetParam());
  f.disturb();
  const Tensor x = random_double({kTokens, kIn}, 5), target = random_double({kTokens, kOut}, 6);
  f.adapters->zero_gradients();
  f.adapters->prepare();
  (linear_node(x, f.anchor, f.base, f.bias, &f.adapters->factors(0)) * target).sum().backward();
  f.adapters->collect();
  const Tensor analytic = f.adapters->gradients().clone();
  const bool detached = f.preset->descriptor.family == "weight-decomposed" && f.settings.value("detach_norms", true);
  const LinearFactors start = f.adapters->factors(0);
  const auto vectors = [&] { return f.part("vector", {-1}); };
  const Tensor magnitude = vectors();
  const auto loss = [&] {
    if (!detached) return f.loss(x, target);
    f.adapters->prepare();
    const Tensor now = vectors();
    Tensor w = f.enclosed() * (start.row_scale * now.narrow(0, 0, kOut) / magnitude.narrow(0, 0, kOut)).unsqueeze(1);
    if (start.column_scale.defined()) w = w * (start.column_scale * now.narrow(0, kOut, kIn) / magnitude.narrow(0, kOut, kIn));
    return ((x.matmul(w.t()) + f.bias) * target).sum().item<double>();
  };
  EXPECT_LT(gradient_error(f.adapters->params(), analytic, loss), 1e-6);
}

TEST_P(EveryMethod, GradientsOfTwoMicroBatchesAdd) {
  Fixture f(GetParam());
  f.disturb();
  const Tensor x = random_double({kTokens, kIn}, 7), target = random_double({kTokens, kOut}, 8);
  const auto run = [&](const Tensor& rows, const Tensor& goal) {
    (linear_node(rows, f.anchor, f.base, f.bias, &f.adapters->factors(0)) * goal).sum().backward();
  };
  f.adapters->zero_gradients();
  f.adapters->prepare();
  run(x, target);
  f.adapters->collect();
  const Tensor whole = f.adapters->gradients().clone();
  f.adapters->zero_gradients();
  f.adapters->prepare();
  run(x.narrow(0, 0, 1), target.narrow(0, 0, 1));
  run(x.narrow(0, 1, kTokens - 1), target.narrow(0, 1, kTokens - 1));
  f.adapters->collect();
  EXPECT_LT((f.adapters->gradients() - whole).abs().max().item<double>(), 1e-12);
}

// Of the deviation that Flat-LoRA says, on W + dW inside the wraps; gone when it is taken off.
TEST_P(EveryMethod, UnderNoiseComputesWithAnotherBaseInBothPasses) {
  Fixture f(GetParam());
  f.disturb();
  f.adapters->disturb({0.3, 7});
  f.adapters->prepare();
  const LinearFactors noisy = f.adapters->factors(0);
  ASSERT_TRUE(noisy.noise.active());
  const Tensor whole = f.base.dense() + (noisy.left.defined() ? whole_update(noisy, kOut, kIn) : at::zeros({kOut, kIn}, at::kDouble));
  const Tensor deviation = whole.norm(2, 1) * (0.3 / std::sqrt(static_cast<double>(kIn)));
  EXPECT_LT((noisy.noise.deviation - deviation).abs().max().item<double>(), 1e-12);
  const Tensor disturbed = f.base.dense().clone();
  add_noise(noisy.noise, disturbed);
  EXPECT_GT((disturbed - f.base.dense()).abs().min().item<double>(), 0);
  const auto results = [&](const Base& base, LinearFactors factors) {
    for (auto* gradient : {&factors.left_grad, &factors.right_grad, &factors.row_scale_grad, &factors.column_scale_grad, &factors.rotation_grad})
      if (gradient->defined()) *gradient = at::zeros_like(*gradient);
    const Tensor x = random_double({kTokens, kIn}, 3).set_requires_grad(true);
    const Tensor y = linear_node(x, f.anchor, base, f.bias, &factors);
    (y * random_double({kTokens, kOut}, 4)).sum().backward();
    return std::vector<Tensor>{y.detach(), x.grad(), factors.left_grad, factors.right_grad, factors.row_scale_grad, factors.column_scale_grad, factors.rotation_grad};
  };
  LinearFactors still = noisy;
  still.noise = {};
  const auto got = results(f.base, noisy), wanted = results(Base(disturbed), still);
  for (std::size_t i = 0; i < got.size(); ++i)
    if (wanted[i].defined()) {
      EXPECT_LT((got[i] - wanted[i]).abs().max().item<double>(), 1e-11) << "result " << i;
    }
  f.adapters->disturb({});
  f.adapters->prepare();
  EXPECT_FALSE(f.adapters->factors(0).noise.active());
}

TEST_P(EveryMethod, SlotsHaveTheShapesThatTheCatalogueDraws) {
  Fixture f(GetParam());
  std::int64_t drawn = 0;
  for (const auto& part : f.preset->descriptor.parts({kSite, "q_proj", 0, kOut, kIn, kHeadSize}, f.settings))
    if (part.trained) drawn += part.rows * part.cols;
  EXPECT_EQ(f.adapters->parameters(), drawn);
}

TEST_P(EveryMethod, HasPairsWhereTheCatalogueSaysSo) {
  Fixture f(GetParam());
  f.disturb();
  const std::vector<FactorPair> pairs = f.adapters->pairs();
  ASSERT_EQ(pairs.size(), f.preset->descriptor.pairs ? 1U : 0U);
  for (const auto& pair : pairs) {  // the first factors are these; what the start took off comes after them
    const LinearFactors& now = f.adapters->factors(0);
    EXPECT_TRUE(pair.left_of(f.adapters->params()).equal(now.left.narrow(1, 0, pair.rank)));
    EXPECT_TRUE(pair.right_of(f.adapters->params()).equal(now.right.narrow(0, 0, pair.rank)));
    EXPECT_EQ(pair.scale, now.scale);
  }
}

TEST_P(EveryMethod, FrozenWeightStaysBitEqual) {
  Fixture f(GetParam());
  const Tensor before = f.base.dense().clone();
  f.disturb();
  const Tensor x = random_double({kTokens, kIn}, 9);
  linear_node(x, f.anchor, f.base, f.bias, &f.adapters->factors(0)).sum().backward();
  f.adapters->collect();
  (void)f.adapters->merged(0);
  EXPECT_TRUE(before.equal(f.base.dense()));
}

// The term against the files.
TEST_P(EveryMethod, IsWrittenAsItSaysThatItCanBe) {
  Fixture f(GetParam());
  f.disturb();
  const auto ways = export_ways(f.preset->descriptor, f.settings, {f.adapters->context(0)});
  const test::TemporaryFolder folder;
  const Status written = write_peft_files(folder.path().string(), *f.adapters, "base");
  ASSERT_EQ(ways[0].format, "peft");
  ASSERT_EQ(written.ok(), ways[0].kind == ExportKind::Exact) << written.message();
  ASSERT_EQ(ways[2].format, "gguf-adapter");
  EXPECT_EQ(f.adapters->is_low_rank_alone(), ways[2].kind == ExportKind::Exact);
  if (!written.ok()) return;
  const auto config = read_peft_config(folder.path().string());
  ASSERT_TRUE(config.ok()) << config.status().message();
  const std::string plain = "EXACT LoRA @";
  if (ways[0].term.find("found by") != std::string::npos) return;
  if (ways[0].term.starts_with(plain) && f.preset->delta == "chain") {  // the term is of a chain that has come to its end
    EXPECT_LE(config->rank_of(kSite), std::stoll(ways[0].term.substr(plain.size()))) << ways[0].term;
  } else if (ways[0].term.starts_with(plain)) {
    EXPECT_EQ(config->peft_type, "LORA");
    EXPECT_FALSE(config->use_dora);
    EXPECT_EQ(config->rank_of(kSite), std::stoll(ways[0].term.substr(plain.size()))) << ways[0].term;
  } else {
    EXPECT_TRUE(config->use_dora || config->peft_type != "LORA") << ways[0].term;
  }
}

TEST_P(EveryMethod, IsApproximatedByTheLargestSingularValues) {
  Fixture f(GetParam());
  f.disturb();
  const Tensor change = f.adapters->merged(0).to(at::kDouble) - f.base.dense(), values = at::linalg_svdvals(change);
  for (const std::int64_t rank : {2, 6}) {
    const UpdateApproximation near = approximate_update(*f.adapters, 0, rank);
    const double whole = change.square().sum().item<double>(), best = values.narrow(0, 0, rank).square().sum().item<double>();
    EXPECT_NEAR(near.kept / near.whole, best / whole, 1e-5) << rank;
    EXPECT_NEAR((change - near.left.to(at::kDouble).matmul(near.right.to(at::kDouble))).square().sum().item<double>() / whole, 1 - best / whole, 1e-5) << rank;
  }
}

// Every method of the catalogue, and every choice that it offers: a new one cannot be added without these tests.
std::vector<std::string> every_choice() {
  std::vector<std::string> cases;
  for (const auto* preset : method_presets()) {
    cases.push_back(preset->descriptor.name);
    for (const auto& setting : preset->descriptor.settings) {
      if (setting.type == SettingType::Boolean)
        cases.push_back(preset->descriptor.name + ":" + setting.key + "=" + (setting.initial.get<bool>() ? "false" : "true"));
      for (const auto& choice : setting.choices)
        if (setting.initial != choice) cases.push_back(preset->descriptor.name + ":" + setting.key + "=" + choice);
    }
  }
  return cases;
}
INSTANTIATE_TEST_SUITE_P(Catalogue, EveryMethod, testing::ValuesIn(every_choice()), [](const auto& of) {
  std::string name = of.param;
  std::replace_if(name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
});

// s B A is the part of W with the largest singular values: what is left has the others, and no rank-3 matrix leaves less.
// Neither factor is zero, yet their product is.
// Q + s B A is the matrix nearest to W that differs from Q by that rank: what is left are the smallest singular values of W - Q.
// The stored weight is what is left of W, rounded; also after loading, whatever was learnt since, and a magnitude is that of the rows there are now.
// What others load goes onto the file's weight, which lost nothing: W + s (B A - B0 A0), in the run itself and after loading over that weight.
// What others load: a plain LoRA of twice the rank on the base as it is.
TEST(LinearGroup, ColumnScaleGradientEqualsDifferences) {
  const Base base(random_double({kOut, kIn}, 31));
  LinearFactors f;
  f.left = random_double({kOut, 2}, 32);
  f.right = random_double({2, kIn}, 33);
  f.scale = 0.5;
  f.column_scale = random_double({kIn}, 34);
  f.column_scale_grad = at::zeros({kIn}, at::kDouble);
  const Tensor x = random_double({kTokens, kIn}, 35), target = random_double({kTokens, kOut}, 36);
  const Tensor anchor = at::zeros({1}, at::kDouble).set_requires_grad(true), no_bias;
  (linear_node(x, anchor, base, no_bias, &f) * target).sum().backward();
  EXPECT_LT(gradient_error(f.column_scale, f.column_scale_grad,
                           [&] { return (linear_node(x, anchor, base, no_bias, &f) * target).sum().item<double>(); }),
            1e-6);
}

// Three layers of one input: factors that lie behind each other in memory (one product for all), apart, and missing at one layer.
TEST(LinearGroup, EqualsItsLayersOneByOne) {
  const Tensor x = random_double({kTokens, kIn}, 51), slots = random_double({3 * 2 * kIn}, 52), scale = random_double({kOut}, 53);
  std::vector<Base> bases;
  for (const int i : {0, 1, 2}) bases.emplace_back(random_double({kOut, kIn}, 54 + static_cast<std::uint64_t>(i)));
  for (const bool together : {true, false})
    for (const int without : {-1, 1}) {
      std::array<LinearFactors, 3> factors;
      Tensor gradients = at::zeros_like(slots);
      for (std::int64_t i = 0; i < 3; ++i) {
        LinearFactors& f = factors.at(static_cast<std::size_t>(i));
        const auto slot = [&](const Tensor& flat) { return flat.narrow(0, i * 2 * kIn, 2 * kIn).view({2, kIn}); };
        f.right = together ? slot(slots) : slot(slots).clone();
        f.right_grad = together ? slot(gradients) : at::zeros({2, kIn}, at::kDouble);
        f.left = random_double({kOut, 2}, 60 + static_cast<std::uint64_t>(i));
        f.left_grad = at::zeros_like(f.left);
        f.scale = 0.5 + static_cast<double>(i);
      }
      factors[2].row_scale = scale;
      factors[2].row_scale_grad = at::zeros_like(scale);
      std::array<AdaptedLinear, 3> layers;
      for (std::size_t i = 0; i < 3; ++i) layers.at(i) = {&bases[i], nullptr, static_cast<int>(i) == without ? nullptr : &factors.at(i)};
      std::array<Tensor, 3> y, gy;
      const Tensor u = group_forward(layers, x, y);
      Tensor expected_gx = at::zeros_like(x), gx = at::full_like(x, NAN);
      std::vector<Tensor> expected;
      for (std::size_t i = 0; i < 3; ++i) gy.at(i) = random_double({kTokens, kOut}, 70 + i);
      for (std::size_t i = 0; i < 3; ++i) {
        std::array<Tensor, 1> one;
        const Tensor own_u = group_forward(std::array{layers.at(i)}, x, one), own_gx = at::empty_like(x);
        EXPECT_LT((one[0] - y.at(i)).abs().max().item<double>(), 1e-13);
        group_backward(std::array{layers.at(i)}, {x, own_u, std::array{gy.at(i)}, one}, own_gx);
        expected_gx.add_(own_gx);
      }
      const auto take_gradients = [&] {
        std::vector<Tensor> taken;
        for (auto& f : factors)
          for (Tensor* g : {&f.left_grad, &f.right_grad, &f.row_scale_grad})
            if (g->defined()) {
              taken.push_back(g->clone());
              g->zero_();
            }
        return at::cat([&] { for (auto& t : taken) t = t.reshape(-1); return taken; }());
      };
      const Tensor one_by_one = take_gradients();
      group_backward(layers, {x, u, gy, y}, gx);
      EXPECT_LT((take_gradients() - one_by_one).abs().max().item<double>(), 1e-12) << together << without;
      EXPECT_LT((gx - expected_gx).abs().max().item<double>(), 1e-12) << together << without;
    }
}

TEST(LoraPlus, MultipliesTheRateOfBOnly) {
  Fixture f("loraplus", 8);
  for (const auto& group : f.adapters->groups()) EXPECT_EQ(group.lr_ratio, group.name == "left" ? 8 : 1) << group.name;
}

LinearFactors drawn_factors() {
  LinearFactors f;
  f.left = random_double({kOut, 3}, 42);
  f.right = random_double({3, kIn}, 43);
  f.scale = 1.7;
  return f;
}

TEST(Dora, RowNormsFromFactorsEqualTheDenseOnes) {
  const Base base(random_double({kOut, kIn}, 41));
  const LinearFactors f = drawn_factors();
  const Tensor dense = base.dense() + f.left.matmul(f.right) * f.scale;
  const RowGeometry rows = row_geometry(base, base.row_norms_squared(), f);
  EXPECT_LT((rows.norm_squared - dense.square().sum(1)).abs().max().item<double>(), 1e-11);
  EXPECT_LT((rows.dot_base - (dense * base.dense()).sum(1)).abs().max().item<double>(), 1e-11);
}

// Where the magnitude alone is trained: unchanged at the start, m's gradient, the count, and PEFT's folder, which has factors of no effect there.
TEST(Dora, MagnitudesAloneWhereTheSettingSaysSo) {
  for (const char* start : {"kaiming", "gaussian", "pissa"}) {
    const MethodPreset& preset = **find_preset("dora");
    const SettingValues settings = *complete_settings(preset.descriptor.settings, {{"rank", 3}, {"start", start}, {"magnitude_only", Json::array({"o_proj"})}}, "method");
    const Base base(random_double({kOut, kIn}, 1).to(at::kFloat));
    std::vector<AdapterSet::SiteRequest> sites;
    for (const std::string module : {"q_proj", "o_proj"})
      sites.push_back({{"model.layers.0.self_attn." + module, module, 0, kOut, kIn}, 3, 2.0, const_cast<Base*>(&base), {}});
    const auto adapters = *AdapterSet::create(preset, settings, sites);
    auto generator = make_generator(1);
    ASSERT_TRUE(adapters->start(generator).ok());
    adapters->prepare();
    EXPECT_EQ(adapters->parameters(), 2 * kOut + 3 * (kOut + kIn));
    const MethodCount count = *count_method(preset.descriptor, settings, {sites[0].site, sites[1].site});
    EXPECT_EQ(count.trained, adapters->parameters());
    for (const std::size_t site : {0, 1}) EXPECT_LT((adapters->merged(site) - base.dense()).abs().max().item<double>(), 1e-6);
    EXPECT_EQ(update_width(preset.descriptor, sites[0].site, settings), 3);
    EXPECT_EQ(update_width(preset.descriptor, sites[1].site, settings), 0);
    adapters->params().add_(random_double({adapters->parameters()}, 2).to(at::kFloat), 0.1);
    adapters->prepare();
    const LinearFactors& alone = adapters->factors(1);
    EXPECT_FALSE(alone.left.defined());
    EXPECT_LT((alone.row_scale - adapters->values(1).at("m") / base.dense().norm(2, 1)).abs().max().item<double>(), 1e-6);
    const Tensor x = random_double({kTokens, kIn}, 3).to(at::kFloat), gy = random_double({kTokens, kOut}, 4).to(at::kFloat), bias,
                 anchor = at::zeros({1}).set_requires_grad(true);
    adapters->zero_gradients();
    (linear_node(x, anchor, base, bias, &alone) * gy).sum().backward();
    adapters->collect();
    const Tensor expected = (gy * x.matmul(base.dense().t())).sum(0) / base.dense().norm(2, 1);
    EXPECT_LT((adapters->slot(1, "m").gradient - expected).abs().max().item<double>(), 1e-5);

    const test::TemporaryFolder folder;
    ASSERT_TRUE(write_peft_files(folder.path().string(), *adapters, "base").ok());
    const auto source = open_adapter(folder.path().string());
    ASSERT_TRUE(source.ok()) << source.status().message();
    std::vector<AdapterPlace> places;
    for (const auto& site : sites) places.push_back({site.site, site.base});
    const auto again = load_adapters(places, *source, "model");
    ASSERT_TRUE(again.ok()) << again.status().message();
    (*again)->prepare();
    for (const std::size_t site : {0, 1}) EXPECT_LT(((*again)->merged(site) - adapters->merged(site)).abs().max().item<double>(), 1e-6);
  }
}

TEST(Bora, NormsFromFactorsEqualTheDenseOnes) {
  const Base base(random_double({kOut, kIn}, 41));
  const LinearFactors f = drawn_factors();
  const Tensor rows = random_double({kOut}, 44), columns = random_double({kIn}, 45), dense = base.dense() + f.left.matmul(f.right) * f.scale;
  EXPECT_LT((column_norms_squared(base, f, rows) - (dense * rows.unsqueeze(1)).square().sum(0)).abs().max().item<double>(), 1e-11);
  EXPECT_LT((row_norms_squared(base, f, columns) - (dense * columns).square().sum(1)).abs().max().item<double>(), 1e-11);
}

TEST(Bora, NormsOfRowsAndThenOfColumnsInOnePassEqualTheDenseOnes) {
  for (const bool with_update : {true, false})
    for (const std::int64_t out : {kOut, std::int64_t{131}}) {   // less than, and more than what is decoded at once
      const Base base(random_double({out, kIn}, 41));
      LinearFactors f;
      f.scale = 0.7;
      if (with_update) {
        f.left = random_double({out, 3}, 42);
        f.right = random_double({3, kIn}, 43);
      }
      const Tensor magnitude = random_double({out}, 44), dense = base.dense() + (with_update ? f.left.matmul(f.right) * f.scale : at::zeros_like(base.dense()));
      const Tensor inverse = dense.norm(2, 1).reciprocal();
      const NormsInTurn norms = norms_in_turn(base, f, magnitude, 1e-8);
      EXPECT_LT((norms.row_inverse - inverse).abs().max().item<double>(), 1e-11);
      EXPECT_LT((norms.column_norm_squared - (dense * (magnitude * inverse).unsqueeze(1)).square().sum(0)).abs().max().item<double>(), 1e-11);
    }
}

Tensor merged_bora(const std::string& name, double rows_by = 1) {
  Fixture f(name);
  f.disturb();
  for (const auto& g : f.adapters->groups())
    if (g.name == "vector") f.adapters->params().narrow(0, g.begin, kOut).mul_(rows_by);
  f.adapters->prepare();
  return f.adapters->merged(0).to(at::kDouble);
}

// What the last normalisation sets is the norm; the other magnitude and V count by direction alone.
TEST(Bora, TheLastMagnitudeIsTheNormAndTheFirstCountsByDirectionAlone) {
  for (const bool rows_first : {true, false}) {
    const std::string name = rows_first ? "bora" : "bora:order=columns-rows";
    Fixture f(name);
    f.disturb();
    const Tensor w = f.adapters->merged(0).to(at::kDouble), m = f.part("vector", {kOut + kIn});
    const Tensor norms = rows_first ? w.norm(2, 0) : w.norm(2, 1), wanted = (rows_first ? m.narrow(0, kOut, kIn) : m.narrow(0, 0, kOut)).abs();
    EXPECT_LT((norms - wanted).abs().max().item<double>(), 1e-6) << name;
    EXPECT_GT(((rows_first ? w.norm(2, 1) - m.narrow(0, 0, kOut) : w.norm(2, 0) - m.narrow(0, kOut, kIn))).abs().max().item<double>(), 1e-3) << name;
  }
  const Tensor w = merged_bora("bora");
  EXPECT_LT((merged_bora("bora", 3.0) - w).abs().max().item<double>(), 1e-6) << "m_r -> 3 m_r";
  EXPECT_GT((merged_bora("bora:order=columns-rows") - w).abs().max().item<double>(), 1e-3) << "the orders are different maps";
}

TEST(Bora, GradientsThroughTheNormsAreOrthogonalToWhatDoesNotCount) {
  Fixture f("bora:detach_norms=false");
  f.disturb();
  f.adapters->zero_gradients();
  f.adapters->prepare();
  (linear_node(random_double({kTokens, kIn}, 5), f.anchor, f.base, f.bias, &f.adapters->factors(0)) * random_double({kTokens, kOut}, 6)).sum().backward();
  f.adapters->collect();
  for (const auto& g : f.adapters->groups())
    if (g.name == "vector") {
      const Tensor gradient = f.adapters->gradients().narrow(0, g.begin, kOut), m_r = f.adapters->params().narrow(0, g.begin, kOut);
      EXPECT_LT(std::abs(gradient.dot(m_r).item<double>()), 1e-10);
      EXPECT_GT(gradient.norm().item<double>(), 1e-3);
    }
}

TEST(Edora, TheFactorsAreThoseOfTheSingularValueDecomposition) {
  Fixture f("edora");
  const Tensor w = f.base.dense();
  f.adapters->params().zero_();
  for (const auto& g : f.adapters->groups())  // R = 1 and s = 1: the best approximation of rank 3
    if (g.name == "core") f.adapters->params().narrow(0, g.begin, 9).view({3, 3}).copy_(at::eye(3, at::kDouble));
  f.adapters->prepare();
  const LinearFactors& now = f.adapters->factors(0);
  const Tensor s = at::linalg_svdvals(w), rest = at::linalg_svdvals(w - now.left.matmul(now.right));
  EXPECT_LT((rest.narrow(0, 0, kIn - 3) - s.narrow(0, 3, kIn - 3)).abs().max().item<double>(), 1e-10);
  EXPECT_LT((now.left.t().matmul(now.left) - at::eye(3, at::kDouble)).abs().max().item<double>(), 1e-10);
  EXPECT_LT((now.right.matmul(now.right.t()) - at::diag(s.narrow(0, 0, 3).square())).abs().max().item<double>(), 1e-9);
  std::vector<std::string> trained;
  for (const auto& g : f.adapters->groups()) trained.push_back(g.name);
  EXPECT_EQ(trained, (std::vector<std::string>{"core", "vector"}));
}

// Two layers of two matrices of unlike shapes, for methods whose sites have tensors in common.
struct SharedFixture {
  explicit SharedFixture(const std::string& name) : preset(*find_preset(name)) {
    Json given = {{"targets", "all-linear"}};
    for (const auto& spec : preset->descriptor.settings) {
      if (spec.key == "rank") given["rank"] = 3;
      if (spec.key == "alpha") given["alpha"] = 6.0;
    }
    settings = *complete_settings(preset->descriptor.settings, given, "method");
    for (int layer = 0; layer < 2; ++layer) {
      const std::string path = "model.layers." + std::to_string(layer) + ".self_attn.";
      sites.push_back({path + "k_proj", "k_proj", layer, 4, 6, 2});   // fewer heads than o has
      sites.push_back({path + "o_proj", "o_proj", layer, 6, 8, 2});
    }
    for (std::size_t i = 0; i < sites.size(); ++i) {
      bases.push_back(std::make_unique<Base>(random_double({sites[i].out, sites[i].in}, 80 + i)));
      x.push_back(random_double({kTokens, sites[i].in}, 90 + i));
      target.push_back(random_double({kTokens, sites[i].out}, 100 + i));
    }
    adapters = make();
  }
  [[nodiscard]] std::unique_ptr<AdapterSet> make() const {
    std::vector<AdapterSet::SiteRequest> requests;
    for (std::size_t i = 0; i < sites.size(); ++i) requests.push_back({sites[i], 3, preset->descriptor.scale(settings), bases[i].get()});
    auto made = std::move(*AdapterSet::create(*preset, settings, requests, at::kDouble));
    auto generator = make_generator(5);
    EXPECT_TRUE(made->start(generator).ok());
    made->params().add_(random_double({made->parameters()}, 21), 0.3);
    made->prepare();
    return made;
  }
  [[nodiscard]] Tensor loss() const {
    const Tensor anchor = at::zeros({1}, at::kDouble).set_requires_grad(true), no_bias;
    Tensor sum = at::zeros({}, at::kDouble);
    for (std::size_t i = 0; i < sites.size(); ++i) sum = sum + (linear_node(x[i], anchor, *bases[i], no_bias, &adapters->factors(i)) * target[i]).sum();
    return sum;
  }
  const MethodPreset* preset;
  SettingValues settings;
  std::vector<AdapterSite> sites;
  std::vector<std::unique_ptr<Base>> bases;
  std::vector<Tensor> x, target;
  std::unique_ptr<AdapterSet> adapters;
};

class SharedMethod : public testing::TestWithParam<std::string> {};

TEST_P(SharedMethod, GradientsOfAllSitesAddUp) {
  SharedFixture f(GetParam());
  f.adapters->zero_gradients();
  f.adapters->prepare();
  f.loss().backward();
  f.adapters->collect();
  const Tensor analytic = f.adapters->gradients().clone();
  EXPECT_LT(gradient_error(f.adapters->params(), analytic, [&] {
              f.adapters->prepare();
              return f.loss().item<double>();
            }), 1e-6);
}

TEST_P(SharedMethod, ATensorInCommonIsCountedAndSavedOnce) {
  SharedFixture f(GetParam());
  const auto count = count_method(f.preset->descriptor, f.settings, f.sites);
  ASSERT_TRUE(count.ok()) << count.status().message();
  EXPECT_EQ(count->trained, f.adapters->parameters());
  std::int64_t bytes = 0;
  std::set<std::string> names;
  for (const auto& tensor : f.adapters->to_tensors()) {
    std::int64_t size = 4;
    for (const auto d : tensor.shape) size *= d;
    bytes += size;
    EXPECT_TRUE(names.insert(tensor.name).second) << tensor.name;
  }
  EXPECT_EQ(count->stored_bytes, bytes);
}

TEST_P(SharedMethod, SavedAndLoadedItIsTheSame) {
  const test::TemporaryFolder folder;
  SharedFixture f(GetParam());
  const std::string path = (folder / "adapter").string();
  ASSERT_TRUE(write_safetensors(path, f.adapters->to_tensors()).ok());
  const auto again = f.make();
  again->params().add_(1);
  ASSERT_TRUE(again->load(**SafeTensorsFile::open(path)).ok());
  again->prepare();
  for (std::size_t i = 0; i < f.sites.size(); ++i)
    EXPECT_LT((again->merged(i) - f.adapters->merged(i)).abs().max().item<double>(), 1e-5) << f.sites[i].path;
}

TEST_P(SharedMethod, ThePeftFolderHoldsTheSameUpdates) {
  const test::TemporaryFolder folder;
  SharedFixture f(GetParam());
  ASSERT_TRUE(write_peft_files(folder.path().string(), *f.adapters, "base").ok());
  const auto source = open_adapter(folder.path().string());
  ASSERT_TRUE(source.ok()) << source.status().message();
  std::vector<std::unique_ptr<Base>> bases;
  std::vector<AdapterPlace> places;
  for (std::size_t i = 0; i < f.sites.size(); ++i) {
    bases.push_back(std::make_unique<Base>(f.bases[i]->dense().to(at::kFloat)));
    places.push_back({f.sites[i], bases.back().get()});
  }
  const auto loaded = load_adapters(places, *source, "base");
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  (*loaded)->prepare();
  for (std::size_t i = 0; i < f.sites.size(); ++i)
    EXPECT_LT(((*loaded)->merged(i) - f.adapters->merged(i)).abs().max().item<double>(), 1e-4) << f.sites[i].path;
}

std::vector<std::string> shared_methods() {
  std::vector<std::string> names;
  for (const auto* preset : method_presets())
    if (preset->descriptor.family == "shared") names.push_back(preset->descriptor.name);
  return names;
}
INSTANTIATE_TEST_SUITE_P(Catalogue, SharedMethod, testing::ValuesIn(shared_methods()), [](const auto& of) { return of.param; });

TEST(Vera, DrawsTheProjectionsOncePerModel) {
  SharedFixture f("vera");
  std::map<std::string, std::vector<std::int64_t>> shapes;
  for (const auto& tensor : f.adapters->to_tensors()) shapes[tensor.name] = tensor.shape;
  EXPECT_EQ(shapes.at("base_model.vera_A"), (std::vector<std::int64_t>{3, 8})) << "as wide as the widest input";
  EXPECT_EQ(shapes.at("base_model.vera_B"), (std::vector<std::int64_t>{6, 3})) << "as high as the widest output";
  EXPECT_TRUE(f.adapters->factors(0).right.equal(f.adapters->factors(1).right.narrow(1, 0, 6)));
  EXPECT_FALSE(f.adapters->factors(0).right_grad.defined());
}

TEST(Mos, MatricesOfOneNameDrawFromOnePoolAndOwnTheirPrivateShards) {
  SharedFixture f("mos");  // rank 3, budget 4, 2 shards, 1 private rank; two matrices of each name
  std::map<std::string, Tensor> tensors;
  for (const auto& t : f.adapters->to_tensors()) {
    Tensor value = at::empty(t.shape, at::TensorOptions(at::kFloat));
    ASSERT_TRUE(t.fill(static_cast<std::byte*>(value.mutable_data_ptr()), static_cast<std::uint64_t>(value.nbytes())).ok());
    tensors[t.name] = value;
  }
  EXPECT_EQ(tensors.at("base_model.shared.k_proj.mos_A").sizes(), at::IntArrayRef({4 * 2 * 2, 3}));
  EXPECT_EQ(tensors.at("base_model.shared.k_proj.mos_B").sizes(), at::IntArrayRef({4 * 2 * 2, 2}));
  for (const char* side : {"A", "B"}) {
    std::set<int> own;
    for (int layer = 0; layer < 2; ++layer) {
      const Tensor index = tensors.at(fmt::format("base_model.model.model.layers.{}.self_attn.k_proj.mos_index_{}", layer, side));
      ASSERT_EQ(index.numel(), 6);
      std::set<int> drawn;
      for (int i = 0; i < 6; ++i) {
        const int at = static_cast<int>(index[i].item<float>());
        EXPECT_TRUE(drawn.insert(at).second) << "drawn twice";
        EXPECT_EQ(at >= 12, i >= 4) << "the last of them are private";
        if (at >= 12) {
          EXPECT_TRUE(own.insert(at).second) << "private to two matrices";
        }
      }
    }
  }
  EXPECT_FALSE(tensors.at("base_model.model.model.layers.0.self_attn.k_proj.mos_index_A")
                   .equal(tensors.at("base_model.model.model.layers.0.self_attn.k_proj.mos_index_B"))) << "drawn independently";
}

Status created(const char* method, const Json& given, const AdapterSite& site) {
  const auto settings = complete_settings((*find_preset(method))->descriptor.settings, given, "method");
  if (!settings.ok()) return settings.status();
  Base base(random_double({site.out, site.in}, 1));
  return AdapterSet::create(**find_preset(method), *settings, {{site, given.value("rank", std::int64_t{1}), 1.0, &base}}, at::kDouble).status();
}

TEST(Methods, RefuseASiteThatTheyCannotAdaptAndSayTheNumbers) {
  const AdapterSite site{"model.layers.0.mlp.up_proj", "up_proj", 0, 8, 6};
  const auto expect = [&](const Status& status, const char* text) {
    EXPECT_EQ(status.code(), ErrorCode::InvalidArgument);
    EXPECT_NE(status.message().find(text), std::string::npos) << status.message();
  };
  expect(created("lorta", {{"rank", 3}}, site), "has no attention heads");
  expect(created("mos", {{"rank", 3}, {"shards", 4}}, site), "shards = 4 does not divide");
  expect(created("mos", {{"rank", 6}}, site), "holds 3");
  expect(created("mos", {{"rank", 6}, {"private", 5}}, site), "private = 5");
  expect(created("boft", {{"block_size", 4}}, site), "block_size = 4 does not divide the 6 inputs");
  expect(created("boft", {{"blocks", 4}}, site), "blocks = 4 does not divide the 6 inputs");
  expect(created("oft", {{"block_size", 3}}, {"a.up_proj", "up_proj", 0, 8, 1}), "cannot be cut into blocks");
  EXPECT_TRUE(created("oft", {{"block_size", 4}}, site).ok()) << "the nearest block size is taken";
}

TEST(Oft, CayleyIsARotationAndTheSeriesIsNearItsInverse) {
  const auto rotation = [](const std::string& name) {
    Fixture f(name);
    f.adapters->params().copy_(random_double({f.adapters->parameters()}, 21) * 0.01);
    f.adapters->prepare();
    return f.adapters->factors(0).rotation;
  };
  const Tensor exact = rotation("oft:rotation=cayley"), series = rotation("oft"), one = at::eye(3, at::kDouble);
  ASSERT_EQ(exact.sizes(), at::IntArrayRef({2, 3, 3}));
  EXPECT_LT((exact.matmul(exact.transpose(1, 2)) - one).abs().max().item<double>(), 1e-14);
  EXPECT_GT((exact - one).abs().max().item<double>(), 1e-3);
  EXPECT_LT((exact.matmul(series) - one).abs().max().item<double>(), 5e-6) << "five terms: the fourth power of S is left";
}

TEST(Oft, AConstrainedRotationStaysInItsBall) {
  const auto settings = complete_settings((*find_preset("oft"))->descriptor.settings, {{"coft", true}, {"eps", 0.01}, {"block_size", 3}}, "method");
  Base base(random_double({kOut, kIn}, 1));
  auto adapters = AdapterSet::create(**find_preset("oft"), *settings, {{{kSite, "q_proj", 0, kOut, kIn}, 1, 1.0, &base}}, at::kDouble);
  Tensor& r = (*adapters)->params();  // two blocks of three numbers
  r.narrow(0, 0, 3).fill_(0.5);
  r.narrow(0, 3, 3).fill_(0.001);
  (*adapters)->prepare();
  EXPECT_NEAR(r.narrow(0, 0, 3).norm().item<double>() * std::sqrt(2.0), 0.01 / std::sqrt(2.0), 1e-12);
  EXPECT_NEAR(r[0].item<double>(), r[2].item<double>(), 1e-15) << "the direction stays";
  EXPECT_EQ(r[3].item<double>(), 0.001) << "what is inside stays";
}

// Layers of one input, one of them turned, and a rotation beside an update and both scales.
TEST(LinearGroup, RotationGradientsEqualDifferencesBesideOtherLayersAndFactors) {
  std::array<LinearFactors, 2> factors;
  for (std::size_t i = 0; i < 2; ++i) {
    factors.at(i).left = random_double({kOut, 2}, 32 + i);
    factors.at(i).right = random_double({2, kIn}, 42 + i);
    factors.at(i).left_grad = at::zeros({kOut, 2}, at::kDouble);
    factors.at(i).right_grad = at::zeros({2, kIn}, at::kDouble);
  }
  LinearFactors& f = factors[1];
  f.rotation = random_double({2, 3, 3}, 50);
  f.rotation_grad = at::zeros_like(f.rotation);
  f.column_scale = random_double({kIn}, 51);
  f.row_scale = random_double({kOut}, 52);
  const Base first(random_double({kOut, kIn}, 31)), second(random_double({kOut, kIn}, 61));
  const std::array layers{AdaptedLinear{&first, nullptr, factors.data()}, AdaptedLinear{&second, nullptr, &f}};
  const Tensor x = random_double({kTokens, kIn}, 35);
  const std::array<Tensor, 2> gy{random_double({kTokens, kOut}, 36), random_double({kTokens, kOut}, 37)};
  const auto forward = [&](std::array<Tensor, 2>& y) { return group_forward(layers, x, y); };
  const auto loss = [&] {
    std::array<Tensor, 2> y;
    (void)forward(y);
    return ((y[0] * gy[0]).sum() + (y[1] * gy[1]).sum()).item<double>();
  };
  for (const bool scale_trained : {false, true}) {
    if (scale_trained) f.column_scale_grad = at::zeros({kIn}, at::kDouble), f.row_scale_grad = at::zeros({kOut}, at::kDouble);
    for (auto* gradient : {&f.rotation_grad, &f.left_grad, &f.right_grad}) gradient->zero_();
    std::array<Tensor, 2> y;
    const Tensor u = forward(y), gx = at::full_like(x, NAN);
    group_backward(layers, {x, u, gy, y}, gx);
    EXPECT_LT(gradient_error(f.rotation, f.rotation_grad, loss), 1e-6);
    EXPECT_LT(gradient_error(f.left, f.left_grad, loss), 1e-6);
    EXPECT_LT(gradient_error(f.right, f.right_grad, loss), 1e-6);
    EXPECT_LT(gradient_error(x, gx, loss), 1e-6);
    if (!scale_trained) continue;
    EXPECT_LT(gradient_error(f.column_scale, f.column_scale_grad, loss), 1e-6);
    EXPECT_LT(gradient_error(f.row_scale, f.row_scale_grad, loss), 1e-6);
  }
}

// A layer that turns its input and whose R reads less of it: what is left out is left out of the turned input, and W reads the whole of it.
TEST(LinearGroup, ADropIsOfTheTurnedInputAndItsGradientsEqualDifferences) {
  LinearFactors f = drawn_factors();
  f.left_grad = at::zeros_like(f.left);
  f.right_grad = at::zeros_like(f.right);
  f.rotation = random_double({2, 3, 3}, 50);
  f.rotation_grad = at::zeros_like(f.rotation);
  const Base base(random_double({kOut, kIn}, 31));
  const std::vector<std::int64_t> segments{0, 1, kTokens};
  const DropPlace place{{0.4, DropPattern::Element, 1 / 0.6}, 77};
  const std::array layer{AdaptedLinear{&base, nullptr, &f, place, &segments}};
  const Tensor x = random_double({kTokens, kIn}, 35), gy = random_double({kTokens, kOut}, 36), kept = at::empty_like(x);
  drop_values(at::ones_like(x), {}, segments, place, kept);
  ASSERT_GT(kept.eq(0).sum().item<std::int64_t>(), 0);
  const auto forward = [&](std::array<Tensor, 1>& y) { return group_forward(layer, x, y); };
  std::array<Tensor, 1> y;
  const Tensor u = forward(y), gx = at::full_like(x, NAN), turned = x.matmul(at::block_diag({f.rotation[0], f.rotation[1]}));
  const Tensor wanted = turned.matmul(base.dense().t()) + (turned * kept).matmul(f.right.t()).matmul(f.left.t()) * f.scale;
  EXPECT_LT((y[0] - wanted).abs().max().item<double>(), 1e-12);
  group_backward(layer, {x, u, std::array{gy}, y}, gx);
  const auto loss = [&] {
    std::array<Tensor, 1> again;
    (void)forward(again);
    return (again[0] * gy).sum().item<double>();
  };
  EXPECT_LT(gradient_error(f.rotation, f.rotation_grad, loss), 1e-6);
  EXPECT_LT(gradient_error(f.left, f.left_grad, loss), 1e-6);
  EXPECT_LT(gradient_error(f.right, f.right_grad, loss), 1e-6);
  EXPECT_LT(gradient_error(x, gx, loss), 1e-6);
}

// Whatever it began from: a start that is taken off the base makes no LoRA of what is none.
TEST(PeftFiles, AreRefusedForAMethodThatPeftDoesNotHave) {
  const test::TemporaryFolder folder;
  for (const char* name : {"bora", "bora:start=pissa", "edora"}) {
    const Fixture f(name);
    const Status status = write_peft_files(folder.path().string(), *f.adapters, "base");
    EXPECT_EQ(status.code(), ErrorCode::Unsupported) << name;
    EXPECT_NE(status.message().find(f.preset->descriptor.title), std::string::npos) << status.message();
    EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << name;
  }
}

}  // namespace
}  // namespace weft
