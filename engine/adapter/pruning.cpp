// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/pruning.h"

#include <algorithm>
#include <cmath>

#include "engine/adapter/site_loop.h"
#include "engine/tensor/sketched_svd.h"

namespace weft {
namespace {

struct Cut {
  Tensor left, right;            // [out, k], [k, in] float64
  double kept = 0, whole = 0;    // squared Frobenius norms of B A
};

// From two thin QR decompositions and the SVD of an r x r matrix.
Cut cut(const Tensor& b, const Tensor& a, std::int64_t rank) {
  const Tensor left = b.to(at::kDouble), right = a.to(at::kDouble);
  const auto [q1, r1] = at::linalg_qr(left, "reduced");
  const auto [q2, r2] = at::linalg_qr(right.t(), "reduced");
  const Tensor core = r1.matmul(r2.t());
  const SingularTriplets t = exact_svd(core, std::min(core.size(0), core.size(1)));
  const Tensor s = t.s.to(at::kDouble).narrow(0, 0, rank);
  const double row = right.norm().item<double>() / std::sqrt(static_cast<double>(right.size(0)));
  const double length = row > 0 ? row : 1;
  return {q1.matmul(t.u.to(at::kDouble).narrow(1, 0, rank) * s) / length, q2.matmul(t.v.to(at::kDouble).narrow(1, 0, rank)).t() * length,
          s.square().sum().item<double>(), t.s.square().sum().item<double>()};
}

}  // namespace

Result<PrunedAdapters> prune(AdapterSet& adapters, const std::vector<std::int64_t>& ranks) {
  const at::NoGradGuard no_grad;
  PrunedAdapters result;
  std::vector<AdapterSet::SiteRequest> requests;
  for (std::size_t i = 0; i < adapters.size(); ++i) {
    const SiteContext& site = adapters.context(i);
    const bool less = ranks.at(i) < site.rank && adapters.values(i).contains("A") && adapters.values(i).contains("B");
    result.cut.push_back(less);
    // no start runs here, and only a start writes to a base
    requests.push_back({site, less ? ranks[i] : site.rank, site.scale, const_cast<Base*>(site.base)});
  }
  WEFT_ASSIGN_OR_RETURN(result.adapters, AdapterSet::create(adapters.preset(), adapters.settings(), requests, adapters.params().scalar_type()));
  std::vector<Cut> cuts(adapters.size());
  each_site(adapters.size(), [&](std::size_t i) {
    for (const auto& [name, value] : adapters.values(i)) {
      if (result.cut[i] && (name == "A" || name == "B")) continue;
      result.adapters->slot(i, name).value.copy_(value);
    }
    if (!result.cut[i]) return;
    cuts[i] = cut(adapters.values(i).at("B"), adapters.values(i).at("A"), ranks[i]);
    result.adapters->slot(i, "B").value.copy_(cuts[i].left);
    result.adapters->slot(i, "A").value.copy_(cuts[i].right);
  });
  double kept = 0, whole = 0;
  for (std::size_t i = 0; i < adapters.size(); ++i) {
    if (!result.cut[i]) continue;
    kept += cuts[i].kept;
    whole += cuts[i].whole;
    if (const double share = cuts[i].whole > 0 ? cuts[i].kept / cuts[i].whole : 1; result.least_site.empty() || share < result.least) {
      result.least = share;
      result.least_site = adapters.context(i).path;
    }
  }
  if (whole > 0) result.energy = kept / whole;
  result.adapters->prepare();
  return result;
}

}  // namespace weft
