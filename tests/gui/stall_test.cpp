// SPDX-License-Identifier: GPL-3.0-or-later
// The window answers while events flood in: the longest gap between two turns of the event loop stays under 50 ms.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>

#include "tests/gui/gui_test.h"
#include "tests/gui/scripted_engine.h"
#include "ui/bridge/event_pump.h"

namespace weft::test {
namespace {

using namespace weft::ui;

constexpr int kFlood = 100000;

TEST(Pump, LosesNothingThatCountsAndKeepsTheLoopTurning) {
  EventPump pump;
  std::int64_t steps = 0, checkpoints = 0, last = 0;
  quint64 dropped = 0;
  bool ordered = true, over = false;
  QObject::connect(&pump, &EventPump::events, &pump, [&](const std::vector<Event>& events, quint64 lost) {
    dropped = lost;
    for (const auto& event : events) {
      if (const auto* step = std::get_if<StepEvent>(&event)) {
        ordered = ordered && step->step > last;
        last = step->step;
        ++steps;
      }
      checkpoints += std::holds_alternative<CheckpointEvent>(event);
      over = over || std::holds_alternative<FinishedEvent>(event);
    }
  });
  std::thread engine([sink = pump.sink()] {
    for (int i = 1; i <= kFlood; ++i) {
      sink->on_event(StepEvent{.step = i});
      if (i % 100 == 0) sink->on_event(CheckpointEvent{.step = i});
    }
    sink->on_event(FinishedEvent{.outcome = "done", .step = kFlood});
  });
  const LoopWatch watch;
  EXPECT_TRUE(wait_until([&] { return over; }, 60000));
  engine.join();
  EXPECT_TRUE(ordered);
  EXPECT_EQ(checkpoints, kFlood / 100);
  EXPECT_EQ(steps + static_cast<std::int64_t>(dropped), kFlood);
  std::printf("%lld of %d steps dropped for the window\n", static_cast<long long>(dropped), kFlood);
  watch.expect_below(50);
}

TEST(Pump, MayDieBeforeItsSink) {
  auto pump = std::make_unique<EventPump>();
  const auto sink = pump->sink();
  std::atomic<bool> end = false;
  std::thread engine([&] {
    while (!end) sink->on_event(StepEvent{});
  });
  QTest::qWait(5);
  pump.reset();
  end = true;
  engine.join();
  SUCCEED();
}

}  // namespace
}  // namespace weft::test
