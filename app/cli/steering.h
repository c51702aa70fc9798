// SPDX-License-Identifier: GPL-3.0-or-later
// Steers the run in progress by lines of standard input: a word for each control, or an edit as --edit has it. What was done, and what could not be,
// is said on stderr.
#pragma once

#include <atomic>
#include <string>
#include <thread>

#include "app/run/run_service.h"

namespace weft::cli {

class Steering {
 public:
  explicit Steering(RunService& service);
  ~Steering();
  Steering(const Steering&) = delete;
  Steering& operator=(const Steering&) = delete;

  // Listens on a thread of its own until it dies or the input ends. Nobody can continue a paused run then: one that was paused by a line goes on,
  // one that paused by itself is stopped and saved. Once a run is there.
  void begin() { thread_ = std::thread([this] { listen(); }); }
  // The run has paused by itself. False: nobody is there any more to answer that. Any thread.
  [[nodiscard]] bool paused_by_itself();
  // stop or abandon came: the run has not ended by itself. Any thread.
  [[nodiscard]] bool asked_to_end() const { return asked_to_end_; }

  static const char* help();   // of the option

 private:
  void listen();
  void obey(const std::string& line);
  void input_ended();
  RunService& service_;
  const int end_;              // readable once this dies
  std::atomic<bool> asked_to_end_ = false, ended_ = false, waits_ = false;   // waits: paused by itself
  bool paused_ = false;        // by a line
  std::thread thread_;
};

}  // namespace weft::cli
