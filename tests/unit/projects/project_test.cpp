// SPDX-License-Identifier: GPL-3.0-or-later
// Every method of Project, in memory and in a file.
#include <gmock/gmock.h>

#include <fstream>

#include "projects/db/connection.h"
#include "tests/unit/projects/project_testing.h"

namespace weft::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class InMemory : public ::testing::Test {
 protected:
  std::unique_ptr<Project> project_ = must(Project::open(":memory:", true));
  RunId new_run() { return must(project_->create_run({{"method", "lora"}}, 10)); }
};

TEST_F(InMemory, StartsEmpty) {
  EXPECT_EQ(project_->path(), ":memory:");
  EXPECT_EQ(project_->files_folder(), "");
  EXPECT_FALSE(project_->read_only());
  EXPECT_TRUE(must(project_->runs()).empty());
  EXPECT_TRUE(must(project_->assets()).empty());
  EXPECT_TRUE(must(project_->artifacts(0)).empty());
  EXPECT_TRUE(must(project_->draft()).is_null());
  EXPECT_OK(project_->flush());
}

TEST_F(InMemory, TwoInMemoryProjectsAreTwo) {
  const auto other = must(Project::open(":memory:", true));
  new_run();
  EXPECT_TRUE(must(other->runs()).empty());
}

TEST_F(InMemory, HoldsTheWholeFixture) {
  fill_fixture(*project_);
  expect_fixture(*project_);
}

TEST_F(InMemory, ANewRunIsQueuedAndDated) {
  EXPECT_EQ(new_run(), 1);
  EXPECT_EQ(new_run(), 2);
  const RunRecord run = must(project_->run(2));
  EXPECT_EQ(run.name, "r2");
  EXPECT_EQ(run.state, "queued");
  EXPECT_EQ(run.total_steps, 10);
  EXPECT_THAT(run.created_at, ::testing::MatchesRegex("2[0-9]{3}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\\.[0-9]{3}Z"));
  EXPECT_EQ(run.finished_at, "");
  EXPECT_EQ(run.last_step, 0);
  EXPECT_TRUE(std::isnan(run.last_loss));
  EXPECT_TRUE(std::isnan(run.last_eval_loss));
  EXPECT_EQ(project_->run(3).status().code(), ErrorCode::NotFound);
}

TEST_F(InMemory, StatesFinishAndStartAgain) {
  const RunId run = new_run();
  project_->record_run_state(run, "running", "");
  EXPECT_OK(project_->flush());
  EXPECT_EQ(must(project_->run(run)).state, "running");
  EXPECT_EQ(must(project_->run(run)).finished_at, "");
  project_->record_run_state(run, "failed", "disk full");
  EXPECT_OK(project_->flush());
  EXPECT_EQ(must(project_->run(run)).message, "disk full");
  EXPECT_NE(must(project_->run(run)).finished_at, "");
  project_->record_run_state(run, "running", "");
  EXPECT_OK(project_->flush());
  EXPECT_EQ(must(project_->run(run)).message, "");
  EXPECT_EQ(must(project_->run(run)).finished_at, "");
}

TEST_F(InMemory, RunsAreFoundByNumberAndName) {
  const RunId first = new_run(), second = new_run();
  EXPECT_OK(project_->rename_run(second, "long context"));
  EXPECT_EQ(must(project_->find_run("r1")), first);
  EXPECT_EQ(must(project_->find_run("1")), first);
  EXPECT_EQ(must(project_->find_run("r2")), second);
  EXPECT_EQ(must(project_->find_run("long context")), second);
  for (const char* wrong : {"", "r", "r3", "0", "-1", "r99999999999999999999", "1x", " 1"})
    EXPECT_EQ(project_->find_run(wrong).status().code(), ErrorCode::NotFound) << wrong;
  EXPECT_THAT(project_->find_run("long contxt").status().message(), HasSubstr("did you mean \"long context\"?"));
}

TEST_F(InMemory, NamesAreUniqueAndNeverLookLikeAnotherRun) {
  const RunId first = new_run(), second = new_run();
  EXPECT_OK(project_->rename_run(first, "baseline"));
  EXPECT_EQ(project_->rename_run(second, "baseline").code(), ErrorCode::AlreadyExists);
  for (const std::string& bad : {std::string("r1"), std::string("7"), std::string("r99"), std::string(""), std::string("  "),
                                 std::string("two\nlines"), std::string(201, 'x')})
    EXPECT_EQ(project_->rename_run(second, bad).code(), ErrorCode::InvalidArgument) << bad;
  EXPECT_OK(project_->rename_run(second, "r2"));
  EXPECT_OK(project_->rename_run(first, "r1"));
  EXPECT_EQ(project_->rename_run(9, "ghost").code(), ErrorCode::NotFound);
  EXPECT_OK(project_->flush());  // refusals are returned where they happen, not kept
}

