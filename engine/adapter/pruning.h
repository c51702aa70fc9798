// SPDX-License-Identifier: GPL-3.0-or-later
// Takes ranks away from factors B [out, r] and A [r, in]: what stays of dW = s B A are its largest singular directions. Engine thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/adapter/adapter_set.h"

namespace weft {

struct PrunedAdapters {
  std::unique_ptr<AdapterSet> adapters;
  std::vector<bool> cut;         // by site: whether it has fewer ranks than before
  double energy = 1, least = 1;  // share of the squared Frobenius norm of dW that is left, of all that were cut and of the one that lost the most
  std::string least_site;
};

// A set of its own, prepared, with at most ranks[site] at each. A site without factors, or with no more ranks than that, is copied as it is.
// A' has orthogonal rows as long as those of A were on average, B' the rest, so a direction that is still zero goes on from B = 0 as at a start.
[[nodiscard]] Result<PrunedAdapters> prune(AdapterSet& adapters, const std::vector<std::int64_t>& ranks);

}  // namespace weft
