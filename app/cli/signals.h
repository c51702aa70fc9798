// SPDX-License-Identifier: GPL-3.0-or-later
// SIGINT and SIGTERM as requests to a run: the first stops and saves, the second abandons, the third ends the process.
// Make it before any other thread, so that all inherit the blocked signals. One at a time.
#pragma once

#include <atomic>
#include <functional>
#include <thread>

namespace weft::cli {

class StopSignals {
 public:
  // `stop(n)` on an own thread: n = 1 for the first request, 2 for the second.
  explicit StopSignals(std::function<void(int)> stop);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  [[nodiscard]] bool interrupted() const { return count_ > 0; }  // by a signal
  [[nodiscard]] int count() const { return count_; }
  void request_stop() { wanted_ = true; }  // from any thread, as the first signal but no interruption

 private:
  void loop(const std::stop_token& end);

  std::function<void(int)> stop_;
  std::atomic<int> count_{0};
  std::atomic<bool> wanted_{false};
  std::jthread thread_;
};

}  // namespace weft::cli
