// SPDX-License-Identifier: GPL-3.0-or-later
// Copies of projects: of one that is being written, with its files; never half of one.
#include "projects/api/project_copy.h"

#include <gmock/gmock.h>

#include <fstream>
#include <set>

#include "projects/db/connection.h"
#include "tests/unit/projects/project_testing.h"

namespace weft::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

TEST(Copy, HasEveryRowAndFileOfAProjectThatIsBeingWritten) {
  TemporaryFolder folder;
  const auto project = open_project(folder / "p.weft");
  fill_fixture(*project);
  fs::create_directories(fs::path(project->files_folder()) / "checkpoints/r1");
  std::ofstream(fs::path(project->files_folder()) / "checkpoints/r1/more.bin") << "12345";
  fs::create_symlink("/etc/passwd", fs::path(project->files_folder()) / "link");
  project->record_metrics({{1, 99, "loss", 0.25}});
  EXPECT_OK(project->flush());
  const auto copy = copy_project((folder / "p.weft").string(), (folder / "elsewhere").string());
  ASSERT_TRUE(copy.ok()) << copy.status().message();
  EXPECT_EQ(copy->path, (folder / "elsewhere.weft").string()) << "with the ending that it lacks";
  EXPECT_GE(copy->bytes, 5u);
  const auto read = open_project(copy->path);
  EXPECT_FALSE(read->read_only());
  EXPECT_EQ(must(read->metrics(1, "loss")).back().value, 0.25);
  EXPECT_EQ(must(read->runs()).size(), must(project->runs()).size());
  EXPECT_TRUE(fs::exists(folder / "elsewhere.files/checkpoints/r1/more.bin"));
  EXPECT_FALSE(fs::exists(fs::symlink_status(folder / "elsewhere.files/link"))) << "links lead out of the folder";
  EXPECT_OK(project->rename_run(1, "still mine"));
  EXPECT_NE(must(read->run(1)).name, "still mine");
}

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename().string());
  return names;
}

// A go_on that says no at its n-th question.
struct NoAt {
  int n;
  int asked = 0;
  std::uint64_t done = 0, all = 0;
  GoOn go_on() {
    return [this](std::uint64_t d, std::uint64_t a) {
      EXPECT_GE(d, done);
      EXPECT_LE(d, a);
      done = d;
      all = a;
      return ++asked != n;
    };
  }
};

TEST(Copy, EndsWhereverItIsToldToAndLeavesNothing) {
  TemporaryFolder folder;
  const auto project = open_project(folder / "p.weft");
  fill_fixture(*project);
  fs::create_directories(fs::path(project->files_folder()) / "checkpoints/r1");
  std::ofstream(fs::path(project->files_folder()) / "checkpoints/r1/big.bin") << std::string(9 << 20, 'x');   // three pieces
  EXPECT_OK(project->flush());
  const auto before = names_in(folder.path());
  int ended = 0;
  for (int n = 1;; ++n) {
    ASSERT_LT(n, 50);
    NoAt no{n};
    const auto copy = copy_project((folder / "p.weft").string(), (folder / "q.weft").string(), no.go_on());
    EXPECT_GT(no.all, 9u << 20);
    if (copy.ok()) {
      EXPECT_EQ(no.done, no.all);
      EXPECT_EQ(test::content_of(folder / "q.files/checkpoints/r1/big.bin").size(), 9u << 20);
      break;
    }
    ++ended;
    EXPECT_EQ(copy.status().code(), ErrorCode::Cancelled);
    EXPECT_THAT(copy.status().message(), HasSubstr("was ended; nothing was kept"));
    EXPECT_EQ(names_in(folder.path()), before);
  }
  EXPECT_GE(ended, 3);
}

