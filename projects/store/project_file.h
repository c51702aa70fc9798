// SPDX-License-Identifier: GPL-3.0-or-later
// From a path to open connections on a whole, current, verified project: tells a project from any other file, creates it
// complete or not at all, migrates it, and falls back to read-only where the file or folder cannot be written.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "engine/core/status.h"
#include "projects/db/connection.h"

namespace weft {

struct LockedConnection {
  explicit LockedConnection(Connection opened) : connection(std::move(opened)) {}
  std::mutex mutex;         // held for a whole read or a whole transaction
  Connection connection;    // guarded by mutex
};

struct OpenedProject {
  std::string path;                              // absolute, or ":memory:"
  std::string files_folder;                      // absolute; "" in memory
  std::string read_only_reason;                  // "" when it can be written
  int version = 0;                               // as which it is read; older than ours only when it is read-only
  std::int64_t file_version = 0;                 // of its schema; newer than ours only when it is read-only
  std::shared_ptr<LockedConnection> read;
  std::shared_ptr<LockedConnection> write;       // null when read-only; in memory the same as `read`
};

// Whether these bytes can be a project, of any version; says what they are instead.
[[nodiscard]] Status check_project_header(const std::filesystem::path& path);
[[nodiscard]] Result<Connection> open_project_read_only(const std::filesystem::path& path);
[[nodiscard]] std::filesystem::path files_folder_of(const std::filesystem::path& project);
// Puts a whole file under its name; false when there is one of that name.
[[nodiscard]] Result<bool> publish_project(const std::filesystem::path& temporary, const std::filesystem::path& path);
// A name beside `path` that nobody else takes.
[[nodiscard]] std::filesystem::path temporary_beside(const std::filesystem::path& path);

[[nodiscard]] Result<OpenedProject> open_project_file(const std::string& path, bool create_if_missing);

}  // namespace weft
