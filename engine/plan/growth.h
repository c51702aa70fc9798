// SPDX-License-Identifier: GPL-3.0-or-later
// How the time of a step grows with its batch and its rank, fitted over measured steps: whether the engine's loops cost what their operations say.
#pragma once

#include <span>

#include "engine/core/status.h"

namespace weft {

struct GrowthPoint {
  double tokens = 0, sum_squared_lengths = 0, rank = 0;
  double seconds = 0;                    // of one step
};

// seconds = fixed + a_token T + a_square sum(len^2) + a_token_rank T r + a_rank r
struct Growth {
  double fixed = 0, a_token = 0, a_square = 0, a_token_rank = 0;
  double a_rank = 0;                     // what is done once a step whatever the tokens: the update rule, clearing gradients
  double largest_error = 0;              // of a point, relative to its time
};

// Least squares of the relative errors. Needs at least five points that tell the terms apart.
[[nodiscard]] Result<Growth> fit_growth(std::span<const GrowthPoint> points);

}  // namespace weft
