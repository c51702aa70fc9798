// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run/locations.h"

#include <filesystem>

#include "engine/core/process.h"
#include "engine/core/text_util.h"

namespace weft {
namespace fs = std::filesystem;
namespace {

Result<std::string> find_in(const std::string& what, const std::string& name, const std::vector<fs::path>& folders) {
  if (name.empty()) return invalid_argument("the " + what + " has no name");
  if (name.find('\0') != std::string::npos) return invalid_argument("the path of the " + what + " holds a NUL byte");
  std::error_code error;
  if (fs::path(name).is_absolute()) {
    if (fs::exists(name, error)) return name;
    return not_found(what + " " + quoted_excerpt(name, 200) + " does not exist");
  }
  std::vector<std::string> looked;
  for (const auto& folder : folders) {
    const fs::path path = fs::absolute(folder / name, error).lexically_normal();
    if (!error && fs::exists(path, error)) return path.string();
    looked.push_back(folder.empty() ? "." : folder.string());
  }
  return not_found(what + " " + quoted_excerpt(name, 200) + " was not found; looked in " + join(looked, ", "));
}

}  // namespace

std::string model_cache_folder() {
  return (cache_folder() / "models").string();
}

std::string floor_cache_folder() {
  return (cache_folder() / "floors").string();
}

std::string resource_folder() {
  if (const std::string folder = environment("WEFT_RESOURCES"); !folder.empty()) return folder;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
  if (const fs::path installed = program.parent_path() / "share" / "weft"; !error && fs::is_directory(installed, error))
    return installed.string();
  return WEFT_SOURCE_RESOURCES;
}

std::string user_data_folder() {
  const std::string folder = environment("XDG_DATA_HOME");
  return ((folder.empty() ? home_folder() / ".local" / "share" : fs::path(folder)) / "weft").string();
}

Result<std::string> find_model(const std::string& name, const std::string& folder) {
  return find_in("model", name, {folder, model_cache_folder()});
}

Result<std::string> find_data(const std::string& name, const std::string& folder) {
  return find_in("data set", name, {folder, fs::path(resource_folder()) / "samples"});
}

}  // namespace weft
