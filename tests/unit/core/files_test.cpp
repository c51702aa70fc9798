// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/files.h"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

#include "tests/support/test_files.h"

namespace weft {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::size_t entries_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(Files, ReadsWholeAndRefusesTooMuch) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("a", std::string(1000, 'x'));
  ASSERT_TRUE(read_file(path, 1000).ok());
  EXPECT_EQ(read_file(path, 1000)->size(), 1000u);
  EXPECT_THAT(read_file(path, 999).status().message(), HasSubstr("1000 bytes; at most 999"));
  EXPECT_EQ(read_file(folder.file("none"), 10).status().code(), ErrorCode::NotFound);
  EXPECT_THAT(read_file(folder.path(), 10).status().message(), HasSubstr("is a folder"));
}

TEST(Files, APipeDoesNotHang) {
  const test::TemporaryFolder folder;
  ASSERT_EQ(::mkfifo(folder.file("pipe").c_str(), 0600), 0);
  EXPECT_FALSE(read_file(folder.file("pipe"), 10).ok());
  EXPECT_FALSE(MappedFile::open(folder.file("pipe")).ok());
  EXPECT_FALSE(MappedFile::open("/dev/zero").ok());
}

TEST(Files, MapsMoveAndMayBeEmpty) {
  const test::TemporaryFolder folder;
  auto empty = MappedFile::open(folder.write("empty", ""));
  ASSERT_TRUE(empty.ok());
  EXPECT_TRUE(empty->bytes().empty());
  auto map = MappedFile::open(folder.write("abc", "abc"));
  ASSERT_TRUE(map.ok());
  MappedFile moved = std::move(*map);
  ASSERT_EQ(moved.bytes().size(), 3u);
  EXPECT_EQ(moved.bytes()[2], std::byte{'c'});
}

TEST(Files, AnAtomicFileAppearsOnCommitAndNotBefore) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("out", "old");
  {
    auto file = AtomicFile::create(path);
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE(file->write("new content").ok());
    EXPECT_EQ(file->size(), 11u);
    EXPECT_EQ(test::content_of(path), "old");
  }
  EXPECT_EQ(test::content_of(path), "old") << "no commit, no change";
  EXPECT_EQ(entries_in(folder.path()), 1u) << "the temporary file is gone";
  ASSERT_TRUE(write_file_atomically(path, "new").ok());
  EXPECT_EQ(test::content_of(path), "new");
  EXPECT_EQ(entries_in(folder.path()), 1u);
}

TEST(Files, WritingIntoNowhereSaysWhere) {
  const test::TemporaryFolder folder;
  const Status status = write_file_atomically(folder.file("no/such/file"), "x");
  EXPECT_EQ(status.code(), ErrorCode::NotFound);
  EXPECT_THAT(status.message(), HasSubstr("no/such/file"));
}

// A file that may not grow further stands in for a full disk: write() fails in the middle.
TEST(Files, AWriteThatFailsLeavesTheOldFileAndNothingElse) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("out", "old");
  struct rlimit before {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  struct rlimit small = before;
  small.rlim_cur = 4096;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const Status status = write_file_atomically(path, std::string(100000, 'x'));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_EQ(status.code(), ErrorCode::IoError);
  EXPECT_THAT(status.message(), HasSubstr(path));
  EXPECT_EQ(test::content_of(path), "old");
  EXPECT_EQ(entries_in(folder.path()), 1u);
}

TEST(Files, AFolderAppearsCompleteOrNotAtAll) {
  const test::TemporaryFolder folder;
  const fs::path target = folder.path() / "adapter";
  const Status failed = write_folder_atomically(target, [](const fs::path& inside) {
    std::ofstream(inside / "half") << "x";
    return io_error("disk full");
  });
  EXPECT_EQ(failed.message(), "disk full");
  EXPECT_EQ(entries_in(folder.path()), 0u);

  const auto fill = [](const fs::path& inside) { return write_file_atomically(inside / "a", "1"); };
  fs::create_directories(target);  // an empty folder of that name is no obstacle
  ASSERT_TRUE(write_folder_atomically(target.string() + "/", fill).ok());
  EXPECT_EQ(test::content_of(target / "a"), "1");
  EXPECT_EQ(entries_in(folder.path()), 1u);
  EXPECT_EQ(write_folder_atomically(target, fill).code(), ErrorCode::AlreadyExists);
  EXPECT_EQ(write_folder_atomically(folder.write("file", "x"), fill).code(), ErrorCode::AlreadyExists);
}

TEST(Files, HashesAsEveryoneDoes) {
  const std::string abc = "abc";
  EXPECT_EQ(sha256_hex(std::as_bytes(std::span(abc))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const test::TemporaryFolder folder;
  const auto hash = sha256_of_file(folder.write("empty", ""));
  ASSERT_TRUE(hash.ok());
  EXPECT_EQ(*hash, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace
}  // namespace weft
