// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tensor/phase_clock.h"

#include <chrono>
#include <cstdint>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace weft {
namespace {

using Clock = std::chrono::steady_clock;

// The counter of x86 ticks at a constant rate that no instruction tells: ticks become seconds by what steady_clock saw of the same stretch.
std::uint64_t ticks() {
#if defined(__x86_64__)
  return __rdtsc();
#else
  return static_cast<std::uint64_t>(Clock::now().time_since_epoch().count());
#endif
}

struct PhaseClock {
  ByPhase<std::uint64_t> spent{};
  Phase phase = Phase::Other;
  Clock::time_point began = Clock::now();
  std::uint64_t began_ticks = ticks();
  std::uint64_t last = began_ticks;

  Phase turn(Phase next) {
    const std::uint64_t now = ticks();
    spent[phase_index(phase)] += now - last;
    last = now;
    const Phase before = phase;
    phase = next;
    return before;
  }
};

PhaseClock& clock_of_thread() {
  thread_local PhaseClock clock;
  return clock;
}

}  // namespace

PhaseScope::PhaseScope(Phase phase) : before_(clock_of_thread().turn(phase)) {}

PhaseScope::~PhaseScope() { clock_of_thread().turn(before_); }

ByPhase<double> take_phase_seconds() {
  PhaseClock& clock = clock_of_thread();
  clock.turn(clock.phase);
  const auto now = Clock::now();
  const auto passed_ticks = clock.last - clock.began_ticks;
  const double seconds_a_tick =
      passed_ticks == 0 ? 0 : std::chrono::duration<double>(now - clock.began).count() / static_cast<double>(passed_ticks);
  ByPhase<double> seconds{};
  for (std::size_t i = 0; i < kPhases; ++i) seconds[i] = static_cast<double>(clock.spent[i]) * seconds_a_tick;
  clock.spent = {};
  clock.began = now;
  clock.began_ticks = clock.last;
  return seconds;
}

}  // namespace weft
