// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace weft {

[[nodiscard]] std::string machine_name();  // "AMD EPYC 7B13, 8 processors"

// What the processor offers of the sets that engine/kernels has loops for; each includes the ones before it.
#if defined(__x86_64__)
[[nodiscard]] inline bool has_avx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c"); }
[[nodiscard]] inline bool has_avx512() { return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"); }
[[nodiscard]] inline bool has_avx512_bf16() {
  return has_avx512() && __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
}
#else
[[nodiscard]] inline bool has_avx512_bf16() { return false; }
#endif

// Whether the kernels that run here multiply pairs of bfloat16 in one instruction: the processor does, and WEFT_KERNELS does not ask for
// kernels without. What engine/kernels says as Bf16Kernels::fast, known without them.
[[nodiscard]] bool multiplies_bf16_fast();

}  // namespace weft
