// SPDX-License-Identifier: GPL-3.0-or-later
// The nearest plain LoRA of a given rank to what an adapter makes of its matrices, whatever the method: at each, the leading singular triplets of
// W' - W (Eckart & Young 1936). One matrix at a time; engine thread only.
#pragma once

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

struct ApproximateAdapters {
  std::unique_ptr<AdapterSet> adapters;  // of the method "lora" on the same matrices; prepared, not attached
  double energy = 1;                     // kept over whole, of all matrices; 1 where there is no update
  double least = 1;                      // of the matrix that loses the most
  std::string least_site;
};
// InvalidArgument for a rank that a matrix cannot have.
[[nodiscard]] Result<ApproximateAdapters> approximate_adapters(const AdapterSet& adapters, std::int64_t rank);

}  // namespace weft
