// SPDX-License-Identifier: GPL-3.0-or-later
// What the window tests share: an application without a display, waiting on a condition, a temporary home.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <thread>

#include <QApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

namespace weft::test {

// Runs the event loop until `condition` holds; false after the time is over.
[[nodiscard]] inline bool wait_until(const std::function<bool()>& condition, int timeout_ms = 20000) {
  QElapsedTimer clock;
  clock.start();
  while (!condition()) {
    if (clock.hasExpired(timeout_ms)) return false;
    QTest::qWait(5);
  }
  return true;
}

// Watches the event loop: the longest time between two of its turns, by the clock and in processor time of this thread.
class LoopWatch {
 public:
  LoopWatch() {
    m_wall.start();
    m_before_cpu = cpu_ms();
    QObject::connect(&m_beat, &QTimer::timeout, &m_beat, [this] {
      const double wall = static_cast<double>(m_wall.nsecsElapsed()) / 1e6, cpu = cpu_ms();
      longest_wall_ms = std::max(longest_wall_ms, wall - m_before_wall);
      longest_cpu_ms = std::max(longest_cpu_ms, cpu - m_before_cpu);
      m_before_wall = wall;
      m_before_cpu = cpu;
    });
    m_beat.start(1);
  }
  // The work between two turns is bounded always; the clock only where the machine is free enough to be asked.
  void expect_below(double ms) const {
    double load[1] = {0};
    const bool busy = getloadavg(load, 1) == 1 && load[0] > static_cast<double>(std::thread::hardware_concurrency());
    std::printf("longest gap of the event loop %.1f ms, of that %.1f ms work%s\n", longest_wall_ms, longest_cpu_ms,
                busy ? " (the machine is busy: only the work is judged)" : "");
    EXPECT_LT(longest_cpu_ms, ms);
    if (!busy) {
      EXPECT_LT(longest_wall_ms, ms);
    }
  }
  double longest_wall_ms = 0, longest_cpu_ms = 0;

 private:
  static double cpu_ms() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
  }
  QElapsedTimer m_wall;
  double m_before_wall = 0, m_before_cpu = 0;
  QTimer m_beat;
};

inline std::string text_of(const QString& text) { return text.toStdString(); }

}  // namespace weft::test