TEST_F(InMemory, MetricsAreReplacedAndSorted) {
  const RunId run = new_run();
  project_->record_metrics({{run, 2, "loss", 2.0}, {run, 1, "loss", 3.0}, {run, 1, "lr", 0.1}});
  project_->record_metrics({{run, 2, "loss", 1.5}});  // a resumed run writes its curve anew
  project_->record_metrics({{run, 3, "loss", std::numeric_limits<double>::infinity()}, {run, 4, "loss", std::nan("")}});
  EXPECT_OK(project_->flush());
  const auto loss = must(project_->metrics(run, "loss"));
  ASSERT_EQ(loss.size(), 4u);
  EXPECT_EQ(loss[0].value, 3.0);
  EXPECT_EQ(loss[1].value, 1.5);
  EXPECT_TRUE(std::isinf(loss[2].value));
  EXPECT_TRUE(std::isnan(loss[3].value));
  const auto all = must(project_->metrics(run, ""));
  ASSERT_EQ(all.size(), 5u);
  EXPECT_TRUE(std::ranges::is_sorted(all, {}, &MetricRow::step));
  EXPECT_EQ(must(project_->run(run)).last_step, 4);
}

TEST_F(InMemory, SpectraComeBackBitForBit) {
  const RunId run = new_run();
  SpectrumRow row = make_spectrum(run, 5, "b");
  row.values = {1.5f, std::numeric_limits<float>::denorm_min(), 0.0f};
  row.direction_change = std::nan("");
  project_->record_spectra({row, make_spectrum(run, 5, "a"), make_spectrum(run, 0, "b")});
  SpectrumRow empty = make_spectrum(run, 6, "b");
  empty.values.clear();
  project_->record_spectra({empty});
  EXPECT_OK(project_->flush());
  const auto all = must(project_->spectra(run, ""));
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].step, 0);
  EXPECT_EQ(all[1].site, "a");
  EXPECT_EQ(all[2].values, row.values);
  EXPECT_TRUE(std::isnan(all[2].direction_change));
  EXPECT_TRUE(all[3].values.empty());
  EXPECT_EQ(must(project_->spectra(run, "a")).size(), 1u);
  EXPECT_TRUE(must(project_->spectra(run, "c")).empty());
}

TEST_F(InMemory, TruncatingForgetsWhatCameAfter) {
  const RunId run = new_run(), other = new_run();
  for (std::int64_t step = 0; step <= 10; ++step) {
    for (const RunId id : {run, other}) {
      project_->record_metrics({{id, step, "loss", 1.0}, {id, step, "lr", 1.0}});
      project_->record_spectra({make_spectrum(id, step, "a")});
      project_->record_event({.run = id, .step = step, .type = "eval"});
      project_->record_checkpoint({.run = id, .step = step, .path = "/c", .bytes = 1});
    }
  }
  EXPECT_OK(project_->truncate_run_after(run, 6));  // after what is still in the queue
  EXPECT_OK(project_->flush());
  EXPECT_EQ(must(project_->metrics(run, "")).size(), 14u);
  EXPECT_EQ(must(project_->spectra(run, "")).size(), 7u);
  EXPECT_EQ(must(project_->events(run)).size(), 7u);
  EXPECT_EQ(must(project_->checkpoints(run)).size(), 7u);
  EXPECT_EQ(must(project_->run(run)).last_step, 6);
  EXPECT_EQ(must(project_->metrics(other, "")).size(), 22u);
  EXPECT_EQ(must(project_->checkpoints(other)).size(), 11u);
  EXPECT_EQ(project_->truncate_run_after(99, 0).code(), ErrorCode::NotFound);
}

TEST_F(InMemory, AssetsAreKeptByKindAndPath) {
  EXPECT_OK(project_->save_asset({.kind = "model", .name = "a", .path = "/m", .facts = {{"v", 1}}}));
  EXPECT_OK(project_->save_asset({.kind = "dataset", .name = "b", .path = "/m"}));
  EXPECT_OK(project_->save_asset({.kind = "model", .name = "c", .path = "/m", .facts = {{"v", 2}}}));
  const auto assets = must(project_->assets());
  ASSERT_EQ(assets.size(), 2u);
  EXPECT_EQ(assets[0].name, "c");
  EXPECT_EQ(assets[0].facts["v"], 2);
  EXPECT_TRUE(assets[1].facts.is_null());
  EXPECT_EQ(project_->save_asset({.kind = "model", .name = "x", .path = ""}).code(), ErrorCode::InvalidArgument);
}