TEST(Copy, ComesToAnEndThoughRowsAreWrittenAllTheWhile) {
  TemporaryFolder folder;
  const auto project = open_project(folder / "p.weft");
  fill_fixture(*project);
  std::vector<MetricRow> rows;
  for (std::int64_t step = 0; step < 300'000; ++step) rows.push_back({1, step, "loss", 0.5});
  project->record_metrics(rows);
  EXPECT_OK(project->flush());
  int asked = 0;
  const auto copy = copy_project((folder / "p.weft").string(), (folder / "q.weft").string(), [&](std::uint64_t, std::uint64_t) {
    project->record_metrics({{1, 1'000'000 + ++asked, "loss", 0.25}});
    EXPECT_OK(project->flush());
    return asked < 1000;
  });
  ASSERT_TRUE(copy.ok()) << copy.status().message();
  EXPECT_GE(asked, 2) << "too small a project to write between two pieces of it";
  EXPECT_LT(must(open_project(copy->path)->metrics(1, "loss")).back().step, 1'000'000) << "it is as it was when the copy was asked for";
}

TEST(Copy, IsMadeOfANewerVersionToo) {
  TemporaryFolder folder;
  fill_fixture(*open_project(folder / "p.weft"));
  EXPECT_OK(must(Connection::open((folder / "p.weft").string(), OpenMode::ReadWrite)).execute("PRAGMA user_version = 907"));
  EXPECT_TRUE(copy_project((folder / "p.weft").string(), (folder / "q.weft").string()).ok());
  EXPECT_EQ(must(must(Connection::open((folder / "q.weft").string(), OpenMode::ReadWrite)).query_int("PRAGMA user_version")), 907);
}

TEST(MoveFiles, BringsThemElsewhereAndEverythingFollows) {
  TemporaryFolder folder;
  fs::create_directories(folder / "disk");
  fs::create_directories(folder / "other");
  const auto project = open_project(folder / "p.weft");
  fill_fixture(*project);
  const fs::path files = project->files_folder();
  fs::create_directories(files / "checkpoints/r1");
  std::ofstream(files / "checkpoints/r1/more.bin") << "12345";
  const std::string path = (folder / "p.weft").string();
  for (const char* where : {"disk", "other"}) {   // the second time from where the first had brought them
    const auto moved = move_project_files(path, (folder / where).string());
    ASSERT_TRUE(moved.ok()) << moved.status().message();
    EXPECT_EQ(moved->folder, (folder / where / "p.files").string());
    EXPECT_GE(moved->bytes, 5U);
    EXPECT_TRUE(fs::is_symlink(files));
    EXPECT_EQ(test::content_of(files / "checkpoints/r1/more.bin"), "12345");
    EXPECT_TRUE(fs::exists(folder / where / "p.files/checkpoints/r1/more.bin"));
  }
  EXPECT_TRUE(fs::is_empty(folder / "disk"));
  EXPECT_EQ(must(open_project(path)->checkpoints(1)).size(), must(project->checkpoints(1)).size());
  const auto copy = copy_project(path, (folder / "q.weft").string());
  ASSERT_TRUE(copy.ok());
  EXPECT_EQ(test::content_of(folder / "q.files/checkpoints/r1/more.bin"), "12345") << "a copy has the files themselves";
  fs::create_directories(folder / "secret");
  std::ofstream(folder / "secret/key") << "x";
  fs::remove(files);
  fs::create_directory_symlink(folder / "secret", files);
  EXPECT_EQ(must(copy_project(path, (folder / "s.weft").string())).files, 0) << "a link that leads anywhere is not followed";
  EXPECT_EQ(move_project_files(path, (folder / "disk").string()).status().code(), ErrorCode::Unsupported);
  EXPECT_TRUE(fs::exists(folder / "secret/key"));
}

TEST(MoveFiles, CanBeEndedAndThenNothingWasMoved) {
  TemporaryFolder folder;
  fs::create_directories(folder / "disk");
  const auto project = open_project(folder / "p.weft");
  fill_fixture(*project);
  const fs::path files = project->files_folder();
  fs::create_directories(files / "checkpoints/r1");
  std::ofstream(files / "checkpoints/r1/big.bin") << std::string(9 << 20, 'x');
  EXPECT_OK(project->flush());
  const auto before = names_in(folder.path());
  NoAt no{2};
  const auto ended = move_project_files((folder / "p.weft").string(), (folder / "disk").string(), no.go_on());
  EXPECT_EQ(ended.status().code(), ErrorCode::Cancelled);
  EXPECT_THAT(ended.status().message(), HasSubstr("the files are where they were"));
  EXPECT_EQ(names_in(folder.path()), before);
  EXPECT_TRUE(fs::is_empty(folder / "disk"));
  EXPECT_FALSE(fs::is_symlink(files));
  EXPECT_EQ(test::content_of(files / "checkpoints/r1/big.bin").size(), 9u << 20);
}

TEST(MoveFiles, LeavesThemToARunThatBeginsMeanwhile) {
  TemporaryFolder folder;
  fs::create_directories(folder / "disk");
  const auto project = open_project(folder / "p.weft");
  fill_fixture(*project);
  fs::create_directories(project->files_folder());
  std::ofstream(fs::path(project->files_folder()) / "note") << "12345";
  const RunId run = must(project->create_run({}, 10));
  const auto moved = move_project_files((folder / "p.weft").string(), (folder / "disk").string(), [&](std::uint64_t, std::uint64_t) {
    project->record_run_state(run, "running", "");
    return project->flush().ok();
  });
  EXPECT_EQ(moved.status().code(), ErrorCode::Busy);
  EXPECT_TRUE(fs::is_empty(folder / "disk"));
  EXPECT_TRUE(fs::exists(fs::path(project->files_folder()) / "note"));
}

TEST(MoveFiles, WaitsForARunAndRefusesWhatIsThere) {
  TemporaryFolder folder;
  fs::create_directories(folder / "disk");
  const auto project = open_project(folder / "p.weft");
  fill_fixture(*project);
  fs::create_directories(fs::path(project->files_folder()) / "checkpoints");
  const std::string path = (folder / "p.weft").string();
  const auto refused = [&](const std::string& where) { return move_project_files(path, (folder / where).string()).status(); };
  const RunId run = must(project->create_run({}, 10));
  project->record_run_state(run, "running", "");
  EXPECT_OK(project->flush());
  EXPECT_EQ(refused("disk").code(), ErrorCode::Busy);
  EXPECT_THAT(refused("disk").message(), HasSubstr("is running: pause or stop it first"));
  project->record_run_state(run, "paused", "the disk is full");
  EXPECT_OK(project->flush());
  EXPECT_EQ(refused("no").code(), ErrorCode::NotFound);
  EXPECT_EQ(refused("p.files/checkpoints").code(), ErrorCode::InvalidArgument);
  fs::create_directories(folder / "disk/p.files");
  EXPECT_EQ(refused("disk").code(), ErrorCode::AlreadyExists);
  EXPECT_FALSE(fs::is_symlink(project->files_folder()));
  fs::remove(folder / "disk/p.files");
  EXPECT_OK(refused("disk"));
}

TEST(Copy, RefusesWhatIsThereAndWhatIsNoProjectAndLeavesNothing) {
  TemporaryFolder folder;
  fill_fixture(*open_project(folder / "p.weft"));
  folder.write("taken.weft", "mine");
  const auto refused = [&](const char* from, const char* to) { return copy_project((folder / from).string(), (folder / to).string()).status(); };
  EXPECT_EQ(refused("p.weft", "taken.weft").code(), ErrorCode::AlreadyExists);
  EXPECT_EQ(test::content_of(folder / "taken.weft"), "mine");
  EXPECT_EQ(refused("p.weft", "p.weft").code(), ErrorCode::AlreadyExists);
  EXPECT_EQ(refused("p.weft", "no/folder.weft").code(), ErrorCode::NotFound);
  EXPECT_EQ(refused("none.weft", "q.weft").code(), ErrorCode::NotFound);
  EXPECT_EQ(refused("taken.weft", "q.weft").code(), ErrorCode::Corrupt);
  for (const auto& entry : fs::directory_iterator(folder.path()))
    EXPECT_THAT((std::set<std::string>{"p.weft", "p.files", "taken.weft", "p.weft-wal", "p.weft-shm"}), ::testing::Contains(entry.path().filename().string()));
}

}  // namespace
}  // namespace weft::testing
