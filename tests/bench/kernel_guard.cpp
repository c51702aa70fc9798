// SPDX-License-Identifier: GPL-3.0-or-later
// Runs one kernel once on a small fixed shape, for callgrind to count its instructions: SET CASE, or nothing to list the cases. Only what
// weft_counted() does is counted. No LibTorch, no threads: the same compiler gives the same count on every machine.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "engine/kernels/cpu/kernels.h"

namespace {

using namespace weft;

std::vector<float> values(std::int64_t count, std::uint32_t seed) {
  std::vector<float> v(static_cast<std::size_t>(count));
  std::uint32_t state = seed;
  for (auto& x : v) {
    state = state * 1664525U + 1013904223U;
    x = static_cast<float>(state >> 8) / 8388608.0F - 1.0F;
  }
  return v;
}

using Work = std::function<void(const cpu::KernelsOf<float>&)>;

// c [m, n] = a b, b as it lies (W) or transposed (W'), with a thin second product or without
Work gemm(std::int64_t m, std::int64_t n, std::int64_t k, bool transposed, std::int64_t rank) {
  return [=, a = values(m * k, 1), b = values(k * n, 2), u = values(m * std::max<std::int64_t>(rank, 1), 3),
          l = values(n * std::max<std::int64_t>(rank, 1), 4), c = values(m * n, 5)](const cpu::KernelsOf<float>& kernels) mutable {
    cpu::GemmTerm<float> terms[2];
    terms[0].a = a.data(), terms[0].a_row = k, terms[0].k = k, terms[0].b = b.data();
    terms[0].b_row = transposed ? 1 : n, terms[0].b_column = transposed ? k : 1;
    terms[1].a = u.data(), terms[1].a_row = rank, terms[1].k = rank, terms[1].b = l.data(), terms[1].b_row = 1, terms[1].b_column = rank;
    cpu::GemmOutput<float> out;
    out.c = c.data(), out.c_row = n;
    alignas(64) static std::byte panel[cpu::kGemmPanelBytes];
    kernels.gemm(terms, rank > 0 ? 2 : 1, out, {0, m, 0, n}, panel);
  };
}

Work attention(std::int64_t length, std::int64_t size, bool backward) {
  std::vector<float> k = values(length * size, 2), v = values(length * size, 3), k_t(k.size()), v_t(v.size());
  for (std::int64_t t = 0; t < length; ++t)
    for (std::int64_t i = 0; i < size; ++i) {
      k_t[static_cast<std::size_t>(i * length + t)] = k[static_cast<std::size_t>(t * size + i)];
      v_t[static_cast<std::size_t>(i * length + t)] = v[static_cast<std::size_t>(t * size + i)];
    }
  return [=, q = values(length * size, 1), gy = values(length * size, 4), y = values(length * size, 5), log_sum = std::vector<float>(static_cast<std::size_t>(length), 6.0F),
          gq = values(length * size, 6), gk = values(length * size, 7), gv = values(length * size, 8),
          scratch = values(2 * cpu::kAttentionRows * cpu::attention_scratch_row(length), 9)](const cpu::KernelsOf<float>& kernels) mutable {
    cpu::AttentionHead<float> head;
    head.length = length, head.size = size, head.scale = 1 / std::sqrt(static_cast<float>(size));
    head.q = q.data(), head.k = k.data(), head.v = v.data(), head.k_t = k_t.data(), head.v_t = v_t.data();
    head.q_row = head.kv_row = size, head.t_row = length, head.y = y.data(), head.log_sum = log_sum.data();
    if (backward)
      kernels.attention_backward(head, {gy.data(), gq.data(), gk.data(), gv.data()}, scratch.data());
    else
      kernels.attention(head, scratch.data());
  };
}

std::vector<std::pair<std::string, Work>> cases() {
  constexpr std::int64_t kRows = 24, kWidth = 192;
  const auto x = values(kRows * kWidth, 1), w = values(kWidth, 2), g = values(kRows * kWidth, 3);
  const auto out = values(kRows * kWidth, 4), more = values(kRows * kWidth, 5);
  return {
      {"gemm", gemm(64, 96, 160, false, 0)},
      {"gemm_transposed", gemm(64, 96, 160, true, 0)},
      {"gemm_with_adapter", gemm(64, 96, 160, true, 8)},
      {"gemm_rank_8", gemm(64, 8, 160, true, 0)},
      {"gemm_odd", gemm(13, 37, 61, false, 0)},
      {"attention", attention(96, 32, false)},
      {"attention_backward", attention(96, 32, true)},
      {"rms_norm", [=](const cpu::KernelsOf<float>& k) mutable { auto y = out, r = w; k.rows.rms_norm(x.data(), w.data(), 1e-5F, 0, kRows, kWidth, y.data(), r.data()); }},
      {"rms_norm_backward",
       [=](const cpu::KernelsOf<float>& k) mutable { auto y = out; k.rows.rms_norm_backward(x.data(), w.data(), w.data(), g.data(), nullptr, 0, kRows, kWidth, y.data()); }},
      {"rotate", [=](const cpu::KernelsOf<float>& k) mutable { auto y = out; k.rows.rotate(x.data(), g.data(), more.data(), 1, 0, kRows, 6, 32, y.data()); }},
      {"swiglu", [=](const cpu::KernelsOf<float>& k) mutable { auto y = out; k.rows.swiglu(x.data(), g.data(), 0, kRows * kWidth, y.data()); }},
      {"swiglu_backward",
       [=](const cpu::KernelsOf<float>& k) mutable {
         auto y = out, z = more;
         k.rows.swiglu_backward(x.data(), g.data(), w.data(), 0, kWidth, y.data(), z.data());
       }},
  };
}

}  // namespace

extern "C" __attribute__((noinline)) void weft_counted(const Work& work, const cpu::Kernels& set) { work(set.f32); }

int main(int argc, char** argv) {
  const auto all = cases();
  if (argc < 3) {
    for (const auto* set : cpu::all_kernels())
      for (const auto& [name, work] : all) std::printf("%s %s\n", set->name, name.c_str());
    return 0;
  }
  for (const auto* set : cpu::all_kernels())
    for (const auto& [name, work] : all)
      if (set->name == std::string(argv[1]) && name == argv[2]) return weft_counted(work, *set), 0;
  return 2;
}
