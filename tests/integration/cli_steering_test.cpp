// SPDX-License-Identifier: GPL-3.0-or-later
// Edits, early stop and the best checkpoint with the built weft-cli.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "tests/integration/cli_train_support.h"

namespace weft {
namespace {

using test::run_cli;
using ::testing::HasSubstr;

class CliSteering : public test::TrainingTest {
 protected:
  static std::vector<Json> of_type(const std::vector<Json>& lines, const std::string& type) {
    std::vector<Json> found;
    for (const auto& line : lines)
      if (line["type"] == type) found.push_back(line);
    return found;
  }
};

TEST_F(CliSteering, EditsAreMadeAtTheirStepsRecordedAndShown) {
  const auto result = run_cli({"train", run_file(), "--project", project(), "--json", "--edit", "5:lr=1e-3,steps=14", "--edit", "9:rank=2"});
  ASSERT_EQ(result.code, 0) << result.err;
  const auto lines = json_lines(result.out);
  const auto edits = of_type(lines, "edit");
  ASSERT_EQ(edits.size(), 2U);
  EXPECT_EQ(edits[0]["step"], 5);
  EXPECT_EQ(edits[0]["edit"]["lr"], 1e-3);
  EXPECT_EQ(edits[0]["total_steps"], 14);
  EXPECT_EQ(of_type(lines, "step").size(), 14U);
  const auto shown = run_cli({"runs", project(), "r1"});
  EXPECT_THAT(shown.out, HasSubstr("edit 5:lr=0.001,steps=14: learning rate 0.01 to 0.001; end at step 14 instead of 12"));
  EXPECT_THAT(shown.out, HasSubstr("140 ranks to 70"));
  EXPECT_THAT(shown.out, HasSubstr("done at step 14 of 14"));
  const auto report = run_cli({"report", project(), "r1", "--out", folder_.file("report")});
  ASSERT_EQ(report.code, 0) << report.err;
  EXPECT_THAT(test::content_of(folder_.file("report/index.html")), HasSubstr("step 5: learning rate 0.01 to 0.001"));
}

TEST_F(CliSteering, SaysWhatIsWrongWithAnEditBeforeARunExists) {
  const auto wrong = [&](const char* edit, const char* why) {
    const auto result = run_cli({"train", run_file(), "--project", project(), "--edit", edit});
    EXPECT_EQ(result.code, 2) << edit;
    EXPECT_THAT(result.err, HasSubstr(why));
  };
  wrong("lr=1e-4", "names no step");
  wrong("5:speed=3", "nothing called");
  wrong("5:lr=100", "lr");
  EXPECT_FALSE(std::filesystem::exists(project()));
}

TEST_F(CliSteering, ARunGoesBackToACheckpointWithAnotherRate) {
  ASSERT_EQ(run_cli({"train", run_file(60), "--project", project(), "--quiet", "--set", "train.lr=1", "--set", "schedule=constant", "--set", "patience=3"}).code, 0);
  const Json ended = json_of(run_cli({"runs", project(), "r1", "--json"}));
  EXPECT_LT(ended["last_step"], 60) << "this rate only makes it worse";
  EXPECT_THAT(ended["message"].get<std::string>(), HasSubstr("ended early"));
  const auto best = ended["best"]["step"].get<std::int64_t>();
  EXPECT_THAT(run_cli({"runs", project()}).out, HasSubstr("@" + std::to_string(best)));
  const auto exported = run_cli({"export", project() + ":r1@best", "--out", folder_.file("best"), "--json"});
  EXPECT_EQ(exported.code, 0) << exported.err;
  // a failed or stopped one goes back
  const auto other = folder_.file("other.weft");
  ASSERT_EQ(run_cli({"train", run_file(8), "--project", other, "--quiet"}).code, 0);
  EXPECT_THAT(run_cli({"resume", other, "r1", "--from", "4"}).err, HasSubstr("is done"));
  EXPECT_EQ(run_cli({"resume", other, "r1", "--from", "0"}).code, 2);
  EXPECT_EQ(run_cli({"resume", other, "r1", "--edit", "5:lr=1"}).code, 2);
}

TEST_F(CliSteering, LinesOfStandardInputSteerTheRun) {
  const auto result = run_cli({"train", run_file(40), "--project", project(), "--json", "--steer", "--set", "checkpoint_every=0", "--set", "samples.prompts=[\"Why?\"]", "--set", "samples.every=0"},
                              {.input = "lr=1e-5,steps=30\n\ncheckpoint\nsample\nspeed=3"});
  EXPECT_EQ(result.code, 0) << result.err;
  const auto lines = json_lines(result.out);
  EXPECT_EQ(lines.back()["outcome"], "done");
  const auto edits = of_type(lines, "edit");
  ASSERT_EQ(edits.size(), 1U) << result.err;
  EXPECT_EQ(edits[0]["edit"]["lr"], 1e-5);
  EXPECT_EQ(edits[0]["total_steps"], 30);
  EXPECT_GE(of_type(lines, "checkpoint").size(), 2U) << "one before the edit or because of the line, and the last";
  EXPECT_FALSE(of_type(lines, "samples").empty());
  EXPECT_THAT(result.err, HasSubstr("\"lr=1e-5,steps=30\" holds from step "));
  EXPECT_THAT(result.err, HasSubstr("\"speed=3\" is neither pause, continue, checkpoint, sample, stop, abandon nor an edit"));
}

TEST_F(CliSteering, PausesAndContinuesWhenToldTo) {
  const std::string pipe = folder_.file("lines");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int lines = ::open(pipe.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(lines, 0);
  test::Process process({"train", run_file(3000), "--project", project(), "--json", "--steer"}, {.before_exec = [lines] { ::dup2(lines, STDIN_FILENO); }});
  const auto told = [&](const std::string& words, const std::string& until) {
    ASSERT_EQ(::write(lines, words.data(), words.size()), static_cast<ssize_t>(words.size()));
    for (std::string line = process.read_line(); line.find(until) == std::string::npos; line = process.read_line()) ASSERT_FALSE(line.empty()) << words;
  };
  ASSERT_NO_FATAL_FAILURE(told("pause\n", "\"state\":\"paused\""));
  ASSERT_NO_FATAL_FAILURE(told("continue\n", "\"state\":\"running\""));
  ASSERT_NO_FATAL_FAILURE(told("stop\n", "\"outcome\":\"stopped\""));
  ::close(lines);
  EXPECT_EQ(process.finish().code, 130);
}

TEST_F(CliSteering, APausedRunGoesOnWhereItsInputEndsAndOneThatIsToldToStopIsSaved) {
  const auto left = run_cli({"train", run_file(8), "--project", project(), "--json", "--steer"}, {.input = "pause"});
  EXPECT_EQ(left.code, 0) << left.err;
  EXPECT_EQ(json_lines(left.out).back()["outcome"], "done");
  const auto stopped = run_cli({"train", run_file(4000), "--project", project(), "--json", "--steer"}, {.input = "stop\n"});
  EXPECT_EQ(stopped.code, 130) << stopped.err;
  EXPECT_EQ(json_lines(stopped.out).back()["outcome"], "stopped");
  const auto resumed = run_cli({"resume", project(), "r2", "--json", "--steer"}, {.input = "abandon\n"});
  EXPECT_EQ(resumed.code, 130) << resumed.err;
  EXPECT_EQ(json_lines(resumed.out).back()["outcome"], "abandoned");
}

TEST_F(CliSteering, ARunThatPausesByItselfIsSavedWhereTheInputHasEnded) {
  const auto ended = run_cli({"train", run_file(50), "--project", project(), "--json", "--steer", "--set", "train.lr=10", "--set", "train.grad_clip=0", "--set", "schedule=constant", "--set", "method.alpha=1e6"});
  EXPECT_NE(ended.code, 0);
  EXPECT_THAT(ended.err, HasSubstr("paused at step "));
  EXPECT_EQ(json_lines(ended.out).back()["outcome"], "stopped") << ended.err;
}

}  // namespace
}  // namespace weft
