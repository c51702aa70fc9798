// SPDX-License-Identifier: GPL-3.0-or-later
// How a running job hears what it was told. Any thread sets; the engine thread reads between micro-batches and steps.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

#include "engine/api/engine.h"

namespace weft {

class JobControl {
 public:
  void set(Control control);

  [[nodiscard]] bool abandoned() const;
  [[nodiscard]] bool stopped() const;          // Stop or Abandon
  [[nodiscard]] bool pause_wanted() const;
  // True once for each Checkpoint asked for.
  [[nodiscard]] bool take_checkpoint_wish();
  // The same of Sample.
  [[nodiscard]] bool take_sample_wish();

  // The job pauses by itself (non-finite loss).
  void pause();
  // Blocks while paused. Wakes for wishes and for tasks of the engine (both given to `idle`, which runs on the calling
  // thread). Returns when continued, stopped or abandoned.
  void wait_while_paused(const std::function<void()>& idle);
  // Wakes wait_while_paused() so that it calls `idle`.
  void poke();

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool paused_ = false, stop_ = false, abandon_ = false, checkpoint_ = false, sample_ = false, poked_ = false;  // guarded by mutex_
};

}  // namespace weft
