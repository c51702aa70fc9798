// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/processor.h"

#include <cstdlib>
#include <string_view>

namespace weft {

bool multiplies_bf16_fast() {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !__builtin_cpu_supports("f16c")) return false;
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512dq") || !__builtin_cpu_supports("avx512bw") ||
      !__builtin_cpu_supports("avx512vl") || !__builtin_cpu_supports("avx512bf16"))
    return false;
  const char* wanted = std::getenv("WEFT_KERNELS");
  const std::string_view name = wanted ? wanted : "";
  return name != "plain" && name != "avx2" && name != "avx512";
#else
  return false;
#endif
}

}  // namespace weft
