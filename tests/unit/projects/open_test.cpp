// SPDX-License-Identifier: GPL-3.0-or-later
// What may and may not be opened: hostile files, read-only places, other versions.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fstream>
#include <functional>
#include <random>

#include "engine/core/files.h"
#include "projects/db/connection.h"
#include "projects/db/migrations.h"
#include "tests/unit/projects/project_testing.h"

namespace weft::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

void write(const fs::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

std::string read(const fs::path& path) { return must(read_file(path, 1 << 28)); }

Status open_status(const fs::path& path, bool create = false) { return Project::open(path.string(), create).status(); }

// Everything a reader can ask; hostile content may fail, never crash.
void read_everything(Project& project) {
  (void)project.runs();
  (void)project.find_run("x");
  for (RunId run = 0; run < 4; ++run) {
    (void)project.run(run);
    (void)project.metrics(run, "");
    (void)project.spectra(run, "");
    (void)project.events(run);
    (void)project.checkpoints(run);
    (void)project.artifacts(run);
  }
  (void)project.assets();
  (void)project.draft();
  (void)project.queue().entries();
  (void)project.thinned_metrics(1, "loss", 10);
}

TEST(Open, MissingFilesAndFolders) {
  TemporaryFolder folder;
  EXPECT_EQ(open_status(folder / "no.weft").code(), ErrorCode::NotFound);
  EXPECT_FALSE(fs::exists(folder / "no.weft"));
  EXPECT_EQ(open_status(folder / "no/p.weft", /*create=*/true).code(), ErrorCode::NotFound);
  EXPECT_EQ(open_status("", /*create=*/true).code(), ErrorCode::InvalidArgument);
  EXPECT_EQ(open_status(std::string("a\0b", 3), /*create=*/true).code(), ErrorCode::InvalidArgument);
  EXPECT_EQ(open_status(folder.path()).code(), ErrorCode::InvalidArgument);
  EXPECT_THAT(open_status(folder.path()).message(), HasSubstr("folder"));
}

TEST(Open, FilesThatAreNoProjectAreNamedAsWhatTheyAre) {
  TemporaryFolder folder;
  write(folder / "text.weft", std::string(5000, 'x'));
  write(folder / "empty.weft", "");
  write(folder / "short.weft", "SQLite");
  write(folder / "magic.weft", std::string("SQLite format 3\0", 16));
  {
    Connection other = must(Connection::open((folder / "other.weft").string(), OpenMode::Create));
    EXPECT_OK(other.execute("CREATE TABLE bookmarks (url TEXT); PRAGMA application_id = 7"));
  }
  ASSERT_EQ(::mkfifo((folder / "pipe.weft").c_str(), 0600), 0);
  const std::pair<const char*, const char*> cases[] = {
      {"text.weft", "not a WEFT project"}, {"empty.weft", "empty"},       {"short.weft", "not a WEFT project"},
      {"magic.weft", "cut off after 16"},  {"pipe.weft", "regular file"}, {"other.weft", "another program"}};
  for (const auto& [name, fact] : cases) {
    for (const bool create : {false, true}) {
      const Status status = open_status(folder / name, create);
      EXPECT_FALSE(status.ok()) << name;
      EXPECT_THAT(status.message(), HasSubstr(fact)) << name;
      EXPECT_THAT(status.message(), HasSubstr(name));
      EXPECT_EQ(std::ranges::count(status.message(), '\n'), 0) << name;
    }
  }
  EXPECT_EQ(read(folder / "text.weft"), std::string(5000, 'x'));  // left as it was
  EXPECT_EQ(fs::file_size(folder / "empty.weft"), 0u);
}

TEST(Open, TruncatedProjectsAreRefused) {
  TemporaryFolder folder;
  fill_fixture(*open_project(folder / "p.weft"));
  const std::string whole = read(folder / "p.weft");
  for (const std::size_t size : {std::size_t{50}, std::size_t{100}, std::size_t{512}, std::size_t{4096}, std::size_t{5000},
                                 whole.size() / 2, whole.size() - 4096, whole.size() - 1}) {
    write(folder / "cut.weft", whole.substr(0, size));
    const Status status = open_status(folder / "cut.weft");
    EXPECT_EQ(status.code(), ErrorCode::Corrupt) << size << ": " << status.message();
    EXPECT_EQ(read(folder / "cut.weft").size(), size);
    for (const char* suffix : {"-wal", "-shm"}) fs::remove((folder / "cut.weft").string() + suffix);
  }
}

TEST(Open, DamagedProjectsNeverCrash) {
  TemporaryFolder folder;
  fill_fixture(*open_project(folder / "p.weft"));
  const std::string whole = read(folder / "p.weft");
  std::mt19937 random(20261122);
  int opened = 0, refused = 0;
  for (int round = 0; round < 60; ++round) {
    std::string damaged = whole;
    const int flips = 1 + static_cast<int>(random() % 40);
    for (int i = 0; i < flips; ++i) damaged[random() % damaged.size()] = static_cast<char>(random());
    if (round % 5 == 0) {  // a whole page of noise
      const std::size_t page = random() % (damaged.size() / 4096);
      for (std::size_t i = 0; i < 4096; ++i) damaged[page * 4096 + i] = static_cast<char>(random());
    }
    write(folder / "d.weft", damaged);
    auto project = Project::open((folder / "d.weft").string(), false);
    if (project.ok()) {
      read_everything(**project);
      (void)(*project)->create_run({}, 1);
      (*project)->record_metrics({{1, 1, "loss", 1.0}});
      (void)(*project)->flush();
      ++opened;
    } else {
      EXPECT_FALSE(project.status().message().empty());
      ++refused;
    }
    project = internal_error("closed");
    for (const char* suffix : {"-wal", "-shm"}) fs::remove((folder / "d.weft").string() + suffix);
  }
  EXPECT_GT(opened, 0);
  EXPECT_GT(refused, 0);
}

TEST(Open, HostileRowsGiveAStatus) {
  TemporaryFolder folder;
  const std::string path = (folder / "p.weft").string();
  fill_fixture(*open_project(path));
  {
    Connection connection = must(Connection::open(path, OpenMode::ReadWrite));
    EXPECT_OK(connection.execute("UPDATE run SET started = '{\"a\":' WHERE id = 1"));
    EXPECT_OK(connection.execute("UPDATE event SET detail = '" + std::string(5000, '[') + "'"));
    EXPECT_OK(connection.execute("UPDATE checkpoint SET path = '../../../../etc/passwd'"));
    EXPECT_OK(connection.execute("UPDATE project SET value = 'not json' WHERE key = 'draft'"));
    EXPECT_OK(connection.execute("UPDATE spectrum SET energy_rank_90 = 9223372036854775807"));
    EXPECT_OK(connection.execute("PRAGMA ignore_check_constraints = 1; UPDATE spectrum SET singular_values = x'010203'"));
  }
  const auto project = open_project(path);
  EXPECT_EQ(project->runs().status().code(), ErrorCode::Corrupt);
  EXPECT_THAT(project->runs().status().message(), HasSubstr("r1"));
  EXPECT_EQ(project->events(1).status().code(), ErrorCode::Corrupt);
  EXPECT_EQ(project->spectra(1, "").status().code(), ErrorCode::Corrupt);
  EXPECT_EQ(project->draft().status().code(), ErrorCode::Corrupt);
  EXPECT_FALSE(must(project->checkpoints(1)).at(0).present);
  EXPECT_EQ(must(project->metrics(1, "loss")).size(), 20u);  // what is whole stays readable
}

TEST(Open, ChangedTablesAreRefused) {
  TemporaryFolder folder;
  const std::string path = (folder / "p.weft").string();
  (void)open_project(path);
  {
    Connection connection = must(Connection::open(path, OpenMode::ReadWrite));
    EXPECT_OK(connection.execute("DROP TABLE metric"));
  }
  EXPECT_EQ(open_status(path).code(), ErrorCode::Corrupt);
  EXPECT_THAT(open_status(path).message(), HasSubstr("lacks its table metric"));
}

// What a later version might do to the file: `sql`, and another number.
void make_newer(const std::string& path, const std::string& sql) {
  Connection connection = must(Connection::open(path, OpenMode::ReadWrite));
  EXPECT_OK(connection.execute(sql));
  EXPECT_OK(connection.execute("PRAGMA user_version = 907"));
}

TEST(Open, ANewerSchemaThatHoldsAllThatIsReadHereIsOpenedReadOnly) {
  TemporaryFolder folder;
  const std::string path = (folder / "p.weft").string();
  {
    const auto project = open_project(path);
    fill_fixture(*project);
    EXPECT_EQ(project->schema_version(), newest_schema_version());
  }
  make_newer(path, "CREATE TABLE of_the_future (x); ALTER TABLE run ADD COLUMN mood TEXT; CREATE INDEX theirs ON of_the_future (x);"
                   "CREATE TRIGGER theirs AFTER INSERT ON metric BEGIN INSERT INTO of_the_future VALUES (1); END");
  const std::string before = read(path);
  {
    const auto project = open_project(path, /*create=*/false);
    EXPECT_TRUE(project->read_only());
    EXPECT_EQ(project->schema_version(), 907);
    EXPECT_THAT(project->read_only_reason(), HasSubstr("version 907, this one knows up to " + std::to_string(newest_schema_version())));
    expect_fixture(*project);
    EXPECT_THAT(project->create_run({}, 1).status().message(), HasSubstr("a newer WEFT made it"));
    read_everything(*project);
  }
  EXPECT_EQ(read(path), before) << "nothing in it is touched";
}

TEST(Open, ANewerSchemaThatLacksWhatIsReadIsRefusedWithBothVersions) {
  const std::pair<const char*, const char*> cases[] = {
      {"DROP TABLE spectrum", "its table spectrum is missing"},
      {"ALTER TABLE metric RENAME COLUMN value TO amount", "its table metric has no column value"},
      {"DROP TABLE asset; CREATE VIEW asset AS SELECT 1 AS id, 'model' AS kind, '' AS name, '' AS path, '' AS facts", "its table asset is missing"},
      {"DROP TABLE asset; CREATE TABLE asset (id INTEGER PRIMARY KEY, kind TEXT, name BLOB, path TEXT, facts TEXT)", "the column name is BLOB, not TEXT"}};
  for (const auto& [sql, fact] : cases) {
    TemporaryFolder folder;
    const std::string path = (folder / "p.weft").string();
    (void)open_project(path);
    make_newer(path, sql);
    const Status status = open_status(path);
    EXPECT_EQ(status.code(), ErrorCode::VersionMismatch) << sql;
    for (const std::string& part : {std::string("907"), "up to " + std::to_string(newest_schema_version()), std::string(fact)}) EXPECT_THAT(status.message(), HasSubstr(part)) << sql;
  }
}

TEST(Open, EveryReleasedVersionStillOpens) {
  TemporaryFolder folder;
  int found = 0;
  for (std::size_t version = 1; version <= project_migrations().size(); ++version) {
    const std::string name = "v" + std::to_string(version) + ".weft";
    fs::copy_file(fs::path(WEFT_TEST_DATA) / "projects" / name, folder / name);
    {
      const auto project = open_project(folder / name, /*create=*/false);
      expect_fixture(*project);
      if (version >= 2)
        expect_queue(*project);
      else
        fill_queue(*project);  // what the new version brings can be used at once
      expect_queue(*project);
    }
    Connection connection = must(Connection::open((folder / name).string(), OpenMode::ReadOnly));
    EXPECT_EQ(must(connection.query_int("PRAGMA user_version")), static_cast<std::int64_t>(project_migrations().size()));
    EXPECT_EQ(must(connection.query_text("PRAGMA integrity_check")), "ok");
    ++found;
  }
  EXPECT_GE(found, 1);
}

// Runs `body` in a process without the rights of root, which no file permission stops.
void as_ordinary_user(const std::function<void()>& body) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(3);
    try {
      body();
    } catch (const std::exception&) {
      ::_exit(2);
    }
    ::_exit(::testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "status " << status;
}

void expect_read_only(const fs::path& path) {
  const auto project = open_project(path, /*create=*/true);
  EXPECT_TRUE(project->read_only());
  expect_fixture(*project);
  EXPECT_OK(project->flush());
  const Status refused = project->create_run({}, 1).status();
  EXPECT_EQ(refused.code(), ErrorCode::IoError);
  EXPECT_THAT(refused.message(), HasSubstr("opened read-only"));
  EXPECT_FALSE(project->rename_run(1, "x").ok());
  EXPECT_FALSE(project->save_draft({}).ok());
  EXPECT_FALSE(project->save_asset({.kind = "model", .path = "/m"}).ok());
  EXPECT_FALSE(project->save_artifact({.run = 1, .format = "peft", .path = "/x"}).ok());
  EXPECT_FALSE(project->truncate_run_after(1, 0).ok());
  EXPECT_FALSE(project->set_run_note(1, "x").ok());
  EXPECT_FALSE(project->delete_run(1).ok());
  project->record_metrics({{1, 1, "loss", 1.0}, {1, 2, "loss", 1.0}});
  project->record_run_state(1, "running", "");
  const Status lost = project->flush();
  EXPECT_THAT(lost.message(), HasSubstr("3 rows were not recorded"));
  EXPECT_THAT(lost.message(), HasSubstr("opened read-only"));
  EXPECT_OK(project->flush());
  expect_fixture(*project);
}

TEST(ReadOnly, AFileThatMayNotBeWritten) {
  TemporaryFolder folder;
  fill_fixture(*open_project(folder / "p.weft"));
  fs::permissions(folder.path(), fs::perms::owner_all | fs::perms::others_all);
  fs::permissions(folder / "p.weft", fs::perms::owner_read | fs::perms::others_read);
  as_ordinary_user([&] { expect_read_only(folder / "p.weft"); });
}

TEST(ReadOnly, AnOldProjectIsReadAsItIs) {
  TemporaryFolder folder;
  fs::copy_file(fs::path(WEFT_TEST_DATA) / "projects/v1.weft", folder / "p.weft");
  const std::string before = read(folder / "p.weft");
  fs::permissions(folder / "p.weft", fs::perms::owner_read | fs::perms::others_read);
  fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
  as_ordinary_user([&] {
    expect_read_only(folder / "p.weft");
    const auto project = open_project(folder / "p.weft", /*create=*/false);
    EXPECT_TRUE(must(project->queue().entries()).empty());
    EXPECT_FALSE(project->queue().add({{"a", {}}}).ok());
    EXPECT_FALSE(project->queue().claim().ok());
    EXPECT_EQ(must(project->run(1)).note, "");
  });
  fs::permissions(folder.path(), fs::perms::owner_all);
  EXPECT_EQ(read(folder / "p.weft"), before);
}

TEST(ReadOnly, AFolderThatMayNotBeWritten) {
  TemporaryFolder folder;
  fill_fixture(*open_project(folder / "p.weft"));
  fs::permissions(folder / "p.weft", fs::perms::owner_read | fs::perms::others_read);
  fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
  as_ordinary_user([&] {
    expect_read_only(folder / "p.weft");
    EXPECT_EQ(open_status(folder / "new.weft", /*create=*/true).code(), ErrorCode::IoError);
  });
}

TEST(ReadOnly, ALogThatCannotBeFoldedInIsNotIgnored) {
  TemporaryFolder folder;
  fs::create_directory(folder / "disc");
  {
    const auto project = open_project(folder / "p.weft");
    fill_fixture(*project);  // still open: the newest rows stand in the log
    fs::copy_file(folder / "p.weft", folder / "disc/p.weft");
    fs::copy_file(folder / "p.weft-wal", folder / "disc/p.weft-wal");
  }
  ASSERT_GT(fs::file_size(folder / "disc/p.weft-wal"), 0u);
  fs::permissions(folder.path(), fs::perms::owner_all | fs::perms::others_read | fs::perms::others_exec);
  for (const char* name : {"disc/p.weft", "disc/p.weft-wal"})
    fs::permissions(folder / name, fs::perms::owner_read | fs::perms::others_read);
  fs::permissions(folder / "disc", fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
  as_ordinary_user([&] {
    auto project = Project::open((folder / "disc/p.weft").string(), false);
    if (project.ok()) {
      expect_fixture(**project);  // either everything, log included,
    } else {
      EXPECT_THAT(project.status().message(), HasSubstr("p.weft-wal"));  // or a refusal that says what to do
    }
  });
  fs::permissions(folder / "disc", fs::perms::owner_all);
}

}  // namespace
}  // namespace weft::testing
