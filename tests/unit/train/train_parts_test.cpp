// SPDX-License-Identifier: GPL-3.0-or-later
// Schedules, update rule, choice of arithmetic and probe cadence on their own.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/core/processor.h"
#include "engine/kernels/cpu/kernels.h"
#include "engine/probe/spectra_probe.h"
#include "engine/train/arithmetic.h"
#include "engine/train/layer_draw.h"
#include "engine/train/program.h"
#include "engine/train/schedule.h"
#include "engine/train/update_rule.h"
#include "tests/support/gradient_check.h"

namespace weft {
namespace {

TEST(Arithmetic, AutoIsBf16WhereThatIsFastAndTheOrderOfProductsAllowsIt) {
  const SettingValues model = {{"compute", "auto"}, {"storage", "auto"}, {"products", "auto"}};
  const auto chosen = [&](const char* order) { return choose_arithmetic(model, *evaluation_policy(order)); };
  EXPECT_EQ(chosen("auto").compute, cpu::kernels().bf16.fast ? "bf16" : "fp32");
  EXPECT_EQ(chosen("auto").options.precision == Precision::Bf16, cpu::kernels().bf16.fast);
  EXPECT_EQ(multiplies_bf16_fast(), cpu::kernels().bf16.fast);
  EXPECT_EQ(chosen("flops").compute, chosen("auto").compute);
  EXPECT_EQ(chosen("F2+B5").compute, "fp32");   // it forms W + s B A, whose update bfloat16 would round away
  EXPECT_EQ(chosen("F2+B5").warning, "");
}

// get_cosine_schedule_with_warmup of transformers 5.23: peak 2e-3, 4 warm-up steps of 20.
TEST(Schedule, CosineEqualsTransformers) {
  const double expected[] = {0.0,
                             0.0005,
                             0.001,
                             0.0015,
                             0.002,
                             0.0019807852804032307,
                             0.0019238795325112869,
                             0.0018314696123025453,
                             0.0017071067811865474,
                             0.0015555702330196021,
                             0.00138268343236509,
                             0.0011950903220161284,
                             0.001,
                             0.0008049096779838719,
                             0.0006173165676349102,
                             0.00044442976698039807,
                             0.00029289321881345256,
                             0.00016853038769745467,
                             7.612046748871326e-05,
                             1.921471959676957e-05};
  const Schedule schedule{"cosine", 2e-3, 4, 20};
  for (int i = 0; i < 20; ++i) EXPECT_NEAR(schedule.at(i), expected[i], 1e-15) << i;
}

TEST(Schedule, LinearFallsToZeroAndConstantStays) {
  const Schedule linear{"linear", 1.0, 2, 10};
  EXPECT_DOUBLE_EQ(linear.at(0), 0.0);
  EXPECT_DOUBLE_EQ(linear.at(1), 0.5);
  EXPECT_DOUBLE_EQ(linear.at(2), 1.0);
  EXPECT_DOUBLE_EQ(linear.at(6), 0.5);
  EXPECT_DOUBLE_EQ(linear.at(10), 0.0);
  const Schedule constant{"constant", 1.0, 1, 10};
  EXPECT_DOUBLE_EQ(constant.at(9), 1.0);
}

TEST(Schedule, WarmUpIsAShareBelowOneAndElseANumberOfSteps) {
  EXPECT_EQ(warmup_steps(0.03, 60), 2);
  EXPECT_EQ(warmup_steps(0.0, 60), 0);
  EXPECT_EQ(warmup_steps(5, 60), 5);
  EXPECT_EQ(warmup_steps(500, 60), 60);
}

// The definition, one number at a time (Loshchilov & Hutter 2019, algorithm 2, as torch.optim.AdamW orders it).
TEST(AdamW, EqualsItsDefinitionWithRatesByGroup) {
  constexpr int kSize = 6;
  Tensor params = random_double({kSize}, 1);
  std::vector<double> p(params.const_data_ptr<double>(), params.const_data_ptr<double>() + kSize), m(kSize), v(kSize);
  const std::vector<ParameterGroup> groups{{"right", 0, 4, 1.0}, {"left", 4, 6, 16.0}};
  auto rule = make_update_rule({{"optimizer", "adamw"}, {"beta1", 0.8}, {"beta2", 0.95}, {"eps", 1e-6}, {"weight_decay", 0.1}}, params);
  ASSERT_TRUE(rule.ok()) << rule.status().message();
  for (int step = 1; step <= 50; ++step) {
    const Tensor g = random_double({kSize}, 100 + static_cast<std::uint64_t>(step));
    (*rule)->step(params, g, groups, 1e-3, step);
    for (int i = 0; i < kSize; ++i) {
      const double gi = g[i].item<double>(), lr = 1e-3 * (i < 4 ? 1 : 16);
      m[static_cast<std::size_t>(i)] = 0.8 * m[static_cast<std::size_t>(i)] + 0.2 * gi;
      v[static_cast<std::size_t>(i)] = 0.95 * v[static_cast<std::size_t>(i)] + 0.05 * gi * gi;
      const double mh = m[static_cast<std::size_t>(i)] / (1 - std::pow(0.8, step)), vh = v[static_cast<std::size_t>(i)] / (1 - std::pow(0.95, step));
      p[static_cast<std::size_t>(i)] -= lr * 0.1 * p[static_cast<std::size_t>(i)] + lr * mh / (std::sqrt(vh) + 1e-6);
    }
  }
  for (int i = 0; i < kSize; ++i) EXPECT_NEAR(params[i].item<double>(), p[static_cast<std::size_t>(i)], 1e-12) << i;
}

TEST(UpdateRule, AnUnknownOneIsNamed) {
  const auto rule = make_update_rule({{"optimizer", "lion"}}, at::zeros({1}));
  ASSERT_FALSE(rule.ok());
  EXPECT_NE(rule.status().message().find("lion"), std::string::npos);
}

struct OneSite {
  OneSite() : base(random_double({32, 16}, 1).to(at::kFloat)) {
    preset = *find_preset("lora");
    const auto settings = complete_settings(preset->descriptor.settings, {{"rank", 4}}, "method");
    adapters = std::move(*AdapterSet::create(*preset, *settings, {{{"layers.0.q_proj", "q_proj", 0, 32, 16}, 4, 2.0, &base}}));
    adapters->params().add_(random_double({adapters->parameters()}, 2).to(at::kFloat));
    adapters->prepare();
  }
  Base base;
  const MethodPreset* preset = nullptr;
  std::unique_ptr<AdapterSet> adapters;
};

struct ThreeLayers {
  ThreeLayers() {
    const MethodPreset* preset = *find_preset("lora");
    const auto settings = complete_settings(preset->descriptor.settings, {{"rank", 2}}, "method");
    std::vector<AdapterSet::SiteRequest> sites;
    for (int layer = 0; layer < 3; ++layer)
      for (const char* module : {"q_proj", "v_proj"}) sites.push_back({{"layers." + std::to_string(layer) + "." + module, module, layer, 8, 6}, 2, 2.0, &base});
    adapters = std::move(*AdapterSet::create(*preset, *settings, sites));
    adapters->params().add_(random_double({adapters->parameters()}, 2).to(at::kFloat));
  }
  Base base{random_double({8, 6}, 1).to(at::kFloat)};
  std::unique_ptr<AdapterSet> adapters;
};

TEST(LayerDraw, WholeLayersRestWithAProbabilityThatFalls) {
  ThreeLayers three;
  const LayerDraw layers(*three.adapters, 0.2, 100);
  EXPECT_DOUBLE_EQ(layers.probability(0), 0.2);
  EXPECT_DOUBLE_EQ(layers.probability(30), 0.2 + 0.8 * 0.4);
  EXPECT_DOUBLE_EQ(layers.probability(75), 1);
  EXPECT_DOUBLE_EQ(layers.probability(99), 1);
  auto generator = make_generator(1);
  EXPECT_TRUE(layers.draw(75, generator).empty());
  int at_work = 0;
  constexpr int kDraws = 4000;
  for (int i = 0; i < kDraws; ++i) {
    const auto rests = layers.draw(0, generator);
    ASSERT_EQ(rests.size(), 6U);
    int working = 0;
    for (std::size_t layer = 0; layer < 3; ++layer) {
      ASSERT_EQ(rests[2 * layer], rests[2 * layer + 1]) << "the adapters of a layer rest together";
      working += !rests[2 * layer];
    }
    ASSERT_GE(working, 1);
    at_work += working;
  }
  EXPECT_NEAR(at_work / static_cast<double>(kDraws), 3 * 0.2 / (1 - 0.8 * 0.8 * 0.8), 0.05) << "drawn again where none is left";
  const LayerDraw none(*three.adapters, 0, 100), all(*three.adapters, 1, 100);
  const auto rests = none.draw(0, generator);
  EXPECT_EQ(std::count(rests.begin(), rests.end(), false), 2);
  const Tensor before = generator.get_state();
  EXPECT_TRUE(all.draw(0, generator).empty());
  EXPECT_TRUE(before.equal(generator.get_state())) << "a run without CopRA draws nothing";
}

TEST(LayerDraw, WhatRestsIsAFrozenLayerAndKeepsItsState) {
  for (const char* optimizer : {"adamw", "lora-rite", "lora-pro"}) {
    ThreeLayers three;
    AdapterSet& a = *three.adapters;
    auto rule = make_update_rule({{"optimizer", optimizer}, {"beta1", 0.9}, {"beta2", 0.99}, {"eps", 1e-8}, {"weight_decay", 0.1}, {"grad_clip", 1.0}}, a.params(), a.pairs());
    ASSERT_TRUE(rule.ok()) << rule.status().message();
    a.gradients().copy_(random_double({a.parameters()}, 3).to(at::kFloat) * 0.01);
    (*rule)->step(a.params(), a.gradients(), a.working_groups(), 1e-2, 1);
    a.rest({true, true, false, false, true, true});
    a.prepare();
    EXPECT_FALSE(a.factors(0).left.defined() || a.factors(5).right.defined());
    EXPECT_TRUE(a.factors(2).left.defined());
    const Tensor before = a.params().clone();
    std::vector<Tensor> state_before;
    for (const auto& [name, value] : (*rule)->state()) state_before.push_back(value.clone());
    (*rule)->step(a.params(), a.gradients(), a.working_groups(), 1e-2, 2);
    for (std::size_t i = 0; i < a.size(); ++i)
      for (const char* slot : {"A", "B"}) {
        EXPECT_EQ(a.same_place(before, i, slot).equal(a.slot(i, slot).value), i != 2 && i != 3) << optimizer << " " << i << slot;
        if (std::string(optimizer) == "lora-pro") continue;  // its moments are of the matrices
        EXPECT_EQ(a.same_place(state_before[0], i, slot).equal(a.same_place((*rule)->state()[0].second, i, slot)), i != 2 && i != 3) << optimizer << " " << i << slot;
      }
    a.rest({});
    a.prepare();
    EXPECT_TRUE(a.factors(0).left.defined());
    EXPECT_EQ(a.working_groups().size(), a.groups().size());
  }
}

TEST(SpectraProbe, LowersItsCadenceWhenItCostsTooMuch) {
  OneSite one;
  SpectraProbe probe(*one.adapters, 5, 0.02);
  probe.add_step_time(1e-6);  // five steps that took no time: any probe is too dear
  bool changed = false;
  const auto event = probe.take(5, changed);
  EXPECT_TRUE(changed);
  EXPECT_GT(probe.every(), 5);
  EXPECT_EQ(event.every, probe.every());
  EXPECT_GT(event.ms, 0);
}

TEST(SpectraProbe, KeepsItsCadenceWhenCheap) {
  OneSite one;
  SpectraProbe probe(*one.adapters, 5, 0.02);
  probe.add_step_time(1e9);
  bool changed = false;
  (void)probe.take(5, changed);
  EXPECT_FALSE(changed);
  EXPECT_EQ(probe.every(), 5);
}

TEST(SpectraProbe, MagnitudeAndDirectionEqualTheDenseOnes) {
  OneSite one;
  SpectraProbe probe(*one.adapters, 1, 0);
  bool changed = false;
  const SpectrumEvent event = probe.take(1, changed).sites.front();
  const Tensor w = one.base.dense(), merged = one.adapters->merged(0);
  const Tensor length = merged.norm(2, 1), before = w.norm(2, 1);
  EXPECT_NEAR(event.magnitude_change, (length / before - 1).abs().mean().item<double>(), 1e-4);
  EXPECT_NEAR(event.direction_change, (1 - (merged * w).sum(1) / (length * before)).mean().item<double>(), 1e-5);
  EXPECT_NEAR(event.frobenius, (merged - w).norm().item<double>(), 1e-3);
}

TEST(Program, ActsAtItsCadencesAndAtTheEnd) {
  TrainRequest request;
  request.train = {{"eval_every", 4}, {"checkpoint_every", 3}};
  request.samples = {{"prompts", Json::array({"a"})}, {"every", 6}};
  const auto program = make_plain_program(request, 10);
  EXPECT_TRUE(program->after(0, 5).evaluate);
  EXPECT_FALSE(program->after(0, 5).checkpoint);
  EXPECT_TRUE(program->after(3, 5).checkpoint);
  EXPECT_FALSE(program->after(3, 5).evaluate);
  EXPECT_TRUE(program->after(5, 5).spectra);
  const auto last = program->after(10, 5);
  EXPECT_TRUE(last.finish && last.evaluate && last.checkpoint && last.spectra && last.sample);
  EXPECT_TRUE(program->after(6, 5).sample);
  EXPECT_FALSE(program->after(5, 5).sample || program->after(0, 5).sample);
}

}  // namespace
}  // namespace weft
