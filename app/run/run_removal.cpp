// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run/run_removal.h"

#include <algorithm>
#include <filesystem>

#include "app/run/run_service.h"

namespace weft {
namespace fs = std::filesystem;
namespace {

bool lies_in(const fs::path& path, const fs::path& folder) {
  const fs::path relative = path.lexically_normal().lexically_relative(folder.lexically_normal());
  return !relative.empty() && *relative.begin() != "..";
}

// "" when there is none, or when a link stands in its way.
fs::path checkpoint_folder(const Project& project, RunId run) {
  if (project.files_folder().empty()) return {};
  const fs::path folders = fs::path(project.files_folder()) / "checkpoints", own = folders / ("r" + std::to_string(run));
  std::error_code error;
  for (const fs::path& path : {folders, own})
    if (!fs::is_directory(fs::symlink_status(path, error))) return {};
  return own;
}

}  // namespace

Result<RunRemoval> plan_removal(Project& project, RunId run) {
  WEFT_ASSIGN_OR_RETURN(const RunRecord record, project.run(run));
  WEFT_ASSIGN_OR_RETURN(const auto artifacts, project.artifacts(run));
  WEFT_ASSIGN_OR_RETURN(const auto checkpoints, project.checkpoints(run));
  RunRemoval removal{.run = run, .name = record.name, .files = {}, .kept = {}};
  const fs::path files = project.files_folder(), own = checkpoint_folder(project, run);
  std::error_code error;
  for (const auto& artifact : artifacts) {
    const fs::path path = fs::path(artifact.path).is_absolute() ? fs::path(artifact.path) : files / artifact.path;
    if (fs::exists(path, error)) removal.kept.push_back(path.string());
  }
  const std::vector<std::string> exports = removal.kept;
  for (const auto& checkpoint : checkpoints) {
    const std::string path = checkpoint_file(project, checkpoint);
    if (checkpoint.present && (own.empty() || !lies_in(path, own))) removal.kept.push_back(path);
  }
  if (own.empty()) return removal;
  for (fs::recursive_directory_iterator at(own, error), end; !error && at != end; at.increment(error)) {
    if (fs::is_directory(at->symlink_status(error))) continue;
    const bool exported = std::ranges::any_of(exports, [&](const std::string& kept) { return at->path() == kept || lies_in(at->path(), kept); });
    if (!exported) removal.files.push_back({at->path().string(), at->is_symlink(error) ? 0 : at->file_size(error)});
  }
  if (error) return io_error("cannot list " + own.string() + ": " + error.message());
  std::ranges::sort(removal.files, {}, &RunRemoval::File::path);
  return removal;
}

Status remove_run(Project& project, const RunRemoval& removal) {
  const fs::path own = checkpoint_folder(project, removal.run);
  WEFT_RETURN_IF_ERROR(project.delete_run(removal.run));
  Status first;
  std::error_code error;
  for (const auto& file : removal.files)
    if (own.empty() || !lies_in(file.path, own) || (!fs::remove(file.path, error) && error))
      if (first.ok()) first = io_error("run r" + std::to_string(removal.run) + " is deleted, but not its file " + file.path + (error ? ": " + error.message() : ""));
  if (!own.empty()) {
    std::vector<fs::path> folders{own};
    for (fs::recursive_directory_iterator at(own, error), end; !error && at != end; at.increment(error))
      if (fs::is_directory(at->symlink_status(error))) folders.push_back(at->path());
    for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder) fs::remove(*folder, error);  // those that are empty now
  }
  return first;
}

}  // namespace weft
