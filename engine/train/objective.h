// SPDX-License-Identifier: GPL-3.0-or-later
// What training makes small: the loss of one micro-batch, by one forward pass or, where [dropout] asks for agreement, by two. Engine thread only.
#pragma once

#include "engine/data/data_set.h"
#include "engine/model/decoder.h"

namespace weft {

struct BatchLoss {
  Tensor total;                         // scalar, differentiable by the adapters
  double task = 0;                      // cross entropy
  double apart = 0;                     // of the two passes; 0 where there is one
  [[nodiscard]] double value() const { return total.item<double>(); }
};

[[nodiscard]] TokenBatch view_of(const PackedBatch& batch);

// Sums over the batch's trained tokens / divisor. pass: of the first forward pass; the second's masks are those of pass.pass + 1.
[[nodiscard]] BatchLoss batch_loss(const Decoder& model, const PackedBatch& batch, double divisor, const DropPass& pass = {});

}  // namespace weft
