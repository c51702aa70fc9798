// SPDX-License-Identifier: GPL-3.0-or-later
// Edits, early stop and the best checkpoint with the built weft-cli.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace weft
