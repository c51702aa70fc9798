// SPDX-License-Identifier: GPL-3.0-or-later
// What a run computes in and how it keeps the frozen weights, from its settings and this processor.
#pragma once

#include <string>

#include "engine/api/settings.h"
#include "engine/model/decoder.h"
#include "engine/plan/evaluation_order.h"
#include "engine/tensor/product_choice.h"

namespace weft {

struct Arithmetic {
  DecoderOptions options;
  std::string compute, storage;  // as the run's first event names them: "fp32", "bf16", "bf16x3"; "as-is", "fp32", "bf16", "nf4", "nf4-double"
  ProductChoice::Maker products = ProductChoice::Maker::Own;
  std::string warning;           // not empty: what was asked for is slow here, with the factor measured
};

// model: the validated [model] section; engine/plan/compute.h says what "auto" computes in
[[nodiscard]] Arithmetic choose_arithmetic(const SettingValues& model, const EvaluationPolicy& evaluation);

}  // namespace weft
