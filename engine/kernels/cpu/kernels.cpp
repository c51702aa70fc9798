// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/cpu/kernels.h"

#include <array>
#include <cstdlib>
#include <memory>
#include <string_view>

#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include "engine/core/processor.h"

namespace weft::cpu {
namespace {

#if defined(__x86_64__)
// Whether the processor has AMX for bfloat16, the system keeps its tiles, and grants them to this process: Linux does so only when asked,
// since they make a thread's state 8 KB larger.
bool tiles_granted() {
#if defined(__linux__)
  constexpr unsigned kBf16 = 1U << 22, kTiles = 1U << 24, kOsXsave = 1U << 27, kTileStates = 3U << 17;
  constexpr long kRequestPermission = 0x1023, kTileData = 18;  // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA (Linux 5.16)
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || (d & (kBf16 | kTiles)) != (kBf16 | kTiles)) return false;
  if (!__get_cpuid(1, &a, &b, &c, &d) || (c & kOsXsave) == 0) return false;
  asm volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
  return (a & kTileStates) == kTileStates && syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
#else
  return false;
#endif
}

// Both products of `kernels` on one small problem with ragged edges, bit for bit those of `known`: every sum is exact in float32. The
// loops for AMX never ran on a processor of ours: one, or a system below it, that is not as we believe must cost speed, not a run. Takes
// microseconds.
bool agree(const Bf16Kernels& kernels, const Bf16Kernels& known) {
  constexpr std::int64_t m = 37, n = 41, k = 70;
  std::array<float, m * k> a;
  std::array<float, k * n> b;
  std::array<float, n> init;
  const auto value = [](std::int64_t i) {  // splits into +-1, +-2, 3 and a multiple of 2^-10
    constexpr float kHigh[] = {1, -2, 3, -1, 2}, kLow[] = {0, 0x1p-10F, -0x1p-10F};
    return kHigh[i % 5] + kLow[i % 3];
  };
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = value(static_cast<std::int64_t>(i) * 7 / 3);
  for (std::size_t i = 0; i < b.size(); ++i) b[i] = value(static_cast<std::int64_t>(i) * 5 / 2);
  for (std::size_t i = 0; i < init.size(); ++i) init[i] = static_cast<float>(i);
  const std::unique_ptr<void, decltype(&std::free)> scratch(std::aligned_alloc(64, kBf16ScratchBytes), &std::free);
  if (!scratch) return false;
  const auto product = [&](const Bf16Product& of) {
    std::array<float, m * n> c{};
    GemmTerm<float> term;
    term.a = a.data(), term.a_row = k, term.b = b.data(), term.b_row = n, term.k = k;
    of.run(&term, 1, {.c = c.data(), .c_row = n, .init = init.data(), .init_row = 0}, {.row = 0, .row_end = m, .column = 0, .column_end = n}, scratch.get());
    return c;
  };
  return product(kernels.rounded) == product(known.rounded) && product(kernels.split) == product(known.split);
}

// AVX-512 for all else
Kernels with(const Bf16Kernels& bf16, const char* name) {
  Kernels set = kAvx512;
  set.name = name;
  set.bf16 = bf16;
  return set;
}
#endif

std::vector<const Kernels*> find_kernels() {
  std::vector<const Kernels*> found{&kPlain};
#if defined(__x86_64__)
  if (has_avx2()) found.push_back(&kAvx2);
  if (has_avx512()) found.push_back(&kAvx512);
  if (has_avx512_bf16()) {
    static const Kernels with_pairs = with(kBf16OfAvx512, "avx512bf16"), with_tiles = with(kBf16OfAmx, "amx");
    found.push_back(&with_pairs);
    if (tiles_granted() && agree(kBf16OfAmx, kBf16OfAvx512)) found.push_back(&with_tiles);
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
