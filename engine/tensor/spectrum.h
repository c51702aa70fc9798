// SPDX-License-Identifier: GPL-3.0-or-later
// Singular values of a low-rank product from its factors, without ever forming it:
// L = Q1 R1, R^T = Q2 R2, so s(L R) = s(R1 R2^T), an r x r problem.
#pragma once

#include "engine/tensor/tensor.h"

namespace weft {

// left [out, k], right [k, in], float32 or float64. Returns [min(k, out, in)] float64, descending, times |scale|.
[[nodiscard]] Tensor product_singular_values(const Tensor& left, const Tensor& right, double scale);

struct SpectrumFigures {
  double effective_rank = 0;  // exp(-sum p ln p), p = s / sum s (Roy & Vetterli 2007)
  double stable_rank = 0;     // sum s^2 / s_1^2
  double frobenius = 0;       // sqrt(sum s^2)
  int energy_rank_90 = 0, energy_rank_95 = 0, energy_rank_99 = 0;  // fewest values holding that share of sum s^2
};
// values [k] float64, descending. All zero for a zero spectrum.
[[nodiscard]] SpectrumFigures spectrum_figures(const Tensor& values);

}  // namespace weft
