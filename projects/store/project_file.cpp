// SPDX-License-Identifier: GPL-3.0-or-later
#include "projects/store/project_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>

#include "projects/db/migrations.h"
#include "projects/store/run_owner.h"
#include "projects/store/utc_time.h"

namespace weft {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kHeaderBytes = 100;  // of a SQLite file
constexpr std::size_t kPageSizeOffset = 16;
constexpr std::size_t kApplicationIdOffset = 68;

Status system_status(const std::string& what, int error) {
  const std::string message = what + ": " + std::strerror(error);
  return error == ENOENT || error == ENOTDIR ? not_found(message) : io_error(message);
}

// Opens and reads for the first time: that is when SQLite makes its lock files, so a folder without permission shows here.
Result<Connection> open_and_touch(const fs::path& path, OpenMode mode) {
  WEFT_ASSIGN_OR_RETURN(Connection connection, Connection::open(path.string(), mode));
  WEFT_RETURN_IF_ERROR(connection.query_int("PRAGMA user_version").status());
  if (mode == OpenMode::ReadWrite && connection.read_only()) return io_error("the file may not be written");
  return connection;
}

}  // namespace

// Looks at the first bytes only, so that any other file is named as what it is and never handed to SQLite.
Status check_project_header(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return system_status("cannot open the project", errno);
  struct stat info {};
  std::array<unsigned char, kHeaderBytes> header{};
  const bool regular = ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
  const ssize_t got = regular ? ::pread(fd, header.data(), header.size(), 0) : 0;
  ::close(fd);
  if (S_ISDIR(info.st_mode)) return invalid_argument("this is a folder; a project is a file name.weft");
  if (!regular) return invalid_argument("this is not a regular file");
  if (info.st_size == 0) return corrupt("the file is empty; it is not a WEFT project");
  if (std::memcmp(header.data(), "SQLite format 3", 16) != 0) return corrupt("this is not a WEFT project");
  if (got < static_cast<ssize_t>(kHeaderBytes))
    return corrupt(fmt::format("the project is cut off after {} bytes", info.st_size));
  const unsigned char* id = header.data() + kApplicationIdOffset;
  const std::int64_t application = (std::int64_t{id[0]} << 24) | (id[1] << 16) | (id[2] << 8) | id[3];
  if (application != kApplicationId)
    return corrupt(fmt::format("this is a SQLite database of another program (application id 0x{:08x}), not a WEFT project",
                               application));
  // SQLite sees missing pages itself but fills up a page that is cut. With a log, pages may still have to be copied.
  std::error_code error;
  const std::uintmax_t log_bytes = fs::file_size(path.string() + "-wal", error);
  const auto page_bytes = (header[kPageSizeOffset] << 8) | header[kPageSizeOffset + 1];
  if ((error || log_bytes == 0) && page_bytes >= 512 && info.st_size % page_bytes != 0)
    return corrupt(fmt::format("the project is cut off after {} bytes, inside a page of {}", info.st_size, page_bytes));
  return {};
}

fs::path files_folder_of(const fs::path& path) {
  fs::path folder = path;
  if (folder.extension() == ".weft") folder.replace_extension();
  return folder += ".files";
}

Result<bool> publish_project(const fs::path& temporary, const fs::path& path) {
  if (::renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (errno == EEXIST) return false;
  if (errno != EINVAL && errno != ENOSYS) return system_status("cannot create the project", errno);
  std::error_code error;  // a file system without that call
  if (fs::exists(path, error)) return false;
  fs::rename(temporary, path, error);
  if (error) return system_status("cannot create the project", error.value());
  return true;
}

fs::path temporary_beside(const fs::path& path) {
  const RunOwner owner = RunOwner::make();  // its token ends in a random number
  return path.string() + ".new-" + owner.token.substr(owner.token.rfind('/') + 1);
}

Result<Connection> open_project_read_only(const fs::path& path) {
  Result<Connection> connection = open_and_touch(path, OpenMode::ReadOnly);
  if (connection.ok() || connection.status().code() != ErrorCode::IoError) return connection;
  std::error_code error;
  const fs::path log = path.string() + "-wal";
  if (const auto bytes = fs::file_size(log, error); !error && bytes > 0)
    return io_error("the newest changes stand in " + log.filename().string() +
                    " and the folder may not be written; copy both files to a folder you may write to");
  return open_and_touch(path, OpenMode::Immutable);
}

namespace {

Status fill_new_project(Connection& connection) {
  WEFT_RETURN_IF_ERROR(migrate(connection, project_migrations()));
  WEFT_ASSIGN_OR_RETURN(Statement statement, connection.prepare("INSERT INTO project (key, value) VALUES ('created_at', ?)"));
  statement.bind_all(std::string_view(utc_now()));
  return statement.run();
}

Status create_project(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path.parent_path(), error))
    return not_found("the folder " + path.parent_path().string() + " does not exist; create it first");
  const fs::path temporary = temporary_beside(path);
  Status status;
  {
    Result<Connection> connection = Connection::open(temporary.string(), OpenMode::Create);
    status = connection.status();
    if (status.ok()) status = connection->execute("PRAGMA journal_mode = WAL");  // kept in the file
    if (status.ok()) status = fill_new_project(*connection);
  }  // closed: everything is in the one file
  bool published = false;
  if (status.ok()) {
    Result<bool> done = publish_project(temporary, path);
    status = done.status();
    published = done.ok() && *done;
  }
  if (!published)
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) fs::remove(temporary.string() + suffix, error);
  return status.ok() ? status : status.with_context("cannot create the project");
}

