// SPDX-License-Identifier: GPL-3.0-or-later
// Days on which memory, the disk or the numbers give out under a run, with real runs of a small model.
// resources/docs/errors.md says what is said and offered, and which tests show it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <future>

#include "engine/api/engine.h"
#include "engine/api/engine_loader.h"
#include "tests/support/engine_runs.h"

namespace weft {
namespace {
namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// What this process may map is held where it is, until the object dies.
class NoMoreMemory {
 public:
  explicit NoMoreMemory(std::uint64_t spare) {
    std::uint64_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    ::getrlimit(RLIMIT_AS, &before_);
    const rlimit now{.rlim_cur = pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) + spare, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_AS, &now);
  }
  ~NoMoreMemory() { ::setrlimit(RLIMIT_AS, &before_); }
  NoMoreMemory(const NoMoreMemory&) = delete;
  NoMoreMemory& operator=(const NoMoreMemory&) = delete;

 private:
  rlimit before_{};
};

class BadDays : public test::EngineRuns {
 protected:
  static std::string checkpoint_path(const std::string& folder, int step) { return folder + "/step-" + std::string(step < 10 ? "00000" : "0000") + std::to_string(step) + ".safetensors"; }
  static std::vector<std::int64_t> checkpoint_steps(const std::string& folder) {
    std::vector<std::int64_t> steps;
    for (const auto& entry : fs::directory_iterator(folder)) steps.push_back(std::stoll(entry.path().filename().string().substr(5)));
    std::sort(steps.begin(), steps.end());
    return steps;
  }
  static bool paused_for(const Event& event, const std::string& cause) {
    const auto* state = std::get_if<StateEvent>(&event);
    return state && state->state == RunState::Paused && state->cause == cause;
  }
  // Where the checkpoints go: a folder, or one of a disk without room.
  void point_disk_at(const fs::path& target) {
    fs::create_directory_symlink(target, work_ / "next");
    fs::rename(work_ / "next", work_ / "disk");
  }
};

TEST_F(BadDays, OutOfMemoryMidRunSaysWhereAndTheRunGoesOnKeepingLess) {
  TrainRequest r = story_run(8, 2);
  std::ofstream rows(work_ / "rows.jsonl");
  const auto row = [&](int sentences) {
    std::string text;
    for (int i = 0; i < sentences; ++i) text += "The dog liked to play in the sun. ";
    rows << R"({"text": ")" << text << "\"}\n";
  };
  for (int i = 0; i < 6; ++i) row(1);
  row(400);
  for (int i = 0; i < 6; ++i) row(1);
  rows.close();
  r.data = {{"path", (work_ / "rows.jsonl").string()}, {"max_length", 4096}, {"holdout", 0.0}, {"shuffle", false}, {"pack", false}};
  r.train["batch_size"] = 1;
  r.train["eval_every"] = 0;
  r.train["activations"] = "keep";
  r.train["preflight"] = "never";
  auto sink = std::make_shared<RecordingSink>();
  std::optional<NoMoreMemory> held;
  sink->on_each = [&](const Event& event) {
    if (const auto* step = std::get_if<StepEvent>(&event); step && step->step == 6) held.emplace(1 << 20);
    if (std::holds_alternative<FinishedEvent>(event)) held.reset();
  };
  ASSERT_TRUE(engine_->train(r, sink).ok());
  const FinishedEvent end = sink->wait();
  ASSERT_EQ(end.outcome, "failed") << end.message;
  EXPECT_EQ(end.code, error_code_name(ErrorCode::OutOfMemory));
  EXPECT_THAT(end.message, HasSubstr("at step 7, a batch of "));
  EXPECT_THAT(end.message, HasSubstr("with rows of up to "));
  EXPECT_THAT(end.message, HasSubstr("The checkpoint of step 6 is whole"));

  r.resume_from = checkpoint_path(r.checkpoint_folder, 6);
  r.edits = {RunEdit{.step = 7, .activations = "checkpoint"}};
  const auto again = run(r);
  EXPECT_EQ(again->wait().outcome, "done") << again->wait().message;
  EXPECT_THAT(losses(*again), ::testing::SizeIs(2));
  ASSERT_THAT(again->all<EditEvent>(), ::testing::SizeIs(1));
  EXPECT_EQ(again->all<EditEvent>()[0].text, "activations checkpoint instead of keep");
}

