// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/run_request.h"

#include <filesystem>

#include "app/run/run_file.h"

namespace weft::cli {
namespace fs = std::filesystem;
namespace {

// Paths given on the command line mean the working folder, those of the run file its own.
void prefer_working_folder(Json& section, const Json& before) {
  const std::string path = section.value("path", "");
  if (path.empty() || path == before.value("path", "")) return;
  std::error_code error;
  if (fs::exists(path, error)) section["path"] = fs::absolute(path, error).lexically_normal().string();
}

}  // namespace

Result<TrainRequest> read_run_request(const std::string& run_file, const std::vector<std::string>& sets) {
  WEFT_ASSIGN_OR_RETURN(TrainRequest request, read_run_file(run_file));
  const TrainRequest before = request;
  WEFT_RETURN_IF_ERROR(apply_settings(request, sets));
  prefer_working_folder(request.model, before.model);
  prefer_working_folder(request.data, before.data);
  std::error_code error;
  WEFT_RETURN_IF_ERROR(resolve_paths(request, fs::absolute(run_file, error).parent_path().string()));
  return request;
}

}  // namespace weft::cli
