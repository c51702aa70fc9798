// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run/run_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "app/run/locations.h"
#include "tests/support/test_files.h"

namespace weft {
namespace {

using ::testing::HasSubstr;

constexpr const char* kFile = R"([model]
path = "model.gguf"
compute = "fp32"
[data]
path = "rows.jsonl"
holdout = 0.1
[method]
name = "dora"
rank = 4
alpha = 8
targets = ["q_proj", "v_proj"]
[train]
steps = 10
lr = 2e-4
betas = [0.8, 0.95]
[probe]
spectra_every = 0
)";

std::string error_of(const std::string& text) {
  const auto request = parse_run_file(text, "run.toml");
  if (!request.ok()) return request.status().message();
  const auto complete = validate(*request);
  return complete.ok() ? "accepted" : complete.status().message();
}

TEST(RunFile, IsRead) {
  const auto request = parse_run_file(kFile, "run.toml");
  ASSERT_TRUE(request.ok()) << request.status().message();
  EXPECT_EQ(request->model["path"], "model.gguf");
  EXPECT_EQ(request->data["holdout"], 0.1);
  EXPECT_EQ(request->method["name"], "dora");
  EXPECT_EQ(request->method["alpha"], 8.0);
  EXPECT_TRUE(request->method["alpha"].is_number_float());
  EXPECT_EQ(request->method["targets"], (Json{"q_proj", "v_proj"}));
  EXPECT_EQ(request->train["beta1"], 0.8);
  EXPECT_EQ(request->train["beta2"], 0.95);
  EXPECT_EQ(request->train["lr"], 2e-4);
  EXPECT_FALSE(request->train.contains("weight_decay"));
  EXPECT_TRUE(validate(*request).ok());
}

TEST(RunFile, CompleteRequestComesBackAndTheTextIsStable) {
  const auto request = validate(*parse_run_file(kFile, "run.toml"));
  ASSERT_TRUE(request.ok());
  const std::string text = write_run_file(*request);
  const auto again = parse_run_file(text, "again.toml");
  ASSERT_TRUE(again.ok()) << again.status().message() << "\n" << text;
  const auto complete = validate(*again);
  ASSERT_TRUE(complete.ok()) << complete.status().message();
  EXPECT_EQ(to_json(*complete), to_json(*request));
  EXPECT_EQ(write_run_file(*complete), text);
  EXPECT_THAT(text, HasSubstr("compute = \"fp32\"  # auto | fp32 | bf16 | bf16x3"));
  EXPECT_THAT(text, HasSubstr("targets = [\"q_proj\", \"v_proj\"]\n"));
}

TEST(RunFile, OddTextComesBack) {
  TrainRequest request;
  request.model["path"] = "a \"quoted\" \\ name\twith\nlines and \x01 and ü";
  request.method = {{"name", "lora"}, {"targets", R"(.*\.(q|v)_proj)"}};
  const auto again = parse_run_file(write_run_file(request), "run.toml");
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_EQ(again->model["path"], request.model["path"]);
  EXPECT_EQ(again->method["targets"], request.method["targets"]);
}

TEST(RunFile, PathsInsideItsFolderAreWrittenRelative) {
  TrainRequest request;
  request.model["path"] = "/data/mine/models/m.gguf";
  request.data["path"] = "/elsewhere/rows.jsonl";
  const std::string text = write_run_file(request, "/data/mine");
  EXPECT_THAT(text, HasSubstr("path = \"models/m.gguf\""));
  EXPECT_THAT(text, HasSubstr("path = \"/elsewhere/rows.jsonl\""));
}

TEST(RunFile, UnknownNamesAreErrorsWithLineAndNearestName) {
  EXPECT_THAT(error_of("[train]\n\nstepz = 3\n"),
              testing::AllOf(HasSubstr("run.toml line 3"), HasSubstr("[train]"), HasSubstr("\"steps\"")));
  EXPECT_THAT(error_of("[modell]\npath = \"x\"\n"), testing::AllOf(HasSubstr("line 1"), HasSubstr("[model]")));
  EXPECT_THAT(error_of("[method]\nname = \"lora\"\nrnak = 3\n"),
              testing::AllOf(HasSubstr("line 3"), HasSubstr("\"rank\"")));
  EXPECT_THAT(error_of("[method]\nname = \"lorra\"\n"), testing::AllOf(HasSubstr("line 2"), HasSubstr("lora")));
  EXPECT_THAT(error_of("[method]\nname = \"lora\"\nlr_ratio = 4\n"),
              HasSubstr("line 3"));  // LoRA+ has it, LoRA does not
  EXPECT_THAT(error_of("[method]\nname = \"loraplus\"\nlr_ratio = 4\n"), HasSubstr("[model] path is missing"));
}

TEST(RunFile, WrongValuesAreErrorsWithLine) {
  EXPECT_THAT(error_of("[train]\nlr = \"fast\"\n"), testing::AllOf(HasSubstr("line 2"), HasSubstr("lr")));
  EXPECT_THAT(error_of("[train]\nsteps = 2.5\n"), testing::AllOf(HasSubstr("line 2"), HasSubstr("whole number")));
  EXPECT_THAT(error_of("[data]\nholdout = 1.5\n"), testing::AllOf(HasSubstr("line 2"), HasSubstr("0.9")));
  EXPECT_THAT(error_of("[data]\npack = 1979-05-27\n"), testing::AllOf(HasSubstr("line 2"), HasSubstr("dates")));
  EXPECT_THAT(error_of("[train]\nbetas = [0.9]\n"), testing::AllOf(HasSubstr("line 2"), HasSubstr("two numbers")));
  EXPECT_THAT(error_of("[train]\nlr = nan\n"), HasSubstr("line 2"));
  EXPECT_THAT(error_of("[train]\nsteps = 3\nepochs = 2.0\n"),
              testing::AllOf(HasSubstr("line 3"), HasSubstr("keep one")));
  EXPECT_THAT(error_of("train = 3\n"), HasSubstr("line 1"));
  EXPECT_THAT(error_of("[train\nsteps = 3\n"), HasSubstr("line 1"));
  EXPECT_THAT(error_of("[train]\nsteps = 3\nsteps = 4\n"), HasSubstr("line 3"));
}

TEST(RunFile, HostileTextIsRefused) {
  std::string dots = "a", brackets = "[train]\nx = ";
  for (int i = 0; i < 100000; ++i) dots += ".a";
  brackets += std::string(100000, '[');
  EXPECT_THAT(error_of(dots + " = 1\n"), HasSubstr("line 1"));
  EXPECT_THAT(error_of("[" + dots + "]\n"), HasSubstr("line 1"));
  EXPECT_THAT(error_of(brackets), HasSubstr("line 2"));
  EXPECT_THAT(error_of(std::string("\x00\xff\xfe[train]", 10)), HasSubstr("line 1"));
  EXPECT_THAT(error_of("[train]\nlr = 1e999\n"), HasSubstr("line 2"));
  for (const char* text : {"[{}", "[,", "[.-1]", "[+1]", "[train]\n=", "\"", "a.", "[[", "{", "\xff"})
    EXPECT_NE(error_of(text), "accepted") << text;
}

// Every prefix of a good file, and the file with each byte replaced: an answer, never a crash.
TEST(RunFile, DamagedFilesGetAnAnswer) {
  const std::string good = kFile;
  for (std::size_t i = 0; i < good.size(); ++i) {
    EXPECT_NE(error_of(good.substr(0, i)), "") << i;
    for (const char c : {'[', '{', '"', '.', '=', '\n', '\0', '\xff', ','}) {
      std::string bad = good;
      bad[i] = c;
      EXPECT_NE(error_of(bad), "") << i;
    }
  }
}

TEST(RunFile, EpochsWithoutStepsTurnStepsOff) {
  const auto epochs =
      validate(*parse_run_file("[model]\npath=\"m\"\n[data]\npath=\"d\"\n[train]\nepochs = 2.5\n", "run.toml"));
  ASSERT_TRUE(epochs.ok()) << epochs.status().message();
  EXPECT_EQ(epochs->train["steps"], 0);
  EXPECT_EQ(epochs->train["epochs"], 2.5);
  const std::string text = write_run_file(*epochs);
  EXPECT_THAT(text, testing::Not(HasSubstr("steps = 0")));
  EXPECT_EQ(to_json(*validate(*parse_run_file(text, "again.toml"))), to_json(*epochs));
}

class Sets : public testing::Test {
 protected:
  TrainRequest request_;
  std::string error_of(const std::string& assignment) {
    TrainRequest copy = request_;
    return apply_settings(copy, {assignment}).message();
  }
};

TEST_F(Sets, TakesTheTypeOfTheSetting) {
  ASSERT_TRUE(apply_settings(request_, {"lr=1e-3", "train.steps=7", "model.path=a b.gguf", "pack=false", "rank=8",
                                        "schedule=linear", "targets=q_proj,v_proj", "betas=[0.5,0.6]", "train.seed=9"})
                  .ok());
  EXPECT_EQ(request_.train["lr"], 1e-3);
  EXPECT_EQ(request_.train["steps"], 7);
  EXPECT_EQ(request_.model["path"], "a b.gguf");
  EXPECT_EQ(request_.data["pack"], false);
  EXPECT_EQ(request_.method["rank"], 8);
  EXPECT_EQ(request_.train["schedule"], "linear");
  EXPECT_EQ(request_.method["targets"], (Json{"q_proj", "v_proj"}));
  EXPECT_EQ(request_.train["beta2"], 0.6);
  EXPECT_EQ(request_.train["seed"], 9);
  ASSERT_TRUE(apply_settings(request_, {R"(targets=.*\.(q,v)_proj)"}).ok());
  EXPECT_EQ(request_.method["targets"], R"(.*\.(q,v)_proj)");
}

TEST_F(Sets, TheMethodsNameIsTakenFirst) {
  ASSERT_TRUE(apply_settings(request_, {"lr_ratio=8", "method.name=loraplus"}).ok());
  EXPECT_EQ(request_.method["lr_ratio"], 8.0);
}

TEST_F(Sets, StepsAndEpochsTurnEachOtherOff) {
  ASSERT_TRUE(apply_settings(request_, {"steps=5", "epochs=2"}).ok());
  EXPECT_EQ(request_.train["steps"], 0);
  ASSERT_TRUE(apply_settings(request_, {"steps=5"}).ok());
  EXPECT_EQ(request_.train["epochs"], 0.0);
}

TEST_F(Sets, MistakesAreNamed) {
  EXPECT_THAT(error_of("seed=3"), testing::AllOf(HasSubstr("data.seed="), HasSubstr("train.seed=")));
  EXPECT_THAT(error_of("stepz=3"), HasSubstr("\"steps\""));
  EXPECT_THAT(error_of("trian.steps=3"), HasSubstr("[train]"));
  EXPECT_THAT(error_of("steps"), HasSubstr("key=value"));
  EXPECT_THAT(error_of("=3"), HasSubstr("key=value"));
  EXPECT_THAT(error_of("steps=many"), HasSubstr("steps must be a number"));
  EXPECT_THAT(error_of("schedule=linaer"), HasSubstr("linear"));
  EXPECT_THAT(error_of("steps=3\nlr=4"), HasSubstr("steps"));
}

TEST(Paths, AreLookedForBesideTheRunFileThenInTheCache) {
  const test::TemporaryFolder folder;
  const std::string beside = folder.write("runs/near.gguf", "x"), cached = folder.write("cache/models/far.gguf", "x");
  ASSERT_EQ(::setenv("WEFT_CACHE", folder.file("cache").c_str(), 1), 0);
  TrainRequest request;
  request.model["path"] = "near.gguf";
  ASSERT_TRUE(resolve_paths(request, folder.file("runs")).ok());
  EXPECT_EQ(request.model["path"], beside);
  request.model["path"] = "far.gguf";
  ASSERT_TRUE(resolve_paths(request, folder.file("runs")).ok());
  EXPECT_EQ(request.model["path"], cached);
  request.model["path"] = "none.gguf";
  const Status status = resolve_paths(request, folder.file("runs"));
  EXPECT_EQ(status.code(), ErrorCode::NotFound);
  EXPECT_THAT(status.message(),
              testing::AllOf(HasSubstr("none.gguf"), HasSubstr(folder.file("runs")), HasSubstr(folder.file("cache"))));
  ASSERT_EQ(::unsetenv("WEFT_CACHE"), 0);
}

}  // namespace
}  // namespace weft
