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

constexpr double kRounding = 1e-9;   // of a sum of squares: what is the whole of it counts as the whole

// How many of the values, which are in descending order, hold that much of `whole`; 0: not even all of them do.
std::int64_t rank_that_keeps(const std::vector<double>& squares, double energy, double whole) {
  double kept = 0;
  for (std::size_t i = 0; i < squares.size(); ++i)
    if ((kept += squares[i]) >= energy * whole * (1 - kRounding)) return static_cast<std::int64_t>(i) + 1;
  return 0;
}

std::vector<double> squares_of(const Tensor& s) {
  const Tensor squares = s.to(at::kDouble).square().contiguous();
  return {squares.const_data_ptr<double>(), squares.const_data_ptr<double>() + squares.numel()};
}

constexpr std::int64_t kWorthSketching = 4;   // a sketch of more than a quarter of the rank costs what the whole decomposition does

// W' - W of one matrix, to be decomposed as far as it is asked for.
class Update {
 public:
  Update(const AdapterSet& adapters, std::size_t site) {
    const LinearFactors& f = adapters.factors(site);
    if (f.left.defined() && !f.form && !has_scales(f)) {
      all_ = of_product(f);
      whole_ = all_.s.square().sum().item<double>();
      most_ = all_.s.numel();
    } else {
      change_ = whole_change(adapters, site);
      const double norm = at::linalg_vector_norm(change_, 2, at::OptionalIntArrayRef(), /*keepdim=*/false, at::kDouble).item<double>();
      whole_ = norm * norm;
      most_ = std::min(change_.size(0), change_.size(1));
    }
  }
  [[nodiscard]] double whole() const { return whole_; }
  [[nodiscard]] std::int64_t most() const { return most_; }   // no update of this matrix has more
  // The first of them at least.
  [[nodiscard]] SingularTriplets leading(std::int64_t rank) const {
    if (!change_.defined()) return all_;
    if (kWorthSketching * rank >= most_) return exact_svd(change_, most_);
    auto generator = make_generator(1);
    return sketched_svd(change_, rank, kIterations, generator);
  }

 private:
  Tensor change_;          // of full rank; else all triplets are here
  SingularTriplets all_;
  double whole_ = 0;
  std::int64_t most_ = 0;
};

constexpr std::int64_t kFirstSketch = 16;

Status check_goal(const AdapterSet& adapters, const ApproximationGoal& goal) {
  if (goal.energy != 0 && goal.rank != 0) return invalid_argument("[export] a rank and an energy were asked for: one of the two decides");
  if (goal.energy != 0 && !(goal.energy > 0 && goal.energy <= 1))
    return invalid_argument(fmt::format("[export] energy {} is no share: more than 0 and at most 1, such as 0.99", goal.energy));
  for (std::size_t i = 0; goal.energy == 0 && i < adapters.size(); ++i)
    if (const SiteContext& site = adapters.context(i); goal.rank < 1 || goal.rank > std::min(site.out, site.in))
      return invalid_argument(
          fmt::format("[export] rank {} is not possible: {} is {} x {}, so 1 to {} are", goal.rank, site.path, site.out, site.in, std::min(site.out, site.in)));
  return {};
}

Status ended() { return {ErrorCode::Cancelled, "[export] was ended; nothing was kept"}; }

// One rank whose leading triplets of all matrices hold that share of what all of them change.
Result<std::int64_t> common_rank(const AdapterSet& adapters, double energy, const std::function<bool()>& go_on) {
  double whole = 0;
  std::int64_t most = 1;
  for (std::size_t i = 0; i < adapters.size(); ++i) {
    if (go_on && !go_on()) return ended();
    const Update update(adapters, i);
    whole += update.whole();
    most = std::max(most, update.most());
  }
  for (std::int64_t rank = kFirstSketch;; rank *= 2) {
    std::vector<double> squares(static_cast<std::size_t>(std::min(rank, most)));   // of all matrices, by place
    for (std::size_t i = 0; i < adapters.size(); ++i) {
      if (go_on && !go_on()) return ended();
      const std::vector<double> own = squares_of(Update(adapters, i).leading(rank).s);
      for (std::size_t k = 0; k < std::min(own.size(), squares.size()); ++k) squares[k] += own[k];
    }
    if (const std::int64_t found = rank_that_keeps(squares, energy, whole); found > 0 || rank >= most) return found > 0 ? found : most;
  }
}

}  // namespace

UpdateApproximation approximate_update(const AdapterSet& adapters, std::size_t site, std::int64_t rank) {
  const at::NoGradGuard no_grad;
  const Update update(adapters, site);
  return cut(update.leading(rank), rank, update.whole());
}

UpdateApproximation approximate_update_to(const AdapterSet& adapters, std::size_t site, double energy) {
  const at::NoGradGuard no_grad;
  const Update update(adapters, site);
  for (std::int64_t rank = kFirstSketch;; rank *= 2) {
    const SingularTriplets leading = update.leading(std::min(rank, update.most()));
    if (const std::int64_t found = rank_that_keeps(squares_of(leading.s), energy, update.whole()); found > 0) return cut(leading, found, update.whole());
    if (rank >= update.most()) return cut(leading, update.most(), update.whole());
  }
}

Result<ApproximateAdapters> approximate_adapters(const AdapterSet& adapters, const ApproximationGoal& goal, const std::function<bool()>& go_on) {
  const at::NoGradGuard no_grad;
  WEFT_RETURN_IF_ERROR(check_goal(adapters, goal));
  std::int64_t common = goal.rank;   // 0: each has its own
  if (goal.energy != 0 && goal.same_rank) {
    WEFT_ASSIGN_OR_RETURN(common, common_rank(adapters, goal.energy, go_on));
  }
  std::vector<UpdateApproximation> updates;
  std::vector<AdapterSet::SiteRequest> requests;
  ApproximateAdapters result;
  for (std::size_t i = 0; i < adapters.size(); ++i) {
    if (go_on && !go_on()) return ended();
    const SiteContext& site = adapters.context(i);
    updates.push_back(common > 0 ? approximate_update(adapters, i, std::min({common, site.out, site.in})) : approximate_update_to(adapters, i, goal.energy));
    const std::int64_t rank = updates.back().left.size(1);
    result.rank = std::max(result.rank, rank);
    result.least_rank = i == 0 ? rank : std::min(result.least_rank, rank);
    // a LoRA from the default start never writes to its base
    requests.push_back({site, rank, 1.0, const_cast<Base*>(site.base)});
  }
  const MethodPreset& lora = lora_preset();
  const SettingValues given = {{"rank", result.rank}, {"alpha", result.rank}, {"targets", adapters.settings().at("targets")}};
  WEFT_ASSIGN_OR_RETURN(const SettingValues settings, complete_settings(lora.descriptor.settings, given, "export"));
  WEFT_ASSIGN_OR_RETURN(result.adapters, AdapterSet::create(lora, settings, requests));
  double kept = 0, whole = 0;
  for (std::size_t i = 0; i < adapters.size(); ++i) {
    const UpdateApproximation update = std::move(updates[i]);
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
