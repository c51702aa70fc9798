// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/signals.h"

#include <unistd.h>
#include <csignal>
#include <ctime>

#include "app/cli/call.h"

namespace weft::cli {
namespace {

sigset_t stop_set() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

StopSignals::StopSignals(std::function<void(int)> stop) : stop_(std::move(stop)) {
  const sigset_t set = stop_set();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // a reader that went away must not kill a run
  thread_ = std::jthread([this](const std::stop_token& end) { loop(end); });
}

StopSignals::~StopSignals() {
  thread_.request_stop();
  thread_.join();
  const sigset_t set = stop_set();
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void StopSignals::loop(const std::stop_token& end) {
  const sigset_t set = stop_set();
  while (!end.stop_requested()) {
    const timespec wait{0, 100'000'000};
    if (::sigtimedwait(&set, nullptr, &wait) > 0) {
      const int count = ++count_;
      if (count > 2) ::_exit(kInterrupted);
      stop_(count);
    } else if (wanted_.exchange(false)) {
      stop_(1);
    }
  }
}

}  // namespace weft::cli
