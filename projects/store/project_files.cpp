// SPDX-License-Identifier: GPL-3.0-or-later
#include "projects/store/project_files.h"

#include <fmt/format.h>

#include "engine/core/disk.h"
#include "engine/core/files.h"
#include "engine/core/text_util.h"
#include "projects/api/project_copy.h"
#include "projects/store/project_file.h"

namespace weft {
namespace fs = std::filesystem;
namespace {

// A link to a folder of the same name: not one that leads anywhere.
bool is_moved(const fs::path& folder) {
  std::error_code error;
  return fs::read_symlink(folder, error).filename() == folder.filename() && !error;
}

Status check_nothing_runs(const fs::path& project) {
  WEFT_ASSIGN_OR_RETURN(Connection connection, open_project_read_only(project));
  WEFT_ASSIGN_OR_RETURN(Statement statement, connection.prepare("SELECT id, state FROM run WHERE state IN ('preparing', 'running', 'pausing', 'stopping')"));
  WEFT_ASSIGN_OR_RETURN(const bool any, statement.step());
  if (!any) return {};
  return {ErrorCode::Busy, fmt::format("run r{} is {}: pause or stop it first, so that no checkpoint is written meanwhile", statement.integer(0), statement.text(1))};
}

// A link under that name, in place of the folder or link that is there, which keeps `aside` as its name.
Status put_link(const fs::path& target, const fs::path& name, const fs::path& aside) {
  std::error_code error, ignored;
  const fs::path link = temporary_beside(name);
  fs::create_directory_symlink(target, link, error);
  if (error) return io_error("cannot make a link in " + name.parent_path().string() + ": " + error.message());
  if (fs::exists(fs::symlink_status(name, ignored))) fs::rename(name, aside, error);
  if (!error) fs::rename(link, name, error);
  if (!error) return {};
  fs::remove(link, ignored);
  if (!fs::exists(fs::symlink_status(name, ignored))) fs::rename(aside, name, ignored);
  return io_error("cannot put a link in the place of " + name.string() + ": " + error.message());
}

}  // namespace

Result<FoundFiles> find_files(const fs::path& folder) {
  FoundFiles found;
  std::error_code error;
  if (fs::is_symlink(folder, error) && !is_moved(folder)) return found;
  if (!fs::is_directory(folder, error)) return found;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (!fs::is_regular_file(at->symlink_status())) continue;
    found.files.push_back(at->path().lexically_relative(folder));
    found.bytes += at->file_size(error);
  }
  if (error) return io_error("cannot read " + folder.string() + ": " + error.message());
  return found;
}

Status copy_files(const fs::path& from, const FoundFiles& found, const fs::path& to, const std::function<bool(std::uint64_t bytes)>& on_bytes) {
  std::error_code error;
  for (const auto& file : found.files) {
    const fs::path target = to / file;
    fs::create_directories(target.parent_path(), error);
    if (error) return io_error("cannot make the folder " + target.parent_path().string() + ": " + error.message());
    const Status status = copy_file(from / file, target, on_bytes);
    if (status.code() == ErrorCode::NotFound) continue;  // let go meanwhile
    WEFT_RETURN_IF_ERROR(status);
  }
  return {};
}

Result<MovedFiles> move_project_files(const std::string& project, const std::string& folder, const GoOn& go_on) {
  std::error_code error;
  const fs::path source = fs::absolute(project, error).lexically_normal(), into = fs::absolute(folder, error).lexically_normal();
  const std::string place = "[project.move] " + source.string();
  WEFT_RETURN_IF_ERROR(check_project_header(source).with_context(place));
  const fs::path files = files_folder_of(source), target = (into.has_filename() ? into : into.parent_path()) / files.filename();
  if (!fs::is_directory(into, error)) return not_found(place + ": the folder " + into.string() + " does not exist; create it first");
  if (fs::exists(fs::symlink_status(target, error))) return Status(ErrorCode::AlreadyExists, place + ": " + target.string() + " already exists; choose another folder");
  if (const fs::path inside = fs::weakly_canonical(into, error).lexically_relative(fs::weakly_canonical(files, error)); !inside.empty() && *inside.begin() != "..")
    return invalid_argument(place + ": " + into.string() + " lies in the folder that is to be moved");
  const bool was_link = fs::is_symlink(files, error);
  if (was_link && !is_moved(files)) return unsupported(place + ": " + files.string() + " is a link to a folder of another name; bring its files where they are wanted by hand");
  WEFT_RETURN_IF_ERROR(check_nothing_runs(source).with_context(place));
  WEFT_ASSIGN_OR_RETURN(const FoundFiles found, find_files(files));
  if (const auto free = free_disk_bytes(into); free && *free < found.bytes)
    return io_error(fmt::format("{}: its files take {} and {} are free at {}", place, human_bytes(static_cast<double>(found.bytes)), human_bytes(static_cast<double>(*free)), into.string()));
  const fs::path temporary = temporary_beside(target), before = fs::canonical(files, error), aside = temporary_beside(files);
  fs::create_directory(temporary, error);
  Status status = error ? io_error("cannot make the folder " + temporary.string() + ": " + error.message()) : copy_files(files, found, temporary, [&, done = std::uint64_t{0}](std::uint64_t bytes) mutable {
    done += bytes;
    return !go_on || go_on(done, found.bytes);
  });
  if (status.code() == ErrorCode::Cancelled) status = Status(ErrorCode::Cancelled, "was ended; the files are where they were");
  if (status.ok()) status = sync_disk(temporary);   // before the old ones go
  if (status.ok()) status = check_nothing_runs(source);
  if (status.ok()) {
    const auto copied = find_files(temporary);
    if (!copied.ok() || copied->bytes != found.bytes || copied->files.size() != found.files.size()) status = io_error("something was written into " + files.string() + " meanwhile; try again");
  }
  if (status.ok()) {
    fs::rename(temporary, target, error);
    if (error) status = io_error("cannot make the folder " + target.string() + ": " + error.message());
  }
  if (status.ok()) status = put_link(target, files, aside);
  if (!status.ok()) {
    fs::remove_all(temporary, error);
    if (!fs::equivalent(target, files, error)) fs::remove_all(target, error);
    return status.with_context(place);
  }
  fs::remove_all(aside, error);                                                        // the old folder, or the old link alone
  if (was_link) fs::remove_all(before, error);                                         // what the old link led to
  return MovedFiles{.folder = target.string(), .files = static_cast<std::int64_t>(found.files.size()), .bytes = found.bytes};
}

}  // namespace weft
