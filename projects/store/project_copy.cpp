// SPDX-License-Identifier: GPL-3.0-or-later
#include "projects/api/project_copy.h"

#include <fmt/format.h>

#include <filesystem>

#include "engine/core/disk.h"
#include "engine/core/text_util.h"
#include "projects/db/backup.h"
#include "projects/store/project_file.h"
#include "projects/store/project_files.h"

namespace weft {
namespace fs = std::filesystem;

Result<ProjectCopy> copy_project(const std::string& from, const std::string& to, const GoOn& go_on) {
  std::error_code error;
  const fs::path source = fs::absolute(from, error).lexically_normal();
  fs::path target = fs::absolute(to, error).lexically_normal();
  if (target.extension() != ".weft") target += ".weft";
  const std::string place = "[project.copy] " + source.string();
  WEFT_RETURN_IF_ERROR(check_project_header(source).with_context(place));
  const fs::path files = files_folder_of(source), target_files = files_folder_of(target);
  for (const auto& taken : {target, target_files})
    if (fs::exists(fs::symlink_status(taken, error))) return Status(ErrorCode::AlreadyExists, taken.string() + " already exists; choose another name");
  if (!fs::is_directory(target.parent_path(), error)) return not_found("the folder " + target.parent_path().string() + " does not exist; create it first");
  WEFT_ASSIGN_OR_RETURN(const FoundFiles found, find_files(files));
  const std::uint64_t needed = found.bytes + fs::file_size(source, error);
  if (const auto free = free_disk_bytes(target); free && *free < needed)
    return io_error(fmt::format("{}: a copy takes {} and {} are free at {}", place, human_bytes(static_cast<double>(needed)), human_bytes(static_cast<double>(*free)),
                                target.parent_path().string()));
  const fs::path temporary = temporary_beside(target), temporary_files = temporary_beside(target_files);
  std::uint64_t done = 0;
  const auto told = [&] { return !go_on || go_on(done, needed); };
  Status status = backup_database(source.string(), temporary.string(), [&](std::uint64_t pages, std::uint64_t all) {
    done = all > 0 ? (needed - found.bytes) * pages / all : 0;
    return told();
  });
  if (status.ok() && !found.files.empty())
    status = copy_files(files, found, temporary_files, [&](std::uint64_t bytes) {
      done += bytes;
      return told();
    });
  if (status.code() == ErrorCode::Cancelled) status = Status(ErrorCode::Cancelled, "was ended; nothing was kept");
  if (status.ok() && !found.files.empty()) {
    fs::rename(temporary_files, target_files, error);
    if (error) status = io_error("cannot make the folder " + target_files.string() + ": " + error.message());
  }
  if (status.ok()) {
    const auto published = publish_project(temporary, target);
    status = published.ok() && !*published ? Status(ErrorCode::AlreadyExists, target.string() + " was made by another program meanwhile") : published.status();
    if (!status.ok()) fs::remove_all(target_files, error);
  }
  if (!status.ok()) {
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) fs::remove(temporary.string() + suffix, error);
    fs::remove_all(temporary_files, error);
    return status.with_context(place);
  }
  return ProjectCopy{.path = target.string(), .files = static_cast<std::int64_t>(found.files.size()), .bytes = needed};
}

}  // namespace weft
