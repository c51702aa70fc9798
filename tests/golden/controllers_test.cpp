// SPDX-License-Identifier: GPL-3.0-or-later
// What RAC-LoRA, XGBLoRA, IncreLoRA and GeoLoRA do to their ranks while they are trained, against their definitions.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "engine/adapter/delta/links.h"
#include "engine/train/controller.h"
#include "engine/train/update_rule.h"
#include "tests/support/gradient_check.h"

namespace weft {
namespace {

constexpr std::int64_t kOut = 8, kIn = 6;
constexpr double kRate = 0.05;

Tensor dense_update(const AdapterSet& set, std::size_t site) {
  const LinearFactors& f = set.factors(site);
  return f.left.matmul(f.right) * f.scale;
}

// An adapter over sites of some layers whose update is to become a goal: the gradient of half the squared distance, by its factors alone.
struct Trained {
  Trained(const std::string& method, const Json& given, std::int64_t steps, std::size_t layers = 2, Json train = Json::object())
      : total(steps), generator(make_generator(1)) {
    const MethodPreset* preset = *find_preset(method);
    settings = *complete_settings(preset->descriptor.settings, given, "method");
    std::vector<AdapterSet::SiteRequest> sites;
    for (std::size_t i = 0; i < layers; ++i) {
      bases.push_back(std::make_unique<Base>(random_double({kOut, kIn}, 1)));
      const std::string path = "model.layers." + std::to_string(i) + ".self_attn.q_proj";
      sites.push_back({{path, "q_proj", static_cast<int>(i), kOut, kIn}, settings.at("rank").get<std::int64_t>(), preset->descriptor.scale(settings), bases.back().get()});
      goals.push_back(random_double({kOut, 2}, static_cast<int>(10 + i)).matmul(random_double({2, kIn}, static_cast<int>(20 + i))));
    }
    adapters = std::move(*AdapterSet::create(*preset, settings, sites, at::kDouble));
    EXPECT_TRUE(adapters->start(generator).ok());
    Json rule_settings = {{"optimizer", "adamw"}, {"beta1", 0.9}, {"beta2", 0.999}, {"eps", 1e-12}, {"weight_decay", 0.0}, {"grad_clip", 0.0}};
    rule_settings.update(train);
    rule = std::move(*make_update_rule(rule_settings, adapters->params()));
    auto made = make_controller(*adapters, rule->state(), total);
    EXPECT_TRUE(made.ok()) << made.status().message();
    controller = std::move(*made);
    EXPECT_TRUE(controller->begin(*adapters, generator).ok());
    adapters->prepare();
  }
  double loss() {
    double sum = 0;
    for (std::size_t i = 0; i < adapters->size(); ++i) sum += 0.5 * (dense_update(*adapters, i) - goals[i]).square().sum().item<double>();
    return sum;
  }
  StepInfo info(std::int64_t step) { return {.step = step, .updates = step, .lr = rate, .generator = generator}; }
  void gradients() {
    adapters->zero_gradients();
    adapters->prepare();
    for (std::size_t i = 0; i < adapters->size(); ++i) {
      const LinearFactors& f = adapters->factors(i);
      const Tensor g = (dense_update(*adapters, i) - goals[i]) * f.scale;
      if (f.left_grad.defined()) Tensor(f.left_grad).add_(g.matmul(f.right.t()));
      if (f.right_grad.defined()) Tensor(f.right_grad).add_(f.left.t().matmul(g));
    }
    adapters->collect();
    controller->penalize(*adapters);
  }
  void update(std::int64_t step) {
    const at::NoGradGuard no_grad;
    controller->before_update(*adapters, info(step));
    rule->step(adapters->params(), adapters->gradients(), adapters->working_groups(controller->share(info(step))), rate, step);
    controller->after_update(*adapters, info(step));
  }
  void step(std::int64_t at) {
    gradients();
    update(at);
    adapters->prepare();
  }
  [[nodiscard]] std::vector<int> states(std::size_t site) {
    std::vector<int> found;
    const Tensor links = adapters->slot(site, "links").value;
    for (std::int64_t t = 0; t < links.size(0); ++t) found.push_back(static_cast<int>(link_state(links, t)));
    return found;
  }
  double rate = kRate;
  std::int64_t total;
  at::Generator generator;
  SettingValues settings;
  std::vector<std::unique_ptr<Base>> bases;
  std::vector<Tensor> goals;
  std::unique_ptr<AdapterSet> adapters;
  std::unique_ptr<UpdateRule> rule;
  std::unique_ptr<Controller> controller;
};

TEST(RacLora, TrainsALinkAfterTheOtherAndLeavesWhatHasSettled) {
  Trained run("raclora", {{"rank", 1}, {"alpha", 1.0}, {"links", 3}, {"rewarm", 0.0}}, 30);
  std::map<int, Tensor> settled;  // B of site 0, link by link
  double before = run.loss();
  for (std::int64_t step = 1; step <= 30; ++step) {
    const int link = static_cast<int>((step - 1) / 10);
    const Tensor drawn = run.adapters->slot(0, link_slot("A", link)).value.clone();
    run.step(step);
    EXPECT_TRUE(drawn.equal(run.adapters->slot(0, link_slot("A", link)).value)) << "the drawn side stays";
    for (const auto& [earlier, b] : settled) EXPECT_TRUE(b.equal(run.adapters->slot(0, link_slot("B", earlier)).value)) << step;
    if (step % 10 != 0) continue;
    settled[link] = run.adapters->slot(0, link_slot("B", link)).value.clone();
    EXPECT_LT(run.loss(), before) << "each link brings the update nearer";
    before = run.loss();
  }
  EXPECT_EQ(run.states(0), (std::vector<int>{1, 1, 2}));
  EXPECT_EQ(run.controller->ranks(*run.adapters), (std::vector<std::int64_t>{3, 3}));
  // the whole is the sum of the links
  Tensor sum = at::zeros({kOut, kIn}, at::kDouble);
  for (int t = 0; t < 3; ++t) sum += run.adapters->slot(0, link_slot("B", t)).value.matmul(run.adapters->slot(0, link_slot("A", t)).value);
  EXPECT_LT((sum - dense_update(*run.adapters, 0)).abs().max().item<double>(), 1e-14);
}

// With one side drawn, the first step of gradient descent is one of W itself, -lr G, projected onto what the drawn side sees (the paper's section 4).
TEST(RacLora, AStepOfGradientDescentIsAProjectedOneOfTheMatrix) {
  for (const char* sketch : {"down", "up"}) {
    Trained run("raclora", {{"rank", 2}, {"alpha", 2.0}, {"links", 1}, {"sketch", sketch}}, 10, 1);
    run.gradients();
    const Tensor a = run.adapters->slot(0, "A0").value, b = run.adapters->slot(0, "B0").value, g = -run.goals[0];
    const bool down = sketch == std::string("down");
    const auto side = run.adapters->slot(0, down ? "B0" : "A0");
    side.value.sub_(side.gradient, kRate);
    run.adapters->prepare();
    const Tensor wanted = down ? -kRate * g.matmul(a.t()).matmul(a) : -kRate * b.matmul(b.t()).matmul(g);
    EXPECT_LT((dense_update(*run.adapters, 0) - wanted).abs().max().item<double>(), 1e-14) << sketch;
  }
}

// AdamW's first step is the rate's size in every entry; a link that begins late has first steps too.
TEST(RacLora, ALinkBeginsWithMomentsOfItsOwnAndARateThatRises) {
  for (const double rewarm : {0.0, 4.0}) {
    Trained run("raclora", {{"rank", 1}, {"alpha", 1.0}, {"links", 2}, {"rewarm", rewarm}}, 20);
    for (std::int64_t step = 1; step <= 10; ++step) run.step(step);
    EXPECT_NE(run.controller->take_news().find("link 2 of 2"), std::string::npos);
    run.step(11);
    const Tensor first = run.adapters->slot(0, "B1").value.abs();
    const double wanted = rewarm > 0 ? kRate / 4 : kRate;
    EXPECT_LT((first - wanted).abs().max().item<double>(), 1e-9) << rewarm;
  }
}

TEST(XgbLora, EveryLinkWorksInItsShareOfTheLayers) {
  Trained run("xgblora", {{"links", 4}, {"layer_share", 0.5}}, 40, 6);
  std::set<std::vector<bool>> drawn;
  for (std::int64_t step = 1; step <= 40; ++step) {
    const auto link = static_cast<std::size_t>((step - 1) / 10);
    std::vector<bool> works;
    for (std::size_t i = 0; i < 6; ++i) works.push_back(run.states(i)[link] == 2);
    EXPECT_EQ(std::count(works.begin(), works.end(), true), 3) << step;
    drawn.insert(works);
    const Tensor before = run.adapters->params().clone();
    run.step(step);
    const Tensor moved = (run.adapters->params() - before).abs();
    for (std::size_t i = 0; i < 6; ++i)
      EXPECT_EQ(run.adapters->same_place(moved, i, link_slot("B", static_cast<std::int64_t>(link))).sum().item<double>() > 0, works[i]) << step << " " << i;
  }
  EXPECT_GT(drawn.size(), 1U);
}

// The objective of the paper's section 3 is the loss and the squared norms of the link that is trained: differences of that sum, in double precision.
TEST(XgbLora, ThePenaltyIsTheGradientOfTheTrainedLinksNorms) {
  constexpr double kPenalty = 0.03;
  Trained run("xgblora", {{"links", 2}, {"layer_share", 0.5}, {"norm_penalty", kPenalty}}, 20, 4);
  for (std::int64_t step = 1; step <= 12; ++step) run.step(step);  // in the second link, the first has settled
  const auto objective = [&] {
    run.adapters->prepare();
    double sum = run.loss();
    for (std::size_t i = 0; i < run.adapters->size(); ++i)
      if (run.states(i)[1] == 2)
        for (const char* side : {"A", "B"}) sum += kPenalty * run.adapters->slot(i, link_slot(side, 1)).value.square().sum().item<double>();
    return sum;
  };
  run.gradients();
  std::size_t trained = 0;
  for (std::size_t i = 0; i < run.adapters->size(); ++i)
    for (const char* side : {"A", "B"}) {
      if (run.states(i)[1] != 2) continue;
      const Tensor gradient = run.adapters->slot(i, link_slot(side, 1)).gradient.clone().flatten(), values = run.adapters->slot(i, link_slot(side, 1)).value.flatten();
      for (std::int64_t k = 0; k < values.size(0); ++k) {
        constexpr double kStep = 1e-6;  // central differences: their error is of the order of its square, 1e-9 with rounding
        const double here = values[k].item<double>();
        values[k].fill_(here + kStep);
        const double above = objective();
        values[k].fill_(here - kStep);
        const double below = objective();
        values[k].fill_(here);
        EXPECT_NEAR(gradient[k].item<double>(), (above - below) / (2 * kStep), 1e-7) << side << k;
      }
      ++trained;
    }
  EXPECT_EQ(trained, 4U);
}

TEST(Chains, RefuseMoreLinksThanStepsAndAnAdapterThatHasBegunAChain) {
  Trained run("raclora", {{"rank", 1}, {"links", 3}}, 6);
  EXPECT_NE(make_controller(*run.adapters, {}, 2).status().message().find("links = 3"), std::string::npos);
  for (std::int64_t step = 1; step <= 3; ++step) run.step(step);
  const Status again = (*make_controller(*run.adapters, run.rule->state(), 6))->begin(*run.adapters, run.generator);
  ASSERT_FALSE(again.ok());
  EXPECT_NE(again.message().find("settled"), std::string::npos) << again.message();
}

const Json kGrowth = {{"rank", 1}, {"alpha", 4.0}, {"grown_rank", 2}, {"most_rank", 4}, {"grow_start", 2}, {"grow_end", 4}, {"grow_every", 3}, {"orthogonality", 0.0}, {"rewarm", 0.0}};

// Against the matrices themselves: |dW o P G| with P the projection onto the rows of A.
TEST(IncreLora, CountsAMatrixByItsUpdateTimesItsGradient) {
  Trained run("increlora", kGrowth, 20);
  for (std::int64_t step = 1; step <= 2; ++step) run.step(step);
  const Tensor before = run.controller->state()[0].second.clone();
  run.gradients();
  std::vector<double> wanted;
  for (std::size_t i = 0; i < 2; ++i) {
    const Tensor a = at::cat({run.adapters->slot(i, "A0").value, run.adapters->slot(i, "A1").value});  // at work, and in reserve
    const Tensor update = dense_update(*run.adapters, i), g = (update - run.goals[i]).matmul(at::linalg_pinv(a)).matmul(a);
    wanted.push_back((update * g).abs().sum().item<double>() / std::sqrt(static_cast<double>(kOut * kIn)));
  }
  run.update(3);
  const Tensor after = run.controller->state()[0].second;
  for (std::size_t i = 0; i < 2; ++i) {
    const auto at = static_cast<std::int64_t>(i);
    EXPECT_NEAR((after[at] - 0.85 * before[at]).item<double>() / 0.15, wanted[i], 1e-5 * wanted[i]) << i;  // kept in float32
  }
}

TEST(IncreLora, GrowsWhereItCountsUntilAllRanksAreGiven) {
  Trained run("increlora", kGrowth, 20, 4);
  run.goals[2] *= 30;  // this one has most to learn
  std::string last;
  std::int64_t before = 4;
  for (std::int64_t step = 1; step <= 20; ++step) {
    const Tensor reserve = run.states(0)[1] == 3 ? run.adapters->slot(0, "E1").value.clone() : Tensor();
    run.step(step);
    if (reserve.defined() && run.states(0)[1] == 3) {
      EXPECT_TRUE(reserve.equal(run.adapters->slot(0, "E1").value)) << "trained ahead, under a strength that stays";
    }
    std::int64_t ranks = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const auto states = run.states(i);
      ranks += std::count(states.begin(), states.end(), 2);
    }
    EXPECT_GE(ranks, before) << step;
    EXPECT_LE(ranks, 8);
    before = ranks;
    if (const std::string news = run.controller->take_news(); !news.empty()) last = news;
  }
  EXPECT_EQ(before, 8) << "grown_rank 2 x 4 matrices";
  const auto ranks = run.controller->ranks(*run.adapters);
  EXPECT_EQ(std::accumulate(ranks.begin(), ranks.end(), std::int64_t{0}), 8);
  const auto most = run.states(2);
  EXPECT_GT(std::count(most.begin(), most.end(), 2), 2) << "more than the mean";
  for (std::size_t i = 0; i < 4; ++i)
    for (const int state : run.states(i)) EXPECT_NE(state, 3) << "nothing is left in reserve";
  EXPECT_NE(last.find("growth is over"), std::string::npos) << last;
}

TEST(IncreLora, RefusesRanksThatDoNotFitAndTimesThatLeaveNoStep) {
  const MethodPreset* preset = *find_preset("increlora");
  Base base(random_double({kOut, kIn}, 1));
  const auto settings = complete_settings(preset->descriptor.settings, {{"rank", 4}, {"grown_rank", 2}}, "method");
  const auto set = AdapterSet::create(*preset, *settings, {{{"q_proj", "q_proj", 0, kOut, kIn}, 4, 1.0, &base}});
  ASSERT_FALSE(set.ok());
  EXPECT_NE(set.status().message().find("grown_rank = 2"), std::string::npos) << set.status().message();
  Json late = kGrowth;
  late["grow_start"] = 0.7;
  late["grow_end"] = 0.4;
  const auto complete = complete_settings(preset->descriptor.settings, late, "method");
  auto adapters = std::move(*AdapterSet::create(*preset, *complete, {{{"q_proj", "q_proj", 0, kOut, kIn}, 1, 1.0, &base}}, at::kDouble));
  const auto controller = make_controller(*adapters, {}, 10);
  ASSERT_FALSE(controller.ok());
  EXPECT_NE(controller.status().message().find("10 steps"), std::string::npos);
}

// The step with new directions, in the paper's own terms: K = U S and L = V S' move by gradient descent, U^ spans U and gK, V^ spans V and gL, and the
// new core holds S - lr gS, L^ on the new columns of V and K^ on the new ones of U.
TEST(GeoLora, AddsTheDirectionsOfTheGradientAsDefined) {
  Trained run("geolora", {{"rank", 2}, {"alpha", 2.0}, {"most_rank", 5}, {"turn_every", 2}}, 10, 1);
  run.adapters->slot(0, "S").value.narrow(0, 0, 2).narrow(1, 0, 2).copy_(random_double({2, 2}, 7));
  run.gradients();
  const Tensor U = run.adapters->slot(0, "U").value.narrow(0, 0, 2).t().clone(), V = run.adapters->slot(0, "V").value.narrow(1, 0, 2).clone();
  const Tensor S = run.adapters->slot(0, "S").value.narrow(0, 0, 2).narrow(1, 0, 2).clone(), G = dense_update(*run.adapters, 0) - run.goals[0];  // s = 1
  const Tensor gK = G.t().matmul(V), gL = G.matmul(U), gS = U.t().matmul(G.t()).matmul(V);
  const Tensor K = U.matmul(S) - kRate * gK, L = V.matmul(S.t()) - kRate * gL;
  const auto off = [](const Tensor& basis, int size) { return at::eye(size, at::kDouble) - basis.matmul(basis.t()); };
  const auto onto = [](const Tensor& x) { return x.matmul(at::linalg_pinv(x)); };
  const Tensor new_u = onto(off(U, kIn).matmul(gK)), new_v = onto(off(V, kOut).matmul(gL));   // projections onto what is new
  const Tensor wanted = V.matmul((S - kRate * gS).t()).matmul(U.t()) + new_v.matmul(L).matmul(U.t()) + V.matmul(K.t()).matmul(new_u);
  {
    const at::NoGradGuard no_grad;
    run.controller->before_update(*run.adapters, run.info(2));
  }
  run.adapters->prepare();
  EXPECT_EQ(run.adapters->slot(0, "rank").value.item<double>(), 4);
  EXPECT_LT((dense_update(*run.adapters, 0) - wanted).abs().max().item<double>(), 1e-12);
  const Tensor u = run.adapters->slot(0, "U").value.narrow(0, 0, 4), v = run.adapters->slot(0, "V").value.narrow(1, 0, 4), one = at::eye(4, at::kDouble);
  EXPECT_LT((u.matmul(u.t()) - one).abs().max().item<double>(), 1e-12);
  EXPECT_LT((v.t().matmul(v) - one).abs().max().item<double>(), 1e-12);
}

TEST(GeoLora, DropsAsManyDirectionsAsTheToleranceAllows) {
  for (const auto& [tolerance, kept] : {std::pair{0.15, 3}, {0.001, 4}, {0.9, 2}}) {
    Trained run("geolora", {{"rank", 4}, {"alpha", 4.0}, {"most_rank", 4}, {"turn_every", 4}, {"tolerance", tolerance}}, 20, 1);
    const Tensor p = std::get<0>(at::linalg_qr(random_double({4, 4}, 3))), q = std::get<0>(at::linalg_qr(random_double({4, 4}, 4)));
    const Tensor sizes = at::tensor({2.0, 1.0, 0.5, 0.05}, at::kDouble);
    run.adapters->slot(0, "S").value.copy_((p * sizes).matmul(q));
    run.adapters->prepare();
    const Tensor before = dense_update(*run.adapters, 0);
    {
      const at::NoGradGuard no_grad;
      run.controller->after_update(*run.adapters, run.info(7));  // three quarters of the way from 4 to 8
    }
    run.adapters->prepare();
    EXPECT_EQ(run.adapters->slot(0, "rank").value.item<double>(), kept) << tolerance;
    const double lost = (dense_update(*run.adapters, 0) - before).norm().item<double>(), wanted = sizes.narrow(0, kept, 4 - kept).norm().item<double>();
    EXPECT_NEAR(lost, wanted, 1e-12) << tolerance;
    EXPECT_EQ(run.adapters->factors(0).right.size(0), kept);
    EXPECT_EQ(run.controller->ranks(*run.adapters), std::vector<std::int64_t>{kept});
  }
}

// From rank 2 to a goal of rank 4, and no further; AdamW comes to rest with a rate that falls.
TEST(GeoLora, FindsTheRankOfWhatThereIsToLearn) {
  Trained run("geolora", {{"rank", 2}, {"alpha", 2.0}, {"most_rank", 6}, {"turn_every", 20}, {"tolerance", 0.01}}, 1200, 1);
  const Tensor p = std::get<0>(at::linalg_qr(random_double({kOut, 4}, 5))), q = std::get<0>(at::linalg_qr(random_double({kIn, 4}, 6)));
  run.goals[0] = (p * at::tensor({4.0, 3.0, 2.0, 1.5}, at::kDouble)).matmul(q.t());
  for (std::int64_t step = 1; step <= 1196; ++step) {  // ends where the last directions were dropped
    run.rate = kRate * static_cast<double>(run.total - step) / static_cast<double>(run.total);
    run.step(step);
  }
  EXPECT_EQ(run.adapters->slot(0, "rank").value.item<double>(), 4);
  EXPECT_LT(run.loss(), 1e-3);
}

TEST(GeoLora, RefusesMoreDirectionsThanAMatrixHas) {
  const MethodPreset* preset = *find_preset("geolora");
  Base base(random_double({kOut, kIn}, 1));
  const auto settings = complete_settings(preset->descriptor.settings, {{"rank", 7}}, "method");
  const auto set = AdapterSet::create(*preset, *settings, {{{"q_proj", "q_proj", 0, kOut, kIn}, 7, 1.0, &base}});
  ASSERT_FALSE(set.ok());
  EXPECT_NE(set.status().message().find("6 at most"), std::string::npos) << set.status().message();
}

}  // namespace
}  // namespace weft