TEST_F(InMemory, ArtifactsOfOneRunOrAll) {
  const RunId first = new_run(), second = new_run();
  EXPECT_OK(project_->save_artifact({.run = first, .step = 3, .format = "peft", .path = "/out/a", .bytes = 10}));
  EXPECT_OK(project_->save_artifact({.run = second, .step = 4, .format = "merged", .path = "/out/b", .max_difference = 1e-5}));
  EXPECT_EQ(must(project_->artifacts(0)).size(), 2u);
  const auto rows = must(project_->artifacts(second));
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].format, "merged");
  EXPECT_EQ(rows[0].max_difference, 1e-5);
  EXPECT_NE(rows[0].at, "");
  EXPECT_EQ(project_->save_artifact({.run = 99, .format = "peft", .path = "/x"}).code(), ErrorCode::NotFound);
}

TEST_F(InMemory, OneBadRowCostsOnlyItself) {
  const RunId run = new_run();
  project_->record_metrics({{run, 1, "loss", 1.0}});
  project_->record_metrics({{99, 1, "loss", 1.0}, {99, 2, "loss", 1.0}});
  project_->record_metrics({{run, 2, "loss", 1.0}});
  project_->record_run_state(77, "running", "");
  const Status status = project_->flush();
  EXPECT_EQ(status.code(), ErrorCode::NotFound);
  EXPECT_THAT(status.message(), HasSubstr("3 rows were not recorded"));
  EXPECT_EQ(must(project_->metrics(run, "loss")).size(), 2u);
  EXPECT_OK(project_->flush());  // said once
}

TEST(ProjectFile, IsTheSameWhenOpenedAgain) {
  TemporaryFolder folder;
  fill_fixture(*open_project(folder / "a b%?#.weft"));
  const auto project = open_project(folder / "a b%?#.weft", /*create=*/false);
  expect_fixture(*project);
  EXPECT_EQ(project->path(), (folder / "a b%?#.weft").string());
  EXPECT_EQ(project->files_folder(), (folder / "a b%?#.files").string());
}

TEST(ProjectFile, ClosedIsOneFile) {
  TemporaryFolder folder;
  fill_fixture(*open_project(folder / "p.weft"));
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder.path())) names.push_back(entry.path().filename());
  EXPECT_THAT(names, ::testing::UnorderedElementsAre("p.weft", "p.files"));
}

TEST(ProjectFile, ConfigurationsCannotBeChanged) {
  TemporaryFolder folder;
  fill_fixture(*open_project(folder / "p.weft"));
  Connection connection = must(Connection::open((folder / "p.weft").string(), OpenMode::ReadWrite));
  for (const char* sql : {"UPDATE config SET json = '{}'", "UPDATE config SET run = 2 WHERE run = 1",
                          "INSERT OR REPLACE INTO config (run, json) VALUES (1, '{}')"}) {
    const Status status = connection.execute(sql);
    EXPECT_THAT(status.message(), HasSubstr("cannot be changed")) << sql;
  }
  expect_fixture(*open_project(folder / "p.weft"));
}

TEST(ProjectFile, PathsInsideTheFilesFolderMoveWithTheProject) {
  TemporaryFolder folder;
  {
    const auto project = open_project(folder / "p.weft");
    const RunId run = must(project->create_run({}, 1));
    const fs::path inside = fs::path(project->files_folder()) / "r1" / "step-1.ckpt";
    fs::create_directories(inside.parent_path());
    std::ofstream(inside) << "x";
    std::ofstream(folder / "outside.ckpt") << "x";
    project->record_checkpoint({.run = run, .step = 1, .path = inside.string(), .bytes = 1});
    project->record_checkpoint({.run = run, .step = 2, .path = (folder / "outside.ckpt").string(), .bytes = 1});
    project->record_checkpoint({.run = run, .step = 3, .path = "r1/gone.ckpt", .bytes = 1});
    project->record_checkpoint({.run = run, .step = 4, .path = "../outside.ckpt", .bytes = 1});
    project->record_checkpoint({.run = run, .step = 5, .path = (folder / "p.filesystem").string(), .bytes = 1});
    EXPECT_OK(project->save_artifact({.run = run, .format = "peft", .path = project->files_folder() + "/x/../peft"}));
    EXPECT_OK(project->flush());
  }
  fs::create_directory(folder / "moved");
  fs::rename(folder / "p.weft", folder / "moved/q.weft");
  fs::rename(folder / "p.files", folder / "moved/q.files");
  const auto project = open_project(folder / "moved/q.weft");
  const auto rows = must(project->checkpoints(1));
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(rows[0].path, "r1/step-1.ckpt");
  EXPECT_TRUE(rows[0].present);
  EXPECT_EQ(rows[1].path, (folder / "outside.ckpt").string());
  EXPECT_TRUE(rows[1].present);
  EXPECT_FALSE(rows[2].present);
  EXPECT_FALSE(rows[3].present);  // never looks outside the folder for a relative path
  EXPECT_TRUE(fs::path(rows[4].path).is_absolute());
  EXPECT_EQ(must(project->artifacts(1)).at(0).path, "peft");
}

}  // namespace
}  // namespace weft::testing