TEST_F(BadDays, KeepingLessIsTheSameRun) {
  const auto plain = run(story_run(8, 0));
  TrainRequest r = story_run(8, 0, "other");
  r.edits = {*parse_edit("4:activations=checkpoint")};
  EXPECT_EQ(losses(*run(r)), losses(*plain));
  EXPECT_FALSE(validate([&] {
    r.edits = {*parse_edit("4:activations=auto")};
    return r;
  }()).ok()) << "a run that goes on has no choice left to make";
}

TEST_F(BadDays, NonFiniteLossNamesModuleRateAndNormBeforeAndShowsTheBatch) {
  TrainRequest r = story_run(50, 0);
  r.train["lr"] = 10.0;
  r.train["grad_clip"] = 0.0;
  r.train["schedule"] = "constant";
  r.method["alpha"] = 1e6;
  auto sink = std::make_shared<RecordingSink>();
  ASSERT_TRUE(engine_->train(r, sink).ok());
  ASSERT_TRUE(sink->wait_for([](const Event& e) { return paused_for(e, "loss"); }));
  ASSERT_THAT(sink->all<BadStepEvent>(), ::testing::SizeIs(1));
  const BadStepEvent bad = sink->all<BadStepEvent>()[0];
  EXPECT_THAT(bad.site, HasSubstr("model."));
  EXPECT_DOUBLE_EQ(bad.lr, 10.0);
  EXPECT_GT(bad.grad_norm_before, 0);
  ASSERT_FALSE(bad.rows.empty());
  EXPECT_THAT(bad.rows[0].text, HasSubstr("dog"));
  EXPECT_EQ(bad.rows[0].trained, bad.rows[0].tokens - 1);
  EXPECT_THAT(sink->all<StateEvent>().back().message, HasSubstr("just before"));
  EXPECT_THAT(sink->all<StateEvent>().back().message, ::testing::AnyOf(HasSubstr(" is NaN at step"), HasSubstr(" is infinite at step"))) << "as words, without a sign";
  const BadStepEvent read = bad_step_from_json(bad.step, bad_step_json(bad));
  EXPECT_EQ(read.rows.size(), bad.rows.size());
  EXPECT_EQ(read.rows[0].text, bad.rows[0].text);
  EXPECT_TRUE(engine_->control(1, Control::Stop).ok());
  EXPECT_EQ(sink->wait().outcome, "stopped");
}

TEST_F(BadDays, DiskWithoutRoomIsFoundBeforeTheFirstStep) {
  TrainRequest r = story_run(8, 2);
  r.checkpoint_folder = "/proc/weft-has-no-room";
  const auto sink = run(r);
  EXPECT_EQ(sink->wait().outcome, "failed");
  EXPECT_EQ(sink->wait().code, error_code_name(ErrorCode::IoError));
  EXPECT_THAT(sink->wait().message, HasSubstr("[train.preflight] a checkpoint takes "));
  EXPECT_THAT(sink->wait().message, HasSubstr("0 B are free"));
  EXPECT_TRUE(losses(*sink).empty());
}

