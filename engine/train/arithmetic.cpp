// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/arithmetic.h"

#include <fmt/format.h>

#include <chrono>

#include "engine/kernels/cpu/kernels.h"

namespace weft {
namespace {

// Time of a product in bfloat16 over that in float32, both once after a first call.
double cost_of_bf16() {
  const Tensor a = at::ones({128, 512}), b = at::ones({512, 512}), out = at::empty({128, 512});
  const auto seconds = [&](Precision precision) {
    double best = 1e9;
    for (int i = 0; i < 3; ++i) {
      const auto begin = std::chrono::steady_clock::now();
      sum_of_products(out, {}, {{a, b.t(), 1, {}, {}}}, precision);
      best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    return best;
  };
  const double full = seconds(Precision::Full);
  return seconds(Precision::Bf16) / full;
}

}  // namespace

Arithmetic choose_arithmetic(const SettingValues& model) {
  Arithmetic chosen;
  const auto compute = model.at("compute").get<std::string>(), storage = model.at("storage").get<std::string>();
  chosen.compute = compute == "bf16" ? "bf16" : "fp32";
  if (compute == "bf16") {
    chosen.options.precision = Precision::Bf16;
    if (!cpu::kernels().fast_bf16)
      chosen.warning = fmt::format("this processor has no bfloat16 arithmetic: compute = \"bf16\" takes {:.1f} times as long as \"fp32\" here and saves no memory",
                                   cost_of_bf16());
  }
  if (storage == "fp32") chosen.options.storage = Storage::Fp32;
  if (storage == "bf16") chosen.options.storage = Storage::Bf16;
  if (storage == "nf4") chosen.options.storage = Storage::Nf4;
  chosen.storage = storage == "auto" ? "as-is" : storage;
  return chosen;
}

}  // namespace weft
