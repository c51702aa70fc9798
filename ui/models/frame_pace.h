// SPDX-License-Identifier: GPL-3.0-or-later
// When the next frame of what moves by itself may be drawn, so that the window takes a small share of the machine from the training it shows,
// however fast the steps come: a frame that cost much is followed by a longer pause. What a person does is never made to wait. One thread.
#pragma once

namespace weft::ui {

class FramePace final {
 public:
  static constexpr double kShare = 0.015;   // of all processors; 2 % is what training may be slowed by
  static constexpr int kLongestMs = 500;    // between two frames, whatever they cost

  explicit FramePace(int processors) : m_share(kShare * (processors > 1 ? processors : 1)) {}

  // Both clocks only grow: the time, and the processor time that the drawing thread has used. Milliseconds that the next frame waits still;
  // 0: it is drawn now.
  [[nodiscard]] int wait(double wallMs, double cpuMs);

 private:
  const double m_share;                     // of one processor
  double m_wallMs = -1e9, m_cpuMs = 0;      // at the last frame
};

// Processor time that this thread has used.
[[nodiscard]] double threadCpuMs();

}  // namespace weft::ui
