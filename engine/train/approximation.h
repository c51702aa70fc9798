// SPDX-License-Identifier: GPL-3.0-or-later
// The nearest plain LoRA of a given rank to what an adapter makes of its matrices, whatever the method: at each, the leading singular triplets of
// W' - W (Eckart & Young 1936); or of the least rank that keeps a given share of its energy. One matrix at a time; engine thread only.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/adapter/adapter_set.h"

namespace weft {

struct UpdateApproximation {
  Tensor left, right;              // [out, rank], [rank, in] float32: their product
  double kept = 0, whole = 0;      // squared Frobenius norms of it and of W' - W
};
// adapters: prepared. 1 <= rank <= out, in. Of an update that is a product of thin factors from these, exact; of one of full rank from a sketch of
// it, sharpened (tensor/sketched_svd.h): the product is then as near as `kept` says, which may be a little less than the best.
[[nodiscard]] UpdateApproximation approximate_update(const AdapterSet& adapters, std::size_t site, std::int64_t rank);
// The least rank that keeps this share of the update, 0 < energy <= 1; rank 1 where there is no update. Of an update of full rank the sketch grows until it does.
[[nodiscard]] UpdateApproximation approximate_update_to(const AdapterSet& adapters, std::size_t site, double energy);

// Either a rank for all matrices or a share of the energy: of each matrix, or with same_rank of all together, which then have one rank (or all that they can).
struct ApproximationGoal {
  std::int64_t rank = 0;
  double energy = 0;               // 0: the rank is given
  bool same_rank = false;
};

struct ApproximateAdapters {
  std::unique_ptr<AdapterSet> adapters;  // of the method "lora" on the same matrices; prepared, not attached
  double energy = 1;                     // kept over whole, of all matrices; 1 where there is no update
  double least = 1;                      // of the matrix that loses the most
  std::string least_site;
  std::int64_t rank = 0, least_rank = 0; // the highest and the lowest of any matrix
};
// InvalidArgument for a rank that a matrix cannot have, or a share that is none. go_on: asked before each matrix, or empty; where it is not the wish, Cancelled.
[[nodiscard]] Result<ApproximateAdapters> approximate_adapters(const AdapterSet& adapters, const ApproximationGoal& goal, const std::function<bool()>& go_on = {});

}  // namespace weft
