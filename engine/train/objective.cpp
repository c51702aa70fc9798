// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/objective.h"

#include "engine/tensor/phase_clock.h"
#include "engine/train/loss.h"

namespace weft {

TokenBatch view_of(const PackedBatch& batch) { return {batch.ids, batch.positions, batch.segments}; }

BatchLoss batch_loss(const Decoder& model, const PackedBatch& batch, double divisor, const DropPass& pass) {
  const Dropout& d = pass.dropout;
  const Precision precision = model.options().precision;
  if (d.consistency == Consistency::None) {
    const Tensor hidden = model.hidden(view_of(batch), {}, pass);
    const PhaseScope scope(Phase::Head);
    BatchLoss loss{tiled_cross_entropy(hidden, model.output_weight(), batch.targets, divisor, precision)};
    loss.task = loss.value();
    return loss;
  }
  DropPass other = pass;
  ++other.pass;
  if (d.consistency == Consistency::Js) other.dropout = {};   // as at inference
  const auto hidden = model.hidden_twice(view_of(batch), pass, other, d.both_passes);
  const PhaseScope scope(Phase::Head);
  ConsistentLoss loss = tiled_consistent_loss(hidden[0], hidden[1], model.output_weight(), batch.targets, divisor,
                                              {d.consistency, d.consistency_weight, d.both_passes}, precision);
  return {std::move(loss.total), loss.task, loss.apart};
}

}  // namespace weft
