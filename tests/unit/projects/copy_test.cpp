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
