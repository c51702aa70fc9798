// SPDX-License-Identifier: GPL-3.0-or-later
// Shows a run while it goes on: a bar on a terminal, plain lines otherwise, JSON lines for programs, or nothing but
// warnings. Progress goes to stderr, JSON to stdout. on_event() on the engine thread.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "engine/api/event_channel.h"

namespace weft::cli {

class RunPrinter final : public EventSink {
 public:
  enum class Mode { Bar, Lines, Json, Quiet };
  [[nodiscard]] static Mode mode_for(bool json, bool quiet);

  // run_name: "r1", asked when the run has started. on_trouble: the engine paused the run by itself (its reason).
  RunPrinter(Mode mode, std::function<std::string()> run_name, std::function<void(const std::string&)> on_trouble);
  void on_event(const Event& event) override;

  [[nodiscard]] std::optional<double> first_eval() const { return first_eval_; }
  [[nodiscard]] std::optional<double> last_eval() const { return last_eval_; }
  [[nodiscard]] std::optional<double> last_loss() const { return last_loss_; }

 private:
  void show(const Event& event);
  void show_step(const StepEvent& step);
  void draw_bar(const StepEvent& step);
  void line(const std::string& text);  // above the bar
  [[nodiscard]] double seconds_left(const StepEvent& step) const;

  const Mode mode_;
  std::function<std::string()> run_name_;
  std::function<void(const std::string&)> on_trouble_;
  std::string name_;
  std::int64_t total_steps_ = 0, first_step_ = 1, checkpoint_ = 0;
  std::chrono::steady_clock::time_point training_since_{}, drawn_{};
  bool bar_shown_ = false;
  std::optional<double> first_eval_, last_eval_, last_loss_;
};

}  // namespace weft::cli
