// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/processor.h"

#include <cstdlib>
#include <fstream>
#include <string_view>
#include <thread>

#include <fmt/format.h>

namespace weft {

std::string machine_name() {
  std::ifstream info("/proc/cpuinfo");
  std::string name = "unknown processor";
  for (std::string line; std::getline(info, line);) {
    if (!line.starts_with("model name")) continue;
    if (const auto colon = line.find(": "); colon != std::string::npos) name = line.substr(colon + 2);
    break;
  }
  return fmt::format("{}, {} processors", name, std::thread::hardware_concurrency());
}

bool multiplies_bf16_fast() {
  const char* wanted = std::getenv("WEFT_KERNELS");
  const std::string_view name = wanted ? wanted : "";
  return has_avx512_bf16() && name != "plain" && name != "avx2" && name != "avx512";
}

}  // namespace weft
