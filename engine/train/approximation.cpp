// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/approximation.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/tensor/sketched_svd.h"

namespace weft {
namespace {

constexpr std::int64_t kIterations = 8;

bool has_scales(const LinearFactors& f) { return f.row_scale.defined() || f.column_scale.defined() || f.rotation.defined(); }

// W' - W [out, in], where it is no product of thin factors.
Tensor whole_change(const AdapterSet& adapters, std::size_t site) {
  const SiteContext& at = adapters.context(site);
  const LinearFactors& f = adapters.factors(site);
  if (!has_scales(f)) return whole_update(f, at.out, at.in).to(at::kFloat);
  return adapters.merged(site).sub_(at.base->dense());
}

// left right' = scale * L R, from two thin QR decompositions and the SVD of a k x k matrix.
SingularTriplets of_product(const LinearFactors& f) {
  const auto [q1, r1] = at::linalg_qr(f.left.to(at::kDouble), "reduced");
  const auto [q2, r2] = at::linalg_qr(f.right.to(at::kDouble).t(), "reduced");
  const Tensor core = r1.matmul(r2.t()) * f.scale;
  const SingularTriplets t = exact_svd(core, std::min(core.size(0), core.size(1)));
  return {q1.matmul(t.u), t.s, q2.matmul(t.v)};
}

// Both factors get the root of each singular value.
UpdateApproximation cut(const SingularTriplets& t, std::int64_t rank, double whole) {
  const std::int64_t there = std::min(rank, t.s.numel());
  const Tensor s = t.s.narrow(0, 0, there), root = s.sqrt();
  const auto options = at::TensorOptions(at::kFloat);
  UpdateApproximation result{at::zeros({t.u.size(0), rank}, options), at::zeros({rank, t.v.size(0)}, options), 0, whole};
  result.left.narrow(1, 0, there).copy_(t.u.narrow(1, 0, there) * root);
  result.right.narrow(0, 0, there).copy_((t.v.narrow(1, 0, there) * root).t());
  result.kept = std::min(whole, s.to(at::kDouble).square().sum().item<double>());
  return result;
}

}  // namespace

UpdateApproximation approximate_update(const AdapterSet& adapters, std::size_t site, std::int64_t rank) {
  const at::NoGradGuard no_grad;
  const LinearFactors& f = adapters.factors(site);
  if (f.left.defined() && !f.form && !has_scales(f)) {
    const SingularTriplets all = of_product(f);
    return cut(all, rank, all.s.square().sum().item<double>());
  }
  const Tensor change = whole_change(adapters, site);
  const double norm = at::linalg_vector_norm(change, 2, at::OptionalIntArrayRef(), /*keepdim=*/false, at::kDouble).item<double>();
  auto generator = make_generator(1);
  return cut(sketched_svd(change, rank, kIterations, generator), rank, norm * norm);
}

Result<ApproximateAdapters> approximate_adapters(const AdapterSet& adapters, std::int64_t rank) {
  std::vector<AdapterSet::SiteRequest> requests;
  for (std::size_t i = 0; i < adapters.size(); ++i) {
    const SiteContext& site = adapters.context(i);
    if (rank < 1 || rank > std::min(site.out, site.in))
      return invalid_argument(fmt::format("[export] rank {} is not possible: {} is {} x {}, so 1 to {} are", rank, site.path, site.out, site.in,
                                          std::min(site.out, site.in)));
    // a LoRA from the default start never writes to its base
    requests.push_back({site, rank, 1.0, const_cast<Base*>(site.base)});
  }
  const MethodPreset& lora = lora_preset();
  const SettingValues given = {{"rank", rank}, {"alpha", rank}, {"targets", adapters.settings().at("targets")}};
  WEFT_ASSIGN_OR_RETURN(const SettingValues settings, complete_settings(lora.descriptor.settings, given, "export"));
  ApproximateAdapters result;
  WEFT_ASSIGN_OR_RETURN(result.adapters, AdapterSet::create(lora, settings, requests));
  double kept = 0, whole = 0;
  for (std::size_t i = 0; i < adapters.size(); ++i) {
    const UpdateApproximation update = approximate_update(adapters, i, rank);
    result.adapters->slot(i, "B").value.copy_(update.left);
    result.adapters->slot(i, "A").value.copy_(update.right);
    kept += update.kept;
    whole += update.whole;
    if (const double share = update.whole > 0 ? update.kept / update.whole : 1; result.least_site.empty() || share < result.least) {
      result.least = share;
      result.least_site = adapters.context(i).path;
    }
  }
  if (whole > 0) result.energy = kept / whole;
  result.adapters->prepare();
  return result;
}

}  // namespace weft
