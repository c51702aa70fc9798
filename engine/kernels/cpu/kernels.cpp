// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/cpu/kernels.h"

#include <cstdlib>
#include <string_view>

namespace weft::cpu {
namespace {

std::vector<const Kernels*> find_kernels() {
  std::vector<const Kernels*> found{&kPlain};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c")) found.push_back(&kAvx2);
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512dq")) return found;
  found.push_back(&kAvx512);
  if (__builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) {
    static const Kernels with_pairs = [] {
      Kernels set = kAvx512;
      set.name = "avx512bf16";
      set.bf16 = kBf16OfAvx512;
      return set;
    }();
    found.push_back(&with_pairs);
  }
#endif
  return found;
}

const Kernels* choose() {
  if (const char* wanted = std::getenv("WEFT_KERNELS"))
    for (const auto* set : all_kernels())
      if (std::string_view(set->name) == wanted) return set;
  return all_kernels().back();
}

}  // namespace

const std::vector<const Kernels*>& all_kernels() {
  static const std::vector<const Kernels*> found = find_kernels();
  return found;
}

const Kernels& kernels() {
  static const Kernels* const chosen = choose();
  return *chosen;
}

}  // namespace weft::cpu
