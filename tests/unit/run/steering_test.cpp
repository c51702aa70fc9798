// SPDX-License-Identifier: GPL-3.0-or-later
// Edits and best checkpoints between service, project and report, with a scripted engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "app/run/best_step.h"
#include "app/run/report/report_page.h"
#include "app/run/run_service.h"
#include "tests/support/fake_engine.h"
#include "tests/support/test_files.h"

namespace weft {
namespace {

using test::FakeEngine;
using ::testing::HasSubstr;

class SteeringServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    auto project = Project::open(folder_.file("p.weft"), true);
    ASSERT_TRUE(project.ok()) << project.status().message();
    project_ = std::move(*project);
  }
  TrainRequest request() const {
    TrainRequest r;
    r.model["path"] = folder_.write("model.gguf", "x");
    r.data["path"] = folder_.write("rows.jsonl", "{}");
    r.train = {{"steps", 10}, {"eval_every", 5}, {"checkpoint_every", 4}};
    return r;
  }
  static Result<std::int64_t> edit(RunService& service, const char* text) {
    std::promise<Result<std::int64_t>> told;
    service.edit(*parse_edit(text), [&](Result<std::int64_t> step) { told.set_value(std::move(step)); });
    return told.get_future().get();
  }
  std::vector<EventRow> rows(RunId run, const std::string& type) {
    std::vector<EventRow> found;
    const auto events = project_->events(run);
    for (const auto& event : *events)
      if (event.type == type) found.push_back(event);
    return found;
  }

  test::TemporaryFolder folder_;
  std::unique_ptr<Project> project_;
};

TEST_F(SteeringServiceTest, AnEditIsRecordedWhereItTookEffectAndTheReportFlagsIt) {
  FakeEngine engine({.hold_before_step = 6});
  RunService service(engine, *project_);
  const auto run = service.start(request());
  ASSERT_TRUE(run.ok());
  engine.wait_until_held();
  const auto step = edit(service, "lr=1e-4");
  ASSERT_TRUE(step.ok()) << step.status().message();
  EXPECT_EQ(*step, 6);
  EXPECT_FALSE(edit(service, "alpha=2").ok());
  engine.release();
  EXPECT_EQ(service.wait().outcome, "done");
  EXPECT_THAT(edit(service, "lr=1e-4").status().message(), HasSubstr("no run is going on"));
  ASSERT_TRUE(project_->flush().ok());
  const auto edits = rows(*run, "edit");
  ASSERT_EQ(edits.size(), 1U);
  EXPECT_EQ(edits[0].step, 6);
  const EditEvent event = edit_from_json(6, edits[0].detail);
  EXPECT_EQ(to_text(event.edit), "6:lr=0.0001");
  const auto page = report_page(*project_, *run);
  ASSERT_TRUE(page.ok());
  EXPECT_THAT(*page, HasSubstr("class=\"mark\""));
  EXPECT_THAT(*page, HasSubstr("step 6: learning rate 0.001 to"));
}

TEST_F(SteeringServiceTest, GoingBackForgetsWhatCameAfterAndChangesTheRate) {
  FakeEngine engine({.fail_at_step = 10});
  RunService service(engine, *project_);
  const auto run = service.start(request());
  ASSERT_TRUE(run.ok());
  EXPECT_EQ(service.wait().outcome, "failed");
  EXPECT_THAT(service.resume(*run, {.step = 5}).status().message(), HasSubstr("no checkpoint at step 5; it has 4, 8"));
  EXPECT_THAT(service.resume(*run, {.step = 4, .edit = parse_edit("lr=11").value()}).status().message(), HasSubstr("lr"));
  EXPECT_EQ(project_->checkpoints(*run)->size(), 2U) << "a refusal forgets nothing";
  ASSERT_TRUE(service.resume(*run, {.step = 4, .edit = parse_edit("lr=1e-5").value()}).ok());
  (void)service.wait();
  const auto again = engine.requests().back();
  EXPECT_THAT(again.resume_from, HasSubstr("step-4"));
  ASSERT_EQ(again.edits.size(), 1U);
  EXPECT_EQ(to_text(again.edits[0]), "5:lr=1e-05");
  EXPECT_TRUE(service.request_of(*run)->edits.empty()) << "the snapshot stays as it was";
}

TEST_F(SteeringServiceTest, TheBestCheckpointIsFoundByItsName) {
  const auto run = project_->create_run(Json::object(), 10);
  EXPECT_THAT(find_whole_checkpoint(*project_, *run, kBestCheckpoint).status().message(), HasSubstr("no best checkpoint"));
  for (const std::int64_t step : {4, 8}) {
    const std::string name = "step-" + std::to_string(step);
    project_->record_checkpoint({.run = *run, .step = step, .path = folder_.write(name, "x"), .sha256 = "", .bytes = 1});
  }
  project_->record_event({*run, 4, "best", {{"loss", 2.5}}, ""});
  project_->record_event({*run, 8, "best", {{"loss", 2.25}}, ""});
  project_->forget_checkpoint(*run, 4);
  ASSERT_TRUE(project_->flush().ok());
  const auto best = find_whole_checkpoint(*project_, *run, kBestCheckpoint);
  ASSERT_TRUE(best.ok()) << best.status().message();
  EXPECT_EQ(best->step, 8);
  EXPECT_EQ(best_step(*project_->events(*run))->loss, 2.25);
  EXPECT_EQ(project_->checkpoints(*run)->size(), 1U);
  ASSERT_TRUE(project_->truncate_run_after(*run, 7).ok());
  EXPECT_EQ(best_step(*project_->events(*run))->step, 4);
}

}  // namespace
}  // namespace weft
