// SPDX-License-Identifier: GPL-3.0-or-later
// Optimizers of pairs against their definitions in NumPy, AdaLoRA's ranks and penalty against PEFT (make_update_rules.py).
#include <gtest/gtest.h>

#include <map>

#include "engine/train/controller.h"
#include "engine/train/update_rule.h"
#include "tests/support/gradient_check.h"

namespace weft {
namespace {

using Given = std::map<std::string, Tensor>;

Given tensors_of(const std::string& name) {
  Given given;
  const auto file = SafeTensorsFile::open(std::string(WEFT_TEST_DATA) + "/update_rules/" + name + ".safetensors");
  EXPECT_TRUE(file.ok()) << file.status().message();
  for (const auto& t : (*file)->tensors())
    given[t.name] = at::from_blob(const_cast<std::byte*>(t.data), t.shape, at::TensorOptions(at::kDouble)).clone();
  return given;
}

double distance(const Tensor& got, const Tensor& wanted) { return ((got - wanted).abs().max() / wanted.abs().max().clamp_min(1e-30)).item<double>(); }

const SettingValues kTrain = {{"beta1", 0.8}, {"beta2", 0.95}, {"eps", 1e-6}, {"weight_decay", 0.1}, {"grad_clip", 0.7}};
constexpr std::int64_t kOut = 8, kIn = 6, kRank = 3;
constexpr double kScale = 2, kRate = 0.05;

// One pair that is to become `goal`: half the squared distance.
struct Pair {
  Pair(const std::string& optimizer, const Tensor& b, const Tensor& a, SettingValues train = kTrain) {
    pair = {.site = "layers.0.q_proj", .left = 0, .right = kOut * kRank, .out = kOut, .in = kIn, .rank = kRank, .scale = kScale};
    params = at::cat({b.reshape(-1), a.reshape(-1)});
    gradients = at::zeros_like(params);
    groups = {{"left", 0, kOut * kRank, 1}, {"right", kOut * kRank, params.numel(), 1}};
    train["optimizer"] = optimizer;
    auto made = make_update_rule(train, params, {pair});
    EXPECT_TRUE(made.ok()) << made.status().message();
    rule = std::move(*made);
  }
  [[nodiscard]] Tensor b() const { return pair.left_of(params); }
  [[nodiscard]] Tensor a() const { return pair.right_of(params); }
  [[nodiscard]] Tensor product() const { return b().matmul(a()) * kScale; }
  void step(const Tensor& goal, std::int64_t t) {
    const Tensor g = product() - goal;
    pair.left_of(gradients).copy_(g.matmul(a().t()) * kScale);
    pair.right_of(gradients).copy_(b().t().matmul(g) * kScale);
    rule->step(params, gradients, groups, kRate, t);
  }
  FactorPair pair;
  Tensor params, gradients;
  std::vector<ParameterGroup> groups;
  std::unique_ptr<UpdateRule> rule;
};

TEST(UpdateRules, TakeTheStepsOfTheirDefinitions) {
  for (const auto& [file, optimizer] : {std::pair{"rite", "lora-rite"}, {"rite_from_zero", "lora-rite"}, {"pro", "lora-pro"}, {"pro_from_zero", "lora-pro"}}) {
    Given given = tensors_of(file);
    Pair pair(optimizer, given.at("B"), given.at("A"));
    for (int t = 1; t <= 6; ++t) {
      pair.step(given.at("goal"), t);
      EXPECT_LT(distance(pair.b(), given.at("B" + std::to_string(t))), 1e-8) << file << " " << t;
      EXPECT_LT(distance(pair.a(), given.at("A" + std::to_string(t))), 1e-8) << file << " " << t;
    }
  }
}

// The same B A split in another way, B T and T^-1 A, takes the same steps of B A; AdamW does not.
TEST(UpdateRules, LoraRiteDoesNotSeeHowTheProductIsSplit) {
  Given given = tensors_of("rite");
  SettingValues train = kTrain;
  train["weight_decay"] = 0.0;  // shrinks the factors, whose sizes differ
  const Tensor turn = random_double({kRank, kRank}, 5) + 2 * at::eye(kRank, at::kDouble);
  for (const std::string optimizer : {"lora-rite", "adamw"}) {
    Pair one(optimizer, given.at("B"), given.at("A"), train), other(optimizer, given.at("B").matmul(turn), at::linalg_inv(turn).matmul(given.at("A")), train);
    for (int t = 1; t <= 6; ++t) {
      one.step(given.at("goal"), t);
      other.step(given.at("goal"), t);
    }
    const double apart = distance(other.product(), one.product());
    if (optimizer == "adamw") EXPECT_GT(apart, 1e-3);
    else EXPECT_LT(apart, 1e-9);
  }
}

// Without moments (both forgotten at once, every entry of the move +-1) the first move of LoRA-Pro is the projection of that sign matrix onto what B
// and A reach: P_B S + (1 - P_B) S P_A.
TEST(UpdateRules, LoraProMovesTheMatrixByTheProjectionOfItsGradient) {
  Given given = tensors_of("pro");
  SettingValues train = kTrain;
  train["weight_decay"] = 0.0;
  train["eps"] = 0.0;
  Pair pair("lora-pro", given.at("B"), given.at("A"), train);
  const Tensor b = pair.b().clone(), a = pair.a().clone();
  const auto onto = [](const Tensor& x) { return x.matmul(at::linalg_pinv(x)); };
  const Tensor p_b = onto(b), p_a = onto(a.t()), rest = at::eye(kOut, at::kDouble) - p_b, g = pair.product() - given.at("goal");
  const auto reach = [&](const Tensor& x) { return p_b.matmul(x) + rest.matmul(x).matmul(p_a); };
  pair.step(given.at("goal"), 1);
  const Tensor move = -((pair.b() - b).matmul(a) + b.matmul(pair.a() - a)) * kScale / kRate;  // to first order in the rate
  EXPECT_LT(distance(move, reach(reach(g).sign())), 1e-6);
}

TEST(UpdateRules, OfPairsAreRefusedWithoutThem) {
  for (const char* optimizer : {"lora-rite", "lora-pro"}) {
    SettingValues train = kTrain;
    train["optimizer"] = optimizer;
    const auto rule = make_update_rule(train, at::zeros({4}, at::kDouble));
    ASSERT_FALSE(rule.ok());
    EXPECT_NE(rule.status().message().find(optimizer), std::string::npos);
  }
}

TEST(UpdateRules, GoOnFromTheirStateBitForBit) {
  Given given = tensors_of("rite");
  for (const char* optimizer : {"adamw", "lora-rite", "lora-pro"}) {
    Pair whole(optimizer, given.at("B"), given.at("A"));
    for (int t = 1; t <= 3; ++t) whole.step(given.at("goal"), t);
    Pair resumed(optimizer, whole.b().clone(), whole.a().clone());
    const TrainingState from = whole.rule->state();
    TrainingState to = resumed.rule->state();
    ASSERT_EQ(from.size(), to.size());
    for (std::size_t i = 0; i < from.size(); ++i) to[i].second.copy_(from[i].second);
    for (int t = 4; t <= 6; ++t) {
      whole.step(given.at("goal"), t);
      resumed.step(given.at("goal"), t);
    }
    EXPECT_TRUE(whole.params.equal(resumed.params)) << optimizer;
  }
}

at::Generator draw = make_generator(1);
StepInfo at_step(std::int64_t step) { return {.step = step, .updates = step, .lr = kRate, .generator = draw}; }

struct TwoSites {
  explicit TwoSites(const Json& more) : q(random_double({kOut, kIn}, 1)), o(random_double({kIn, kOut}, 2)) {
    const MethodPreset* preset = *find_preset("adalora");
    Json given = {{"rank", kRank}, {"alpha", 6.0}, {"target_rank", 1}};
    given.update(more);
    settings = *complete_settings(preset->descriptor.settings, given, "method");
    const double scale = preset->descriptor.scale(settings);
    adapters = std::move(*AdapterSet::create(*preset, settings, {{{"q_proj", "q_proj", 0, kOut, kIn}, kRank, scale, &q},
                                                                 {{"o_proj", "o_proj", 0, kIn, kOut}, kRank, scale, &o}}, at::kDouble));
    auto generator = make_generator(1);
    EXPECT_TRUE(adapters->start(generator).ok());
  }
  void set(const Given& given, const std::string& step) {
    for (std::size_t i = 0; i < 2; ++i)
      for (const char* slot : {"A", "E", "B"}) {
        const std::string name = adapters->context(i).path + ".lora_" + slot;
        adapters->slot(i, slot).value.copy_(given.at(step + ".value." + name));
        adapters->slot(i, slot).gradient.copy_(given.at(step + ".gradient." + name));
      }
  }
  Base q, o;
  SettingValues settings;
  std::unique_ptr<AdapterSet> adapters;
};

const Json kBudget = {{"budget_start", 1}, {"budget_end", 2}, {"sensitivity_memory", 0.85}, {"uncertainty_memory", 0.7}, {"orthogonality", 0.4}};

TEST(AdaLora, KeepsTheRanksThatPeftKeeps) {
  const Given given = tensors_of("adalora");
  TwoSites two(kBudget);
  auto controller = make_controller(*two.adapters, {}, 9);
  ASSERT_TRUE(controller.ok()) << controller.status().message();
  for (int step = 1; step <= 9; ++step) {
    two.set(given, std::to_string(step));
    (*controller)->after_update(*two.adapters, at_step(step));
    const auto ranks = (*controller)->ranks(*two.adapters);
    ASSERT_EQ(ranks.size(), 2u);
    if (step == 1) {
      EXPECT_EQ(ranks, (std::vector<std::int64_t>{kRank, kRank}));
    }
    for (std::size_t i = 0; i < 2; ++i) {
      const Tensor left = given.at(std::to_string(step) + ".left." + two.adapters->context(i).path + ".lora_E");
      EXPECT_TRUE(two.adapters->slot(i, "E").value.equal(left)) << step << " " << i;
      if (step >= 7) {  // settled
        EXPECT_EQ(ranks[i], left.count_nonzero().item<std::int64_t>()) << step << " " << i;
      }
    }
  }
  EXPECT_NE((*controller)->take_news().find("2 of 6 ranks"), std::string::npos);
  EXPECT_EQ((*controller)->take_news(), "");
}

TEST(AdaLora, HasTheUpdateAndThePenaltyOfPeft) {
  const Given given = tensors_of("adalora");
  TwoSites two(kBudget);
  auto controller = make_controller(*two.adapters, {}, 9);
  two.set(given, "9");
  two.adapters->zero_gradients();
  (*controller)->penalize(*two.adapters);
  for (std::size_t i = 0; i < 2; ++i) {
    const std::string site = two.adapters->context(i).path;
    for (const char* slot : {"A", "B"})
      EXPECT_LT(distance(two.adapters->slot(i, slot).gradient, given.at("penalty." + site + ".lora_" + slot)), 1e-12) << site << slot;
    EXPECT_EQ(two.adapters->slot(i, "E").gradient.abs().max().item<double>(), 0);
    two.adapters->slot(i, "E").value.copy_(given.at("9.left." + site + ".lora_E"));
  }
  two.adapters->prepare();
  for (std::size_t i = 0; i < 2; ++i) {
    const LinearFactors& f = two.adapters->factors(i);
    EXPECT_LT(distance(f.left.matmul(f.right) * f.scale, given.at("delta." + two.adapters->context(i).path)), 1e-12) << i;
  }
}

TEST(AdaLora, GoesOnFromItsStateBitForBit) {
  const Given given = tensors_of("adalora");
  TwoSites whole(kBudget), later(kBudget);
  auto first = make_controller(*whole.adapters, {}, 9), second = make_controller(*later.adapters, {}, 9);
  for (int step = 1; step <= 9; ++step) {
    whole.set(given, std::to_string(step));
    (*first)->after_update(*whole.adapters, at_step(step));
    if (step == 5) {
      const TrainingState from = (*first)->state();
      TrainingState to = (*second)->state();
      for (std::size_t i = 0; i < from.size(); ++i) to[i].second.copy_(from[i].second);
    }
    if (step <= 5) continue;
    later.set(given, std::to_string(step));
    (*second)->after_update(*later.adapters, at_step(step));
    EXPECT_TRUE(whole.adapters->params().equal(later.adapters->params())) << step;
  }
}

TEST(AdaLora, RefusesATargetAboveItsStartAndTimesThatLeaveNoStep) {
  const MethodPreset* preset = *find_preset("adalora");
  Base base(random_double({kOut, kIn}, 1));
  const auto settings = complete_settings(preset->descriptor.settings, {{"rank", 2}, {"target_rank", 3}}, "method");
  const auto set = AdapterSet::create(*preset, *settings, {{{"q_proj", "q_proj", 0, kOut, kIn}, 2, 1.0, &base}});
  ASSERT_FALSE(set.ok());
  EXPECT_NE(set.status().message().find("target_rank = 3"), std::string::npos) << set.status().message();
  TwoSites two({{"budget_start", 0.6}, {"budget_end", 0.4}});
  const auto controller = make_controller(*two.adapters, {}, 10);
  ASSERT_FALSE(controller.ok());
  EXPECT_NE(controller.status().message().find("10 steps"), std::string::npos) << controller.status().message();
}

// One move against its definition: one rank of each matrix gives way, so that nothing is left to chance.
TEST(BeamLora, MovesRanksAsDefined) {
  const Given given = tensors_of("beams");
  const MethodPreset* preset = *find_preset("beamlora");
  Base q(random_double({kOut, kIn}, 1)), o(random_double({kIn, kOut}, 2));
  const auto settings = complete_settings(preset->descriptor.settings, {{"rank", 4}, {"beam_every", 4}, {"beam_mass", 0.9}, {"temperature", 0.5}}, "method");
  auto adapters = std::move(*AdapterSet::create(*preset, *settings, {{{"q_proj", "q_proj", 0, kOut, kIn}, 4, 2.0, &q}, {{"o_proj", "o_proj", 0, kIn, kOut}, 4, 2.0, &o}},
                                                at::kDouble));
  Tensor moment = at::zeros_like(adapters->params());
  const TrainingState rule{{"first_moment", moment}, {"of_another_size", at::zeros({3})}};
  auto controller = make_controller(*adapters, rule, 8);
  ASSERT_TRUE(controller.ok()) << controller.status().message();
  const auto set = [&](const std::string& when) {
    for (std::size_t i = 0; i < 2; ++i)
      for (const char* slot : {"A", "B", "g"}) {
        const std::string name = adapters->context(i).path + "." + slot;
        adapters->slot(i, slot).value.copy_(given.at(when + ".value." + name));
        adapters->same_place(moment, i, slot).copy_(given.at(when + ".moment." + name));
      }
  };
  for (int step = 1; step <= 4; ++step) {
    set(step == 2 ? "earlier" : "now");
    (*controller)->after_update(*adapters, at_step(step));
  }
  for (std::size_t i = 0; i < 2; ++i)
    for (const char* slot : {"A", "B", "g"}) {
      const std::string name = adapters->context(i).path + "." + slot;
      EXPECT_LT((adapters->slot(i, slot).value - given.at("after.value." + name)).abs().max().item<double>(), 1e-14) << name;
      EXPECT_TRUE(adapters->same_place(moment, i, slot).equal(given.at("after.moment." + name))) << name;
    }
  EXPECT_NE((*controller)->take_news().find("2 of 8 ranks"), std::string::npos);
  set("now");
  const Tensor before = adapters->params().clone();
  for (int step = 5; step <= 8; ++step) (*controller)->after_update(*adapters, at_step(step));
  EXPECT_TRUE(before.equal(adapters->params())) << "less than an interval is left";
}

// gB (A A')^-1 / s^2 is what of all gB moves W = s B A nearest to its own gradient G: s gB A is G projected onto A's rows.
TEST(LoraFa, MovesTheMatrixByTheProjectionOfItsGradientOntoWhatAReads) {
  const MethodPreset* preset = *find_preset("lorafa");
  Base base(random_double({kOut, kIn}, 1));
  for (const bool correct : {true, false}) {
    const auto settings = complete_settings(preset->descriptor.settings, {{"rank", kRank}, {"correct_gradient", correct}}, "method");
    auto adapters = std::move(*AdapterSet::create(*preset, *settings, {{{"q_proj", "q_proj", 0, kOut, kIn}, kRank, kScale, &base}}, at::kDouble));
    auto generator = make_generator(1);
    ASSERT_TRUE(adapters->start(generator).ok());
    auto controller = make_controller(*adapters, {}, 10);
    ASSERT_TRUE(controller.ok()) << controller.status().message();
    const Tensor a = adapters->slot(0, "A").value, g = random_double({kOut, kIn}, 4);
    EXPECT_FALSE(adapters->slot(0, "A").gradient.defined());
    adapters->slot(0, "B").gradient.copy_(g.matmul(a.t()) * kScale);
    (*controller)->before_update(*adapters, at_step(1));
    const Tensor move = adapters->slot(0, "B").gradient.matmul(a) * kScale, projected = g.matmul(at::linalg_pinv(a)).matmul(a);
    if (correct) EXPECT_LT(distance(move, projected), 1e-6);
    else EXPECT_GT(distance(move, projected), 1e-2);
  }
}

}  // namespace
}  // namespace weft
