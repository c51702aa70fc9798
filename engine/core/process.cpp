// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/process.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>

namespace weft {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::filesystem::path home_folder() {
  const std::string folder = environment("HOME");
  return folder.empty() ? std::filesystem::temp_directory_path() : std::filesystem::path(folder);
}

std::filesystem::path cache_folder() {
  const std::string cache = environment("WEFT_CACHE");
  return cache.empty() ? home_folder() / ".cache" / "weft" : std::filesystem::path(cache);
}

double process_seconds() {
  std::FILE* file = std::fopen("/proc/self/stat", "r");
  if (!file) return 0;
  char text[1024] = {};
  const std::size_t read = std::fread(text, 1, sizeof text - 1, file);
  std::fclose(file);
  text[read] = 0;
  const char* at = std::strrchr(text, ')');  // the name before it may hold anything
  unsigned long long start = 0;
  constexpr const char* kField22 = ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu";
  timespec now{};
  if (!at || std::sscanf(at, kField22, &start) != 1 || ::clock_gettime(CLOCK_BOOTTIME, &now) != 0) return 0;
  const double uptime = static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
  double started = static_cast<double>(start) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  const char* launched = std::getenv("WEFT_LAUNCHED");
  const double told = launched ? std::strtod(launched, nullptr) : 0;
  if (told > started && told < uptime) started = told;
  return uptime - started;
}

// Linux keeps the peak; writing 5 makes it what is resident now.
void forget_peak_memory() {
  if (std::FILE* file = std::fopen("/proc/self/clear_refs", "w")) {
    std::fputs("5", file);
    std::fclose(file);
  }
}

}  // namespace weft
