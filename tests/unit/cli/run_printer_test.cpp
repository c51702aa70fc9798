// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/run_printer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "engine/core/json.h"

namespace weft::cli {
namespace {

using ::testing::HasSubstr;

struct Printed {
  std::string out, err;
  std::vector<std::string> troubles;
};

Printed print_run(RunPrinter::Mode mode, std::int64_t steps) {
  Printed printed;
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  {
    RunPrinter printer(
        mode, [] { return std::string("r7"); }, [&](const std::string& why) { printed.troubles.push_back(why); });
    printer.on_event(StartedEvent{.model = "m\x1b[31m",
                                  .method = "LoRA",
                                  .trainable = 10,
                                  .total_parameters = 100,
                                  .total_steps = steps,
                                  .rows = 3});
    printer.on_event(EvalEvent{0, 3.5, 10, 1});
    for (std::int64_t step = 1; step <= steps; ++step)
      printer.on_event(StepEvent{step, 3.0, 0.1, 1e-3, 10, 10, 100, 10, 1000, 0});
    printer.on_event(EvalEvent{steps, 2.5, 10, 1});
    printer.on_event(WarningEvent{1, "mind\nthe gap"});
    printer.on_event(StateEvent{RunState::Paused, 3, "loss is NaN at step 4"});
    printer.on_event(FinishedEvent{.outcome = "done", .step = steps});
    EXPECT_EQ(printer.first_eval(), 3.5);
    EXPECT_EQ(printer.last_eval(), 2.5);
    EXPECT_EQ(printer.last_loss(), 3.0);
  }
  printed.out = testing::internal::GetCapturedStdout();
  printed.err = testing::internal::GetCapturedStderr();
  return printed;
}

TEST(RunPrinter, JsonIsOneObjectALineAndNothingElse) {
  const Printed printed = print_run(RunPrinter::Mode::Json, 5);
  std::istringstream lines(printed.out);
  std::vector<std::string> types;
  for (std::string line; std::getline(lines, line);) {
    const auto json = parse_json(line);
    ASSERT_TRUE(json.ok()) << line;
    types.push_back((*json)["type"]);
    if (types.back() == "started") {
      EXPECT_EQ((*json)["run"], "r7");
    }
  }
  EXPECT_EQ(types, (std::vector<std::string>{"started", "eval", "step", "step", "step", "step", "step", "eval",
                                             "warning", "state", "finished"}));
  EXPECT_THAT(printed.err, HasSubstr("warning: mind\\nthe gap\n"));
  EXPECT_EQ(printed.troubles, std::vector<std::string>{"loss is NaN at step 4"});
}

TEST(RunPrinter, QuietSaysWarningsOnly) {
  const Printed printed = print_run(RunPrinter::Mode::Quiet, 5);
  EXPECT_EQ(printed.out, "");
  EXPECT_EQ(std::count(printed.err.begin(), printed.err.end(), '\n'), 2);
}

TEST(RunPrinter, LinesAreFewAndHarmless) {
  const Printed printed = print_run(RunPrinter::Mode::Lines, 100000);
  EXPECT_EQ(printed.out, "");
  EXPECT_LT(std::count(printed.err.begin(), printed.err.end(), '\n'), 120);
  EXPECT_THAT(printed.err, HasSubstr("step 100000/100000"));
  EXPECT_EQ(printed.err.find('\x1b'), std::string::npos);
}

TEST(RunPrinter, TheBarEndsWithALineEnd) {
  const Printed printed = print_run(RunPrinter::Mode::Bar, 5);
  EXPECT_THAT(printed.err, HasSubstr("5/5"));
  EXPECT_EQ(printed.err.back(), '\n');
}

}  // namespace
}  // namespace weft::cli