TEST_F(BadDays, DiskLowDuringTheRunPausesItAndNothingIsLost) {
  fs::create_directories(work_ / "real");
  point_disk_at(work_ / "real");
  TrainRequest r = story_run(12, 2, "disk");
  r.train["eval_every"] = 0;
  auto sink = std::make_shared<RecordingSink>();
  sink->on_each = [&](const Event& event) {
    if (const auto* step = std::get_if<StepEvent>(&event); step && step->step == 7) point_disk_at("/proc");
  };
  ASSERT_TRUE(engine_->train(r, sink).ok());
  ASSERT_TRUE(sink->wait_for([](const Event& e) { return paused_for(e, "disk"); }));
  EXPECT_THAT(sink->all<StateEvent>().back().message, HasSubstr("[train.checkpoint] step 8: a checkpoint takes "));
  EXPECT_EQ(losses(*sink).size(), 8u);
  point_disk_at(work_ / "real");
  std::promise<Result<std::int64_t>> told;
  engine_->edit(1, *parse_edit("keep=1"), [&](Result<std::int64_t> at) { told.set_value(std::move(at)); });
  EXPECT_EQ(*told.get_future().get(), 9);
  ASSERT_TRUE(engine_->control(1, Control::Continue).ok());
  EXPECT_EQ(sink->wait().outcome, "done") << sink->wait().message;
  std::vector<std::int64_t> written, dropped;
  for (const auto& e : sink->all<CheckpointEvent>()) {
    written.push_back(e.step);
    dropped.insert(dropped.end(), e.dropped.begin(), e.dropped.end());
  }
  EXPECT_THAT(written, ElementsAre(2, 4, 6, 8, 10, 12));
  EXPECT_THAT(dropped, ElementsAre(2, 4, 6, 8, 10));
  EXPECT_THAT(checkpoint_steps((work_ / "real").string()), ElementsAre(12));
  EXPECT_EQ(losses(*sink), losses(*run(story_run(12, 0, "plain")))) << "the same run as without the trouble";
}

TEST_F(BadDays, ARunThatCannotSaveEndsWithTheReasonWhenItIsStopped) {
  fs::create_directories(work_ / "real");
  point_disk_at(work_ / "real");
  auto sink = std::make_shared<RecordingSink>();
  sink->on_each = [&](const Event& event) {
    if (const auto* step = std::get_if<StepEvent>(&event); step && step->step == 3) point_disk_at("/proc");
  };
  TrainRequest r = story_run(12, 2, "disk");
  r.train["eval_every"] = 0;
  ASSERT_TRUE(engine_->train(r, sink).ok());
  ASSERT_TRUE(sink->wait_for([](const Event& e) { return paused_for(e, "disk"); }));
  ASSERT_TRUE(engine_->control(1, Control::Stop).ok());
  EXPECT_EQ(sink->wait().outcome, "failed");
  EXPECT_THAT(sink->wait().message, HasSubstr("are free at"));
  EXPECT_THAT(checkpoint_steps((work_ / "real").string()), ElementsAre(2));
}

TEST_F(BadDays, OnlyTheLastCheckpointsAndTheBestStayWhereFewAreKept) {
  TrainRequest r = story_run(12, 2);
  r.train["keep_checkpoints"] = 2;
  r.train["schedule"] = "constant";
  const auto sink = run(r);
  ASSERT_EQ(sink->wait().outcome, "done") << sink->wait().message;
  const std::int64_t best = sink->all<BestEvent>().back().step;
  std::vector<std::int64_t> expected{10, 12};
  if (best < 10) expected.insert(expected.begin(), best);
  EXPECT_EQ(checkpoint_steps(r.checkpoint_folder), expected);
  r.resume_from = checkpoint_path(r.checkpoint_folder, 12);
  r.train["steps"] = 16;
  ASSERT_EQ(run(r)->wait().outcome, "done");
  EXPECT_THAT(checkpoint_steps(r.checkpoint_folder), ::testing::IsSupersetOf({14, 16}));
  EXPECT_LE(checkpoint_steps(r.checkpoint_folder).size(), 3u) << "those of before went as well";
}

TEST_F(BadDays, LateSpectraAreTakenLessOftenUntilSomebodySetsTheirCadence) {
  TrainRequest r = story_run(24, 0);
  r.probe = {{"spectra_every", 1}, {"max_share", 1e-6}};
  r.edits = {*parse_edit("10:spectra=3")};
  const auto sink = run(r);
  ASSERT_EQ(sink->wait().outcome, "done") << sink->wait().message;
  EXPECT_TRUE(warns(*sink, "spectra took "));
  std::vector<std::int64_t> after;
  for (const auto& spectra : sink->all<SpectraEvent>())
    if (spectra.step >= 10 && spectra.step < 24) after.push_back(spectra.step);
  EXPECT_THAT(after, ElementsAre(12, 15, 18, 21)) << "kept, though they still take more than max_share";
  EXPECT_THAT(sink->all<EditEvent>()[0].text, HasSubstr("spectra every 3 steps instead of "));
}

}  // namespace
}  // namespace weft
