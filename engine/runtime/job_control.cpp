// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/runtime/job_control.h"

namespace weft {

void JobControl::set(Control control) {
  const std::lock_guard lock(mutex_);
  switch (control) {
    case Control::Pause: paused_ = true; break;
    case Control::Continue: paused_ = false; break;
    case Control::Checkpoint: checkpoint_ = true; break;
    case Control::Sample: sample_ = true; break;
    case Control::Stop: stop_ = true; break;
    case Control::Abandon: abandon_ = true; break;
  }
  poked_ = true;
  changed_.notify_all();
}

bool JobControl::abandoned() const {
  const std::lock_guard lock(mutex_);
  return abandon_;
}

bool JobControl::stopped() const {
  const std::lock_guard lock(mutex_);
  return stop_ || abandon_;
}

bool JobControl::pause_wanted() const {
  const std::lock_guard lock(mutex_);
  return paused_ && !stop_ && !abandon_;
}

bool JobControl::take_checkpoint_wish() {
  const std::lock_guard lock(mutex_);
  return std::exchange(checkpoint_, false);
}

bool JobControl::take_sample_wish() {
  const std::lock_guard lock(mutex_);
  return std::exchange(sample_, false);
}

void JobControl::pause() {
  const std::lock_guard lock(mutex_);
  paused_ = true;
}

void JobControl::wait_while_paused(const std::function<void()>& idle) {
  std::unique_lock lock(mutex_);
  while (paused_ && !stop_ && !abandon_) {
    poked_ = false;
    lock.unlock();
    idle();
    lock.lock();
    changed_.wait(lock, [&] { return poked_ || !paused_ || stop_ || abandon_; });
  }
}

void JobControl::poke() {
  const std::lock_guard lock(mutex_);
  poked_ = true;
  changed_.notify_all();
}

}  // namespace weft
