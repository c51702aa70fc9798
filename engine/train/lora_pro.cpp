// SPDX-License-Identifier: GPL-3.0-or-later
// LoRA-Pro (Wang et al. 2024, arXiv:2407.18242, theorems 2.1 to 2.3 and algorithm 2): gradients of B and A that together come closest to that of
// the whole matrix. gA = (B'B)^-1 gA / s^2 + X A and gB = (I - B (B'B)^-1 B') gB (A A')^-1 / s^2 - B X move W by the projection of its
// gradient onto what B and A can reach, whatever X is; X is the one that keeps gA and gB nearest to what they were.
// With Adam's moments of the move s (B gA + gB A) itself, as the authors' code has it: two numbers for every weight of an adapted matrix.
#include <ATen/Parallel.h>

#include <cmath>

#include <fmt/format.h>

#include "engine/core/text_util.h"
#include "engine/train/update_rule.h"

namespace weft {
namespace {

constexpr double kDamping = 1e-8;  // of the r x r matrices before they are inverted, as the authors' code has it

struct FactorGradients {
  Tensor b, a;
};

// All in float64 but for the long products; a and b as at hand, ga and gb the gradients of B A's factors.
FactorGradients adjusted(const Tensor& b, const Tensor& a, const Tensor& gb, const Tensor& ga, double scale, bool nearest) {
  const auto type = b.scalar_type();
  const double size = 1 / (scale * scale);
  const Tensor bb = b.t().matmul(b).to(at::kDouble), aa = a.matmul(a.t()).to(at::kDouble);
  const Tensor damping = at::eye(aa.size(0), aa.options()) * kDamping;
  const Tensor aa_inverse = at::linalg_inv(aa + damping).to(type);
  const Tensor right = gb.matmul(aa_inverse) * size;
  if (bb.abs().max().item<double>() == 0) return {right, ga};  // B reaches nothing yet: A waits, and gB is its own projection
  const Tensor bb_inverse = at::linalg_inv(bb + damping);
  const Tensor ga_seen = bb_inverse.to(type).matmul(ga) * size;
  FactorGradients out{right - b.matmul(bb_inverse.to(type).matmul(b.t().matmul(right))), ga_seen};
  if (!nearest) return out;
  // B'B X + X A A' = -(B'B)^-1 gA A' / s^2, solved in the eigenbases of both
  const auto [l, u] = at::linalg_eigh(bb);
  const auto [m, v] = at::linalg_eigh(aa);
  const Tensor c = u.t().matmul(ga_seen.matmul(a.t()).to(at::kDouble)).matmul(v).neg();
  const Tensor sums = (l.unsqueeze(1) + m.unsqueeze(0)).clamp_min(kDamping);
  const Tensor x = u.matmul(c / sums).matmul(v.t()).to(type);
  out.a = out.a + x.matmul(a);
  out.b = out.b - b.matmul(x);
  return out;
}

class LoraPro final : public UpdateRule {
 public:
  LoraPro(const SettingValues& train, const Tensor& like, const std::vector<FactorPair>& pairs)
      : beta1_(train.at("beta1").get<double>()), beta2_(train.at("beta2").get<double>()), eps_(train.at("eps").get<double>()),
        weight_decay_(train.at("weight_decay").get<double>()), pairs_(pairs) {
    std::int64_t weights = 0;
    for (const auto& pair : pairs_) {
      begins_.push_back(weights);
      weights += pair.out * pair.in;
    }
    first_ = at::zeros({weights}, like.options());
    second_ = at::zeros({weights}, like.options());
  }

  void step(Tensor& params, const Tensor& gradients, const std::vector<ParameterGroup>& groups, double lr, std::int64_t step) override {
    at::parallel_for(0, static_cast<std::int64_t>(pairs_.size()), 1, [&](std::int64_t first, std::int64_t last) {
      const at::NoGradGuard no_grad;
      for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(last); ++i) step_pair(i, params, gradients, groups, lr, step);
    });
  }

  TrainingState state() override { return {{"first_moment", first_}, {"second_moment", second_}}; }

  std::string remark() const override {
    return fmt::format("[train] optimizer = \"lora-pro\" keeps two moments of every weight of the adapted matrices: {} here, in memory and in each checkpoint",
                       human_bytes(static_cast<double>(first_.nbytes() + second_.nbytes())));
  }

 private:
  void step_pair(std::size_t i, Tensor& params, const Tensor& gradients, const std::vector<ParameterGroup>& groups, double lr, std::int64_t step) {
    const FactorPair& pair = pairs_[i];
    const auto ratio_b = lr_ratio_at(groups, pair.left), ratio_a = lr_ratio_at(groups, pair.right);
    if (!ratio_a || !ratio_b) return;  // it rests
    Tensor b = pair.left_of(params), a = pair.right_of(params);
    const FactorGradients seen = adjusted(b, a, pair.left_of(gradients), pair.right_of(gradients), pair.scale, /*nearest=*/false);
    const auto moments_of = [&](const Tensor& flat) { return flat.narrow(0, begins_[i], pair.out * pair.in).view({pair.out, pair.in}); };
    Tensor first = moments_of(first_), second = moments_of(second_);
    Tensor whole = seen.b.matmul(a).addmm_(b, seen.a).mul_(pair.scale);  // of W's size, a matrix at a time
    first.lerp_(whole, 1 - beta1_);
    second.mul_(beta2_).addcmul_(whole, whole, 1 - beta2_);
    const double correction1 = 1 - std::pow(beta1_, static_cast<double>(step)), correction2 = std::sqrt(1 - std::pow(beta2_, static_cast<double>(step)));
    at::sqrt_out(whole, second).div_(correction2).add_(eps_);
    at::div_out(whole, first, whole).div_(correction1);
    const FactorGradients move = adjusted(b, a, whole.matmul(a.t()) * pair.scale, b.t().matmul(whole) * pair.scale, pair.scale, /*nearest=*/true);
    const double rate_b = lr * *ratio_b, rate_a = lr * *ratio_a;
    b.mul_(1 - rate_b * weight_decay_).sub_(move.b, rate_b);
    a.mul_(1 - rate_a * weight_decay_).sub_(move.a, rate_a);
  }

  const double beta1_, beta2_, eps_, weight_decay_;
  const std::vector<FactorPair> pairs_;
  std::vector<std::int64_t> begins_;   // in the moments, of each pair
  Tensor first_, second_;              // [sum of out in]
};

}  // namespace

std::unique_ptr<UpdateRule> make_lora_pro(const SettingValues& train, const Tensor& like, const std::vector<FactorPair>& pairs) {
  return std::make_unique<LoraPro>(train, like, pairs);
}

}  // namespace weft
