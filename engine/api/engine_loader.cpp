// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/engine_loader.h"

#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <utility>

namespace weft {

Result<std::unique_ptr<Engine>> load_engine() {
  std::error_code ignored;
  const auto beside = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / "libweft_engine.so";
  // Never closed: LibTorch's threads and statics do not survive dlclose. Lazily: LibTorch has 30,000 functions to look up, of which
  // a run calls a few hundred; what we call ourselves is looked up now, since libweft_engine.so is linked so.
  void* library = ::dlopen(beside.c_str(), RTLD_LAZY | RTLD_LOCAL);
  if (!library) library = ::dlopen("libweft_engine.so", RTLD_LAZY | RTLD_LOCAL);
  if (!library) {
    const char* why = ::dlerror();
    return Status(ErrorCode::EngineFailure, std::string("the training engine cannot be loaded: ") + (why ? why : "unknown reason"));
  }
  using Create = Engine* (*)();
  const auto create = reinterpret_cast<Create>(::dlsym(library, "weft_create_engine"));
  if (!create) return Status(ErrorCode::EngineFailure, "libweft_engine.so is of another version: build it again with ./run");
  return std::unique_ptr<Engine>(create());
}

void ensure_quiet_openmp(char** argv) {
  const std::pair<const char*, const char*> wanted[] = {{"OMP_WAIT_POLICY", "PASSIVE"}, {"GOMP_SPINCOUNT", "5000"}};
  bool all_set = true;
  for (const auto& [name, value] : wanted) all_set = all_set && std::getenv(name);
  if (all_set || std::getenv("WEFT_OPENMP_SET")) return;  // someone below resets them: do not loop
  for (const auto& [name, value] : wanted) ::setenv(name, value, 0);
  if (void* loaded = ::dlopen("libgomp.so.1", RTLD_LAZY | RTLD_NOLOAD); !loaded) return;  // it comes with the engine
  ::setenv("WEFT_OPENMP_SET", "1", 1);
  ::execv("/proc/self/exe", argv);  // on failure go on: slower beside other load, but right
}

}  // namespace weft