Result<OpenedProject> open_in_memory() {
  WEFT_ASSIGN_OR_RETURN(Connection connection, Connection::open(":memory:", OpenMode::Create));
  WEFT_RETURN_IF_ERROR(fill_new_project(connection));
  auto shared = std::make_shared<LockedConnection>(std::move(connection));
  return OpenedProject{.path = ":memory:", .files_folder = "", .read_only_reason = "", .version = project_migrations().back().version, .file_version = project_migrations().back().version, .read = shared, .write = shared};
}

// Made by a newer program, whose additions stay unseen: nothing of it is written, since its tables may have to agree with some that are not known here.
Result<OpenedProject> open_newer(OpenedProject project) {
  WEFT_ASSIGN_OR_RETURN(Connection reading, open_project_read_only(project.path));
  WEFT_RETURN_IF_ERROR(require_readable(reading, project_migrations()));
  project.version = project_migrations().back().version;
  project.read_only_reason = fmt::format("a newer WEFT made it (schema version {}, this one knows up to {}); a newer WEFT can change it", project.file_version, project.version);
  project.read = std::make_shared<LockedConnection>(std::move(reading));
  return project;
}

Result<OpenedProject> open_existing(const fs::path& path) {
  WEFT_RETURN_IF_ERROR(check_project_header(path));
  OpenedProject project{.path = path.string(), .files_folder = files_folder_of(path).string()};
  Result<Connection> writable = open_and_touch(path, OpenMode::ReadWrite);
  if (writable.ok()) {
    WEFT_ASSIGN_OR_RETURN(project.file_version, writable->query_int("PRAGMA user_version"));
    if (project.file_version > project_migrations().back().version) {
      writable = io_error("closed");
      return open_newer(std::move(project));
    }
    WEFT_RETURN_IF_ERROR(migrate(*writable, project_migrations()));
    WEFT_RETURN_IF_ERROR(verify_schema(*writable, project_migrations()));
    project.file_version = project.version = project_migrations().back().version;
    project.write = std::make_shared<LockedConnection>(std::move(writable).value());
    WEFT_ASSIGN_OR_RETURN(Connection reading, open_and_touch(path, OpenMode::ReadOnly));
    project.read = std::make_shared<LockedConnection>(std::move(reading));
    return project;
  }
  if (writable.status().code() != ErrorCode::IoError) return writable.status();
  project.read_only_reason = writable.status().message();
  WEFT_ASSIGN_OR_RETURN(Connection reading, open_project_read_only(path));
  WEFT_ASSIGN_OR_RETURN(project.file_version, reading.query_int("PRAGMA user_version"));
  if (project.file_version > project_migrations().back().version) return open_newer(std::move(project));
  WEFT_ASSIGN_OR_RETURN(project.version, require_known(reading, project_migrations()));
  WEFT_RETURN_IF_ERROR(verify_schema(reading, project_migrations().first(static_cast<std::size_t>(project.version))));
  project.read = std::make_shared<LockedConnection>(std::move(reading));
  return project;
}

}  // namespace

Result<OpenedProject> open_project_file(const std::string& path, bool create_if_missing) {
  if (path == ":memory:") return open_in_memory();
  if (path.empty()) return invalid_argument("[project.open] the path of the project is empty");
  if (path.find('\0') != std::string::npos) return invalid_argument("[project.open] the path of the project holds a zero byte");
  std::error_code error;
  const fs::path absolute = fs::absolute(path, error).lexically_normal();
  const std::string place = "[project.open] " + absolute.string();
  const bool exists = fs::exists(fs::status(absolute, error));
  if (error && error.value() != ENOENT && error.value() != ENOTDIR) return system_status(place, error.value());
  if (!exists) {
    if (!create_if_missing) return not_found(place + ": there is no such project");
    WEFT_RETURN_IF_ERROR(create_project(absolute).with_context(place));
  }
  Result<OpenedProject> project = open_existing(absolute);
  if (!project.ok()) return project.status().with_context(place);
  return project;
}

}  // namespace weft
