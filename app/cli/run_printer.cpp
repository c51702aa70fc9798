// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/run_printer.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "app/cli/output.h"
#include "engine/core/text_util.h"

namespace weft::cli {
namespace {

constexpr std::size_t kBadRows = 3;
constexpr std::int64_t kLines = 100;  // step lines a run prints at most when there is no terminal
constexpr std::chrono::milliseconds kRedraw{100};

int terminal_width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

void to_stderr(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace

RunPrinter::Mode RunPrinter::mode_for(bool json, bool quiet) {
  if (json) return Mode::Json;
  if (quiet) return Mode::Quiet;
  return is_terminal(STDERR_FILENO) ? Mode::Bar : Mode::Lines;
}

RunPrinter::RunPrinter(Mode mode, std::function<std::string()> run_name,
                       std::function<void(const std::string&)> on_trouble)
    : mode_(mode), run_name_(std::move(run_name)), on_trouble_(std::move(on_trouble)) {}

void RunPrinter::on_event(const Event& event) {
  if (const auto* eval = std::get_if<EvalEvent>(&event)) {
    if (!first_eval_) first_eval_ = eval->loss;
    last_eval_ = eval->loss;
  }
  if (const auto* step = std::get_if<StepEvent>(&event)) last_loss_ = step->loss;
  if (const auto* saved = std::get_if<CheckpointEvent>(&event)) checkpoint_ = saved->step;
  if (mode_ == Mode::Json) {
    if (name_.empty()) name_ = run_name_();
    for (const auto& json : to_json_lines(event, name_)) print_json_line(json);
  }
  if (const auto* warning = std::get_if<WarningEvent>(&event)) line("warning: " + printable(warning->message));
  if (const auto* state = std::get_if<StateEvent>(&event);
      state && state->state == RunState::Paused && !state->message.empty()) {
    line("paused at step " + std::to_string(state->step) + ": " + printable(state->message));
    if (checkpoint_ > 0 && checkpoint_ < state->step)
      line(fmt::format("to go back instead: weft-cli resume PROJECT {} --from {} --edit lr=RATE, with a rate a third of the run's", run_name_(), checkpoint_));
    on_trouble_(state->message);
  }
  if (mode_ == Mode::Bar || mode_ == Mode::Lines) show(event);
}

void RunPrinter::show(const Event& event) {
  if (const auto* started = std::get_if<StartedEvent>(&event)) {
    total_steps_ = started->total_steps;
    first_step_ = started->first_step;
    training_since_ = std::chrono::steady_clock::now();
    line(fmt::format(
        "{} {} on {}: {} trainable parameters ({:.2g} %) in {} matrices, {} rows and {} held out, {} steps{}",
        run_name_(), printable(started->method), printable(started->model), grouped(started->trainable),
        100.0 * static_cast<double>(started->trainable) /
            static_cast<double>(std::max<std::int64_t>(started->total_parameters, 1)),
        started->sites.size(), grouped(started->rows), grouped(started->held_out_rows), grouped(started->total_steps),
        started->first_step > 1 ? fmt::format(", going on at step {}", started->first_step) : ""));
  } else if (const auto* found = std::get_if<PreflightEvent>(&event)) {
    line(fmt::format("preflight: the longest of {} batches, {} tokens, took {:.0f} ms; loss {}, peak {}", found->batches, found->tokens, found->ms,
                     significant(found->loss, 5), human_bytes(static_cast<double>(found->peak_bytes))));
  } else if (const auto* step = std::get_if<StepEvent>(&event)) {
    show_step(*step);
  } else if (const auto* eval = std::get_if<EvalEvent>(&event)) {
    line(fmt::format("step {}: loss on held-out rows {}, {:.1f} % of their tokens right", eval->step, significant(eval->loss, 5), 100 * eval->accuracy));
  } else if (const auto* samples = std::get_if<SamplesEvent>(&event)) {
    for (const auto& answer : samples->answers)
      line(fmt::format("step {}: {} -> {}", samples->step, quoted_excerpt(answer.prompt, 40), quoted_excerpt(answer.tuned, 120)));
  } else if (const auto* checkpoint = std::get_if<CheckpointEvent>(&event)) {
    line(fmt::format("step {}: checkpoint {} ({})", checkpoint->step, printable(checkpoint->path),
                     human_bytes(static_cast<double>(checkpoint->bytes))));
  } else if (const auto* bad = std::get_if<BadStepEvent>(&event)) {
    for (std::size_t i = 0; i < std::min(bad->rows.size(), kBadRows); ++i)
      line(fmt::format("step {}: its batch has a row of {} tokens: {}", bad->step, bad->rows[i].tokens, quoted_excerpt(bad->rows[i].text, 120)));
  } else if (const auto* edit = std::get_if<EditEvent>(&event)) {
    total_steps_ = edit->total_steps;
    line(fmt::format("step {}: from here on {}", edit->edit.step, printable(edit->text)));
  } else if (const auto* best = std::get_if<BestEvent>(&event)) {
    line(fmt::format("step {}: best so far, loss on held-out rows {}", best->step, significant(best->loss, 5)));
  } else if (const auto* state = std::get_if<StateEvent>(&event); state && state->state == RunState::Preparing) {
    line(printable(state->message.empty() ? "preparing: reading model and data" : state->message));
  } else if (std::holds_alternative<FinishedEvent>(event) && bar_shown_) {
    to_stderr("\n");
    bar_shown_ = false;
  }
}

void RunPrinter::show_step(const StepEvent& step) {
  if (mode_ == Mode::Bar) return draw_bar(step);
  const std::int64_t every = std::max<std::int64_t>(1, total_steps_ / kLines);
  if (step.step % every != 0 && step.step != total_steps_ && step.step != first_step_) return;
  line(fmt::format("step {}/{}  loss {}  lr {}  grad norm {}  {:.0f} tokens/s  {}  left {}", step.step, total_steps_,
                   significant(step.loss, 5), significant(step.lr, 3), significant(step.grad_norm, 3),
                   step.tokens_per_s, human_bytes(static_cast<double>(step.rss_bytes)), duration(seconds_left(step))));
}

void RunPrinter::draw_bar(const StepEvent& step) {
  const auto now = std::chrono::steady_clock::now();
  if (now - drawn_ < kRedraw && step.step != total_steps_) return;
  drawn_ = now;
  const std::string figures =
      fmt::format(" {}/{}  loss {}  lr {}  {:.0f} tok/s  {}  left {}", step.step, total_steps_,
                  significant(step.loss, 4), significant(step.lr, 2), step.tokens_per_s,
                  human_bytes(static_cast<double>(step.rss_bytes)), duration(seconds_left(step)));
  const int room = std::clamp(terminal_width() - static_cast<int>(figures.size()) - 1, 0, 40);
  const double share = total_steps_ > 0 ? static_cast<double>(step.step) / static_cast<double>(total_steps_) : 0;
  const int full = std::clamp(static_cast<int>(share * room), 0, room);
  std::string bar = "\r\x1b[K\x1b[34m";
  for (int i = 0; i < room; ++i) bar += i == full ? "\x1b[2m━" : "━";
  to_stderr(bar + "\x1b[0m" + figures);
  bar_shown_ = true;
}

void RunPrinter::line(const std::string& text) {
  to_stderr((bar_shown_ ? "\r\x1b[K" : "") + text + "\n");
  bar_shown_ = false;
}

double RunPrinter::seconds_left(const StepEvent& step) const {
  const double spent = std::chrono::duration<double>(std::chrono::steady_clock::now() - training_since_).count();
  const auto done = static_cast<double>(step.step - first_step_ + 1);
  return done > 0 ? spent / done * static_cast<double>(total_steps_ - step.step) : 0;
}

}  // namespace weft::cli
