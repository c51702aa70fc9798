// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tensor/phase_clock.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <set>
#include <string>
#include <thread>

namespace weft {
namespace {

using Clock = std::chrono::steady_clock;

void work_for(double ms) {
  const auto begin = Clock::now();
  while (std::chrono::duration<double, std::milli>(Clock::now() - begin).count() < ms) {
  }
}

double& of(ByPhase<double>& seconds, Phase phase) { return seconds[phase_index(phase)]; }

TEST(PhaseClock, GivesTimeToTheInnermostScope) {
  (void)take_phase_seconds();
  {
    const PhaseScope linears(Phase::Linears);
    work_for(3);
    {
      const PhaseScope attention(Phase::Attention);
      work_for(6);
    }
    work_for(3);
  }
  work_for(2);
  auto seconds = take_phase_seconds();
  // lower bounds are sure, whatever else the machine does; the sum says that nothing was counted twice
  EXPECT_GE(of(seconds, Phase::Linears), 5.9e-3);
  EXPECT_GE(of(seconds, Phase::Attention), 5.9e-3);
  EXPECT_GE(of(seconds, Phase::Other), 1.9e-3);
  EXPECT_EQ(of(seconds, Phase::Head), 0);
  EXPECT_EQ(of(seconds, Phase::Elementwise), 0);
}

TEST(PhaseClock, PhasesAddUpToTheTimeThatPassed) {
  (void)take_phase_seconds();
  const auto begin = Clock::now();
  for (int i = 0; i < 20; ++i) {
    const PhaseScope head(Phase::Head);
    work_for(0.3);
    const PhaseScope optimizer(Phase::Optimizer);
    work_for(0.2);
  }
  const auto seconds = take_phase_seconds();
  const double passed = std::chrono::duration<double>(Clock::now() - begin).count();
  const double sum = std::accumulate(seconds.begin(), seconds.end(), 0.0);
  EXPECT_LE(sum, passed * 1.001 + 1e-5);
  EXPECT_GE(sum, 10e-3 * 0.999);
}

TEST(PhaseClock, StartsAnewWhenRead) {
  {
    const PhaseScope scope(Phase::Adapter);
    work_for(2);
    auto seconds = take_phase_seconds();   // within a scope: what passed so far
    EXPECT_GE(of(seconds, Phase::Adapter), 1.9e-3);
    work_for(1);
  }
  auto seconds = take_phase_seconds();
  EXPECT_GE(of(seconds, Phase::Adapter), 0.9e-3);
  seconds = take_phase_seconds();
  EXPECT_EQ(of(seconds, Phase::Adapter), 0);
}

TEST(PhaseClock, IsOfOneThread) {
  (void)take_phase_seconds();
  std::thread([] {
    const PhaseScope scope(Phase::Attention);
    work_for(2);
  }).join();
  auto seconds = take_phase_seconds();
  EXPECT_EQ(of(seconds, Phase::Attention), 0);
}

TEST(PhaseClock, CostsLittle) {
  constexpr int kScopes = 20000;
  double best = 1e9;
  for (int round = 0; round < 20; ++round) {
    const auto begin = Clock::now();
    for (int i = 0; i < kScopes; ++i) const PhaseScope scope(Phase::Elementwise);
    best = std::min(best, std::chrono::duration<double, std::nano>(Clock::now() - begin).count() / kScopes);
  }
  RecordProperty("nanoseconds", std::to_string(best));
  EXPECT_LT(best, 200);   // about 20 measured; a virtual machine that traps the counter would need thousands
}

TEST(PhaseNames, AreDistinct) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < kPhases; ++i) names.insert(phase_name(static_cast<Phase>(i)));
  EXPECT_EQ(names.size(), kPhases);
  EXPECT_EQ(names.count("unknown"), 0u);
}

}  // namespace
}  // namespace weft
