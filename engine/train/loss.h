// SPDX-License-Identifier: GPL-3.0-or-later
// Cross entropy of the next token over the output layer, in tiles of rows: the [T, V] logits never exist, and rows without a label
// never reach the output layer.
#pragma once

#include <vector>

#include "engine/api/dropout.h"
#include "engine/tensor/matmul.h"

namespace weft {

// Sum over labelled rows of -log softmax(hidden W^T)[target], divided by `divisor` (the trained tokens of the whole optimizer step).
// hidden [T, C]; output_weight [V, C] frozen; targets [T] with kNoLabel (-100) where no loss is taken. Scalar, differentiable by hidden.
// precision: of the products with W.
// Work: one product with W forward; backward is free (the gradient is made with the loss when gradients are on).
// right: gets the number of labels that are ranked first added, where it is given.
[[nodiscard]] Tensor tiled_cross_entropy(const Tensor& hidden, const Matrix& output_weight, const std::vector<std::int32_t>& targets,
                                         double divisor, Precision precision = Precision::Full, std::int64_t* right = nullptr);

// How far two passes over the same rows are apart, and what that counts.
struct ConsistencyTerm {
  Consistency kind = Consistency::Kl;   // Kl or Js
  double weight = 0;
  bool both = false;                    // the second pass has a gradient too, and its cross entropy counts half
};
struct ConsistentLoss {
  Tensor total;                         // task + weight * apart; differentiable by `first`, and by `second` where term.both
  double task = 0, apart = 0;           // sums over the labelled rows / divisor
};
// Logits of a tile of rows exist for both passes at once. Work: one product with W more than tiled_cross_entropy, or two with term.both.
[[nodiscard]] ConsistentLoss tiled_consistent_loss(const Tensor& first, const Tensor& second, const Matrix& output_weight,
                                                   const std::vector<std::int32_t>& targets, double divisor, const ConsistencyTerm& term,
                                                   Precision precision = Precision::Full);

}  // namespace weft
