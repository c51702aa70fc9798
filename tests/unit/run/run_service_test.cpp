// SPDX-License-Identifier: GPL-3.0-or-later
// The service against a scripted engine and a real project file.
#include "app/run/run_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/support/fake_engine.h"
#include "tests/support/test_files.h"

namespace weft {
namespace {

using test::FakeEngine;
using test::FakeScript;
using ::testing::HasSubstr;

class Listener final : public EventSink {
 public:
  void on_event(const Event& event) override {
    std::lock_guard lock(mutex_);
    events_.push_back(event);
  }
  template <typename T>
  std::vector<T> all() const {
    std::lock_guard lock(mutex_);
    std::vector<T> found;
    for (const auto& event : events_)
      if (const auto* e = std::get_if<T>(&event)) found.push_back(*e);
    return found;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Event> events_;  // guarded by mutex_
};

class RunServiceTest : public testing::Test {
 protected:
  void open(const std::string& path) {
    auto project = Project::open(path, true);
    ASSERT_TRUE(project.ok()) << project.status().message();
    project_ = std::move(*project);
  }
  void SetUp() override { open(folder_.file("p.weft")); }

  TrainRequest request(std::int64_t steps = 10) const {
    TrainRequest r;
    r.model["path"] = folder_.write("model.gguf", "x");
    r.data["path"] = folder_.write("rows.jsonl", "{}");
    r.train = {{"steps", steps}, {"eval_every", 5}, {"checkpoint_every", 4}};
    r.probe = {{"spectra_every", 5}};
    return r;
  }
  std::vector<std::int64_t> steps_of(RunId run, const std::string& metric) {
    std::vector<std::int64_t> steps;
    const auto rows = project_->metrics(run, metric);
    EXPECT_TRUE(rows.ok());
    if (rows.ok())
      for (const auto& row : *rows) steps.push_back(row.step);
    return steps;
  }

