// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/processor.h"

#include <cstdlib>
#include <string_view>

namespace weft {

bool multiplies_bf16_fast() {
  const char* wanted = std::getenv("WEFT_KERNELS");
  const std::string_view name = wanted ? wanted : "";
  return has_avx512_bf16() && name != "plain" && name != "avx2" && name != "avx512";
}

}  // namespace weft
