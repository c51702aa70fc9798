// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/arithmetic.h"

#include <fmt/format.h>

#include <chrono>

#include "engine/kernels/cpu/kernels.h"
#include "engine/plan/compute.h"

namespace weft {
namespace {

// Time of a product of that precision over that in float32, both once after a first call.
double cost_of(Precision precision) {
  const Tensor a = at::ones({128, 512}), b = at::ones({512, 512}), out = at::empty({128, 512});
  const auto seconds = [&](Precision of) {
    double best = 1e9;
    for (int i = 0; i < 3; ++i) {
      const auto begin = std::chrono::steady_clock::now();
      sum_of_products(out, {}, {{a, b.t(), 1, {}, {}}}, of);
      best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    return best;
  };
  const double full = seconds(Precision::Full);
  return seconds(precision) / full;
}

}  // namespace

Arithmetic choose_arithmetic(const SettingValues& model, const EvaluationPolicy& evaluation) {
  Arithmetic chosen;
  const auto storage = model.at("storage").get<std::string>();
  const std::string compute = chosen.compute = compute_of(model, evaluation);
  if (compute == "bf16") {
    chosen.options.precision = Precision::Bf16;
    if (!cpu::kernels().bf16.fast)
      chosen.warning = fmt::format("this processor has no bfloat16 arithmetic: compute = \"bf16\" takes {:.1f} times as long as \"fp32\" here and saves no memory",
                                   cost_of(Precision::Bf16));
  }
  if (compute == "bf16x3") {
    chosen.options.precision = Precision::Bf16x3;
    if (const double cost = cost_of(Precision::Bf16x3); cost > 1.05)
      chosen.warning = fmt::format("products in compute = \"bf16x3\" take {:.1f} times as long as in \"fp32\" on this processor: it is for processors with AMX", cost);
  }
  if (storage == "fp32") chosen.options.storage = Storage::Fp32;
  if (storage == "bf16") chosen.options.storage = Storage::Bf16;
  if (storage == "nf4") chosen.options.storage = Storage::Nf4;
  if (storage == "nf4-double") chosen.options.storage = Storage::NestedNf4;
  const auto products = model.at("products").get<std::string>();
  chosen.products = products == "own" ? ProductChoice::Maker::Own : products == "library" ? ProductChoice::Maker::Library : ProductChoice::Maker::Measured;
  chosen.storage = storage == "auto" ? "as-is" : storage;
  return chosen;
}

}  // namespace weft
