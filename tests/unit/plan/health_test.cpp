// SPDX-License-Identifier: GPL-3.0-or-later
// Each notice on a series made for it, and on the nearest one that must not have it.
#include "engine/api/health.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace weft {
namespace {

using Kind = HealthNotice::Kind;
using Function = std::function<double(double)>;

HealthSeries::Values values(int from, int to, int every, const Function& f) {
  HealthSeries::Values v;
  for (int step = from; step <= to; step += every) {
    v.steps.push_back(step);
    v.values.push_back(f(step));
  }
  return v;
}
// A run whose loss falls, with its own small noise that is the same every time.
double falling(double step) { return 1.5 + std::exp(-step / 60) + 0.02 * std::sin(step * 12.9898); }
HealthSeries healthy() {
  HealthSeries s;
  s.loss = values(1, 200, 1, falling);
  s.held_out = values(0, 200, 20, [](double step) { return falling(step) + 0.1; });
  s.lr = values(1, 200, 1, [](double) { return 2e-4; });
  for (int step = 0; step <= 200; step += 10) {
    HealthSeries::Spectra at{step, {}};
    for (const char* site : {"a", "b"}) {
      const auto size = static_cast<float>(std::sqrt(step));
      at.sites.push_back({site, {size, 0.8F * size, 0.7F * size, 0.6F * size}});
    }
    s.spectra.push_back(at);
  }
  return s;
}
const HealthNotice* find(const std::vector<HealthNotice>& notices, Kind kind) {
  for (const auto& n : notices)
    if (n.kind == kind) return &n;
  return nullptr;
}
std::string text(const HealthSeries& s, Kind kind) {
  const auto notices = health_notices(s);
  const auto* n = find(notices, kind);
  return n ? n->text : "";
}

TEST(Health, AHealthyRunAndAnEmptyOneGiveNoNotice) {
  EXPECT_TRUE(health_notices(healthy()).empty()) << health_notices(healthy()).front().text;
  EXPECT_TRUE(health_notices({}).empty());
}

TEST(Health, ARankOneSpikeIsADirectionThatTakesOver) {
  HealthSeries s = healthy();
  s.spectra.back().sites[1].values[0] *= 20;
  EXPECT_NE(text(s, Kind::RankOneSpike).find("in 1 of 2 matrices; most at b"), std::string::npos) << text(s, Kind::RankOneSpike);
  for (auto& at : s.spectra) at.sites[1].values[0] = 20 * at.sites[1].values[1];   // from the first on: it never was spread
  EXPECT_EQ(text(s, Kind::RankOneSpike), "");
}

TEST(Health, DeadDirectionsAreAQuarterOfTheRanksWithoutSize) {
  HealthSeries s = healthy();
  for (auto& site : s.spectra.back().sites) site.values[3] = 1e-4F * site.values[0];
  EXPECT_NE(text(s, Kind::DeadDirections).find("2 of 8 directions (25 %), in 2 matrices"), std::string::npos) << text(s, Kind::DeadDirections);
  HealthSeries by_method = s;
  by_method.ranks_are_taken_away = true;
  EXPECT_EQ(text(by_method, Kind::DeadDirections), "");
  s.spectra.back().sites[0].values[3] = s.spectra.back().sites[0].values[2];   // one of eight
  EXPECT_EQ(text(s, Kind::DeadDirections), "");
  HealthSeries young = healthy();
  young.spectra.resize(4);
  for (auto& site : young.spectra.back().sites) site.values[3] = 0;
  EXPECT_EQ(text(young, Kind::DeadDirections), "") << "they still come up";
}

TEST(Health, ANormRunawayGrowsFasterThanItsSteps) {
  const auto grow = [](const Function& f) {
    HealthSeries s = healthy();
    for (auto& at : s.spectra) at.sites[0].values = {static_cast<float>(f(static_cast<double>(at.step))), 0, 0, 0};
    return s;
  };
  EXPECT_NE(text(grow([](double step) { return step * step; }), Kind::NormRunaway).find("From step 100 to 200"), std::string::npos);
  EXPECT_EQ(text(grow([](double step) { return step; }), Kind::NormRunaway), "") << "steps in one direction";
  HealthSeries rising = grow([](double step) { return step * step; });
  rising.lr = values(1, 200, 1, [](double step) { return 1e-6 * step; });
  EXPECT_EQ(text(rising, Kind::NormRunaway), "") << "the rate itself rises";
}

TEST(Health, APlateauIsAFallThatTheNoiseCouldHide) {
  HealthSeries s = healthy();
  s.loss = values(1, 200, 1, [](double step) { return 2.0 + 0.02 * std::sin(step * 12.9898); });
  EXPECT_NE(text(s, Kind::Plateau).find("over steps 121 to 160 and 2"), std::string::npos) << text(s, Kind::Plateau);
  HealthSeries ended = s;
  ended.lr = values(1, 200, 1, [](double step) { return 2e-4 * (1 - step / 201); });
  EXPECT_EQ(text(ended, Kind::Plateau), "") << "the schedule is at its end";
  HealthSeries young = s;
  young.loss = values(1, 60, 1, [](double) { return 2.0; });
  EXPECT_EQ(text(young, Kind::Plateau), "");
}

TEST(Health, AnOverfitGapIsAHeldOutLossThatRisesWhileTrainingFalls) {
  HealthSeries s = healthy();
  s.held_out = values(0, 200, 20, [](double step) { return 2 + 0.001 * std::abs(step - 80); });
  EXPECT_NE(text(s, Kind::OverfitGap).find("is 2.12 at step 200; its lowest was 2 at step 80"), std::string::npos) << text(s, Kind::OverfitGap);
  HealthSeries once = s;   // one odd value is none
  once.held_out = values(0, 200, 20, [](double step) { return step == 200 ? 3.0 : falling(step); });
  EXPECT_EQ(text(once, Kind::OverfitGap), "");
  HealthSeries both = s;   // the training loss rises too: that is something else
  both.loss = values(1, 200, 1, [](double step) { return 1.5 + 0.001 * std::abs(step - 80); });
  EXPECT_EQ(text(both, Kind::OverfitGap), "");
}

}  // namespace
}  // namespace weft
