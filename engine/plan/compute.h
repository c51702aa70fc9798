// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "engine/api/settings.h"
#include "engine/plan/evaluation_order.h"

namespace weft {

// What a run computes in: "fp32", "bf16" or "bf16x3". model: the validated [model] section. Auto is bf16 where the processor multiplies that
// fast, unless the order of evaluation asked for would lose the update in it. Training is as good: tests/bench/quality.py.
[[nodiscard]] std::string compute_of(const SettingValues& model, const EvaluationPolicy& evaluation);

// Rows of logits that exist at once: a tile decodes the output weight twice, so few are slow; 48 MiB of them where a vocabulary allows.
[[nodiscard]] constexpr std::int64_t loss_tile_rows(std::int64_t vocabulary) {
  return std::clamp<std::int64_t>((std::int64_t{48} << 20) / (4 * std::max<std::int64_t>(vocabulary, 1)) / 64 * 64, 128, 512);
}

}  // namespace weft