  test::TemporaryFolder folder_;
  std::unique_ptr<Project> project_;
};

TEST_F(RunServiceTest, RecordsEverything) {
  FakeEngine engine({.warning = "careful"});
  RunService service(engine, *project_);
  const auto listener = std::make_shared<Listener>();
  service.set_listener(listener);
  const auto run = service.start(request());
  ASSERT_TRUE(run.ok()) << run.status().message();
  EXPECT_EQ(service.wait().outcome, "done");
  EXPECT_FALSE(service.active());
  EXPECT_TRUE(service.recording().ok());

  const auto record = project_->run(*run);
  ASSERT_TRUE(record.ok());
  EXPECT_EQ(record->state, "done");
  EXPECT_EQ(record->last_step, 10);
  EXPECT_EQ(record->total_steps, 10);
  EXPECT_EQ(record->started["trainable"], 1000);
  EXPECT_EQ(record->started["sites"].size(), 3u);
  EXPECT_EQ(record->started["sites"][1]["path"], "model.layers.1.self_attn.q_proj");
  for (const char* name :
       {"loss", "grad_norm", "lr", "tokens_per_s", "ms", "rss_bytes", "tokens", "trained_tokens", "epoch"})
    EXPECT_EQ(steps_of(*run, name).size(), 10u) << name;
  EXPECT_EQ(steps_of(*run, "eval_loss"), (std::vector<std::int64_t>{0, 5, 10}));
  const auto loss = project_->metrics(*run, "loss");
  EXPECT_DOUBLE_EQ(loss->back().value, FakeEngine::loss_at(10));
  const auto spectra = project_->spectra(*run, "");
  ASSERT_TRUE(spectra.ok());
  EXPECT_EQ(spectra->size(), 9u);  // steps 0, 5, 10 at three sites
  const auto checkpoints = project_->checkpoints(*run);
  ASSERT_TRUE(checkpoints.ok());
  ASSERT_EQ(checkpoints->size(), 3u);  // steps 4, 8, 10
  EXPECT_TRUE(std::all_of(checkpoints->begin(), checkpoints->end(), [](const auto& c) { return c.present; }));
  std::map<std::string, int> kinds;
  const auto events = project_->events(*run);
  for (const auto& event : *events) ++kinds[event.type];
  EXPECT_EQ(kinds["warning"], 1);
  EXPECT_EQ(kinds["eval"], 3);
  EXPECT_EQ(kinds["checkpoint"], 3);
  EXPECT_EQ(kinds["cadence"], 1);
  EXPECT_EQ(kinds["finished"], 1);
  EXPECT_GE(kinds["state"], 2);
  EXPECT_EQ(kinds["step_time"], 1);  // fewer than twenty steps: once, at the end
  const auto time = std::find_if(events->begin(), events->end(), [](const auto& e) { return e.type == "step_time"; });
  const auto sum = step_time_from_json(time->detail);
  ASSERT_TRUE(sum.has_value());
  EXPECT_EQ(sum->steps, 10);
  EXPECT_EQ(sum->ms, 1000);
  EXPECT_EQ(sum->phase_ms[phase_index(Phase::Attention)], 250);
  EXPECT_EQ(listener->all<StepEvent>().size(), 10u);
  EXPECT_EQ(listener->all<FinishedEvent>().size(), 1u);
  EXPECT_EQ(kinds["ranks"], 0);
  EXPECT_TRUE(steps_of(*run, "consistency").empty());
}

TEST_F(RunServiceTest, RecordsRanksAndTheDivergenceOfTwoPasses) {
  FakeEngine engine({.ranks = true, .two_passes = true});
  RunService service(engine, *project_);
  const auto run = service.start(request());
  ASSERT_TRUE(run.ok()) << run.status().message();
  EXPECT_EQ(service.wait().outcome, "done");
  open(folder_.file("p.weft"));
  std::vector<RanksEvent> told;
  const auto events = project_->events(*run);
  for (const auto& event : *events)
    if (event.type == "ranks") told.push_back(ranks_from_json(event.step, event.detail));
  ASSERT_EQ(told.size(), 3u);  // steps 0, 5, 10
  EXPECT_EQ(told[1].step, 5);
  ASSERT_EQ(told[2].sites.size(), 3u);
  for (std::int64_t i = 0; i < 3; ++i) {
    EXPECT_EQ(told[2].sites[static_cast<std::size_t>(i)].site, "model.layers." + std::to_string(i) + ".self_attn.q_proj");
    EXPECT_EQ(told[2].sites[static_cast<std::size_t>(i)].ranks, 4 - i);
  }
  EXPECT_TRUE(ranks_from_json(1, Json::parse(R"({"ranks": {"a": "many", "b": 1.5}})")).sites.empty());
  EXPECT_TRUE(ranks_from_json(1, Json::parse("[1]")).sites.empty());
  EXPECT_EQ(steps_of(*run, "consistency").size(), 10u);
  EXPECT_DOUBLE_EQ(project_->metrics(*run, "consistency")->back().value, 0.1);
}

TEST_F(RunServiceTest, FreezesTheCompleteRequest) {
  FakeEngine engine;
  RunService service(engine, *project_);
  TrainRequest asked = request();
  const auto run = service.start(asked);
  ASSERT_TRUE(run.ok());
  (void)service.wait();
  const auto frozen = service.request_of(*run);
  ASSERT_TRUE(frozen.ok()) << frozen.status().message();
  EXPECT_EQ(frozen->train["lr"], 2e-4);  // the default, written down
  EXPECT_EQ(frozen->method["name"], "lora");
  EXPECT_EQ(to_json(*frozen), to_json(*validate(asked)));
  EXPECT_EQ(engine.requests().at(0).checkpoint_folder,
            project_->files_folder() + "/checkpoints/r" + std::to_string(*run));
}

TEST_F(RunServiceTest, RefusesABadRequestWithoutLeavingARun) {
  FakeEngine engine;
  RunService service(engine, *project_);
  TrainRequest bad = request();
  bad.train["lr"] = -1;
  EXPECT_EQ(service.start(bad).status().code(), ErrorCode::InvalidArgument);
  EXPECT_TRUE(project_->runs()->empty());
  EXPECT_FALSE(service.active());
}

TEST_F(RunServiceTest, OneRunAtATime) {
  FakeEngine engine({.hold_before_step = 3});
  RunService service(engine, *project_);
  ASSERT_TRUE(service.start(request()).ok());
  engine.wait_until_held();
  EXPECT_EQ(service.start(request()).status().code(), ErrorCode::Busy);
  EXPECT_EQ(project_->runs()->size(), 1u);
  engine.release();
  EXPECT_EQ(service.wait().outcome, "done");
  EXPECT_TRUE(service.start(request()).ok());
  EXPECT_EQ(service.wait().outcome, "done");
}

TEST_F(RunServiceTest, StopSavesAndResumeGoesOn) {
  FakeEngine engine({.hold_before_step = 7});
  RunService service(engine, *project_);
  const auto run = service.start(request());
  ASSERT_TRUE(run.ok());
  engine.wait_until_held();
  EXPECT_EQ(service.active(), *run);
  ASSERT_TRUE(service.control(Control::Stop).ok());
  EXPECT_EQ(service.wait().outcome, "stopped");
  EXPECT_EQ(project_->run(*run)->state, "stopped");
  EXPECT_EQ(service.control(Control::Stop).code(), ErrorCode::NotFound);

  engine.release();
  const auto again = service.resume(*run);
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_EQ(*again, *run);
  EXPECT_EQ(service.wait().outcome, "done");
  EXPECT_THAT(engine.requests().at(1).resume_from, HasSubstr("step-6.fake"));
  EXPECT_EQ(steps_of(*run, "loss"), (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  EXPECT_EQ(project_->run(*run)->state, "done");
  EXPECT_THAT(service.resume(*run).status().message(), HasSubstr("done"));
}

TEST_F(RunServiceTest, ResumeTakesTheLastWholeCheckpointAndForgetsWhatCameAfter) {
  FakeEngine engine({.fail_at_step = 10});
  RunService service(engine, *project_);
  const auto run = service.start(request());
  EXPECT_EQ(service.wait().outcome, "failed");
  EXPECT_THAT(project_->run(*run)->message, HasSubstr("told to fail"));
  const auto last = service.checkpoint_path(*run, 0);
  ASSERT_TRUE(last.ok());
  EXPECT_THAT(*last, HasSubstr("step-8.fake"));
  std::ofstream(*last) << "torn";  // as a disk that lost a write leaves it
  EXPECT_THAT(*service.checkpoint_path(*run, 0), HasSubstr("step-4.fake"));
  EXPECT_THAT(service.checkpoint_path(*run, 8).status().message(), HasSubstr("not as it was written"));
  EXPECT_THAT(service.checkpoint_path(*run, 5).status().message(), HasSubstr("it has 4, 8"));

  FakeEngine second;
  RunService other(second, *project_);
  ASSERT_TRUE(other.resume(*run).ok());
  EXPECT_EQ(other.wait().outcome, "done");
  EXPECT_THAT(second.requests().at(0).resume_from, HasSubstr("step-4.fake"));
  EXPECT_EQ(steps_of(*run, "loss").size(), 10u);  // steps 5 to 9 once, not twice
}

TEST_F(RunServiceTest, ResumeWithoutACheckpointStartsAgainAndSaysSo) {
  FakeEngine engine({.fail_at_step = 3});
  RunService service(engine, *project_);
  const auto run = service.start(request());
  (void)service.wait();
  FakeEngine second;
  RunService other(second, *project_);
  const auto listener = std::make_shared<Listener>();
  other.set_listener(listener);
  ASSERT_TRUE(other.resume(*run).ok());
  EXPECT_EQ(other.wait().outcome, "done");
  EXPECT_EQ(second.requests().at(0).resume_from, "");
  EXPECT_EQ(steps_of(*run, "loss").size(), 10u);
  ASSERT_EQ(listener->all<WarningEvent>().size(), 1u);
  EXPECT_THAT(listener->all<WarningEvent>()[0].message, HasSubstr("beginning"));
}

TEST_F(RunServiceTest, ExportIsRecorded) {
  FakeEngine engine;
  RunService service(engine, *project_);
  const auto run = service.start(request());
  (void)service.wait();
  std::optional<Result<ExportReport>> report;
  service.export_run(*run, 4, {.format = "peft", .out = folder_.file("out")}, [&](Result<ExportReport> r) { report = std::move(r); });
  ASSERT_TRUE(report && report->ok()) << report->status().message();
  EXPECT_THAT(engine.exports().at(0).adapter, HasSubstr("step-4.fake"));
  EXPECT_EQ(engine.exports().at(0).model, folder_.file("model.gguf"));
  const auto artifacts = project_->artifacts(*run);
  ASSERT_EQ(artifacts->size(), 1u);
  EXPECT_EQ(artifacts->at(0).step, 4);
  EXPECT_EQ(artifacts->at(0).format, "peft");
  service.export_run(*run, 0, {.format = "peft", .out = folder_.file("out")}, [&](Result<ExportReport> r) { report = std::move(r); });
  EXPECT_EQ(report->status().code(), ErrorCode::AlreadyExists);
  service.export_run(99, 0, {.format = "peft", .out = folder_.file("out2")}, [&](Result<ExportReport> r) { report = std::move(r); });
  EXPECT_FALSE(report->ok());
}

// A real model and data: the shapes of a step come from them.
class FloorTest : public RunServiceTest {
 protected:
  void SetUp() override {
    RunServiceTest::SetUp();
    ::setenv("WEFT_CACHE", folder_.file("cache").c_str(), 1);
  }
  void TearDown() override { ::unsetenv("WEFT_CACHE"); }

  TrainRequest stories(std::int64_t steps = 10) const {
    TrainRequest r;
    r.model["path"] = std::string(WEFT_TEST_DATA) + "/models/stories260k/stories260K-f32.gguf";
    r.data = {{"path", folder_.write("rows.txt", "Once there was a tree.\n\nIt was tall.\n\nA bird came by and sang all day.")}, {"max_length", 64}};
    r.train = {{"steps", steps}, {"batch_tokens", 64}};
    return r;
  }
  static Result<BatchFloor> measure(RunService& service, RunId run) {
    std::optional<Result<BatchFloor>> floor;
    service.measure_floor(run, [&](Result<BatchFloor> f) { floor = std::move(f); });  // the scripted engine answers at once
    return floor ? *floor : Result<BatchFloor>(Status(ErrorCode::Internal, "no answer"));
  }
};

TEST_F(FloorTest, IsMeasuredOnceForAllRunsOfItsShapes) {
  FakeEngine engine;
  RunService service(engine, *project_);
  const auto first = service.start(stories());
  ASSERT_TRUE(first.ok()) << first.status().message();
  (void)service.wait();
  auto known = service.floor_of(*first);
  ASSERT_TRUE(known.ok()) << known.status().message();
  EXPECT_FALSE(known->floor.has_value());
  EXPECT_EQ(known->why_not, "");  // it can be measured

  const auto floor = measure(service, *first);
  ASSERT_TRUE(floor.ok()) << floor.status().message();
  EXPECT_EQ(floor->times.linears, 0.05);
  EXPECT_EQ(floor->times.attention, 0.02);
  EXPECT_GT(floor->tokens, 10);
  EXPECT_LE(floor->tokens, 64);
  EXPECT_LT(floor->trained_tokens, floor->tokens);

  TrainRequest same = stories();
  same.train["lr"] = 1e-3;
  same.train["seed"] = 7;
  const auto second = service.start(same);
  (void)service.wait();
  known = service.floor_of(*second);
  ASSERT_TRUE(known.ok() && known->floor.has_value()) << known->why_not;
  EXPECT_EQ(to_json(*known->floor), to_json(*floor));

  TrainRequest other = stories();
  other.data["max_length"] = 16;  // shorter rows
  const auto third = service.start(other);
  (void)service.wait();
  known = service.floor_of(*third);
  ASSERT_TRUE(known.ok());
  EXPECT_FALSE(known->floor.has_value());

  // what a run was told stays with it, without cache, model and data
  std::filesystem::remove_all(folder_.file("cache"));
  std::filesystem::remove(folder_.file("rows.txt"));
  ASSERT_TRUE(project_->flush().ok());
  for (const RunId run : {*first, *second}) {
    known = service.floor_of(run);
    ASSERT_TRUE(known.ok() && known->floor.has_value()) << run;
    EXPECT_EQ(to_json(*known->floor), to_json(*floor));
  }
  known = service.floor_of(*third);
  ASSERT_TRUE(known.ok());
  EXPECT_THAT(known->why_not, HasSubstr("rows.txt is not there any more"));
  EXPECT_EQ(measure(service, *third).status().code(), ErrorCode::NotFound);
}

TEST_F(FloorTest, IsNotMeasuredWhileARunGoesOnNorForAnotherMachine) {
  FakeEngine engine({.hold_before_step = 3});
  RunService service(engine, *project_);
  const auto run = service.start(stories());
  ASSERT_TRUE(run.ok()) << run.status().message();
  engine.wait_until_held();
  EXPECT_EQ(measure(service, *run).status().code(), ErrorCode::Busy);
  engine.release();
  (void)service.wait();

  Json started = project_->run(*run)->started;
  ASSERT_TRUE(started.contains("machine"));
  started["machine"] = "an abacus";
  project_->record_started(*run, started, 10);
  ASSERT_TRUE(project_->flush().ok());
  EXPECT_THAT(service.floor_of(*run)->why_not, HasSubstr("another machine (an abacus; this is "));
  EXPECT_EQ(measure(service, *run).status().code(), ErrorCode::Unsupported);
}

TEST_F(FloorTest, IsNotReadFromADamagedFile) {
  FakeEngine engine;
  RunService service(engine, *project_);
  const auto run = service.start(stories());
  (void)service.wait();
  ASSERT_TRUE(measure(service, *run).ok());
  int files = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder_.file("cache/floors"))) {
    ++files;
    std::ofstream(file.path()) << R"({"model":1,"batch":2,"floor":{"tokens":1e300}})";
  }
  EXPECT_EQ(files, 1);
  const auto second = service.start(stories());
  (void)service.wait();
  EXPECT_FALSE(service.floor_of(*second)->floor.has_value());
}

TEST_F(RunServiceTest, AProjectInMemoryWritesNoCheckpoints) {
  open(":memory:");
  FakeEngine engine;
  RunService service(engine, *project_);
  const auto run = service.start(request());
  ASSERT_TRUE(run.ok()) << run.status().message();
  EXPECT_EQ(service.wait().outcome, "done");
  EXPECT_EQ(steps_of(*run, "loss").size(), 10u);
  EXPECT_TRUE(project_->checkpoints(*run)->empty());
  EXPECT_EQ(service.checkpoint_path(*run, 0).status().code(), ErrorCode::NotFound);
}

// A limit on file sizes stands in for a full disk: writes fail in the same place and way.
TEST_F(RunServiceTest, AFullDiskIsSaidLoudlyAndTrainingGoesOn) {
  FakeEngine engine({.hold_before_step = 5});
  RunService service(engine, *project_);
  const auto listener = std::make_shared<Listener>();
  service.set_listener(listener);
  TrainRequest long_run = request(600);
  long_run.probe["spectra_every"] = 1;
  ASSERT_TRUE(service.start(long_run).ok());
  engine.wait_until_held();
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{4096, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  engine.release();
  const FinishedEvent end = service.wait();
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_EQ(end.outcome, "done");
  EXPECT_EQ(end.step, 600);
  EXPECT_FALSE(service.recording().ok());
  const auto warnings = listener->all<WarningEvent>();
  EXPECT_TRUE(std::any_of(warnings.begin(), warnings.end(),
                          [](const auto& w) { return w.message.find("cannot be written") != std::string::npos; }));
}

}  // namespace
}  // namespace weft
