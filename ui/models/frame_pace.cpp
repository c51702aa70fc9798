// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/frame_pace.h"

#include <algorithm>
#include <cmath>
#include <ctime>

namespace weft::ui {

int FramePace::wait(double wallMs, double cpuMs) {
  const double pause = std::min((cpuMs - m_cpuMs) / m_share, static_cast<double>(kLongestMs)) - (wallMs - m_wallMs);
  if (pause > 0) return static_cast<int>(std::ceil(pause));
  m_wallMs = wallMs;
  m_cpuMs = cpuMs;
  return 0;
}

double threadCpuMs() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

}  // namespace weft::ui
