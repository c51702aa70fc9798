// SPDX-License-Identifier: GPL-3.0-or-later
// LoRA-RITE (Yen et al. 2024, arXiv:2410.20625, algorithm 1): an adaptive step that depends on B A alone, not on how it is split into B and A.
// With B = Q_B R_B and A' = Q_A R_A each factor's gradient is taken without the other factor's size, u_A = gA' R_B^+ and u_B = gB R_A^+; both
// moments live in the bases Q of the step and are carried over by P = Q_now' Q_before. A factor of which the other is zero waits.
// The authors' optional escape mass, update capping and balancing, all off in their code, are left out.
#include <ATen/Parallel.h>

#include <cmath>
#include <limits>

#include "engine/train/update_rule.h"

namespace weft {
namespace {

constexpr double kSkipAbove = 1.0;  // root mean square of a factor's gradient from which its step is left out, as the authors' code has it

// Bias correction within the decay: 0 at the first step (0).
double corrected(double decay, std::int64_t step) {
  const auto t = static_cast<double>(step);
  return decay * (1 - std::pow(decay, t)) / (1 - std::pow(decay, t + 1));
}

struct Basis {
  Tensor q, inverse;  // [n, k], and R^+ [r, k] in float64
};

// x [n, r]; k = min(n, r). Small problems are solved in float64.
Basis basis_of(const Tensor& x) {
  const auto [q, r] = at::linalg_qr(x, "reduced");
  const double precision = x.scalar_type() == at::kDouble ? std::numeric_limits<double>::epsilon() : std::numeric_limits<float>::epsilon();
  return {q, at::linalg_pinv(r.to(at::kDouble), static_cast<double>(r.size(1)) * precision, /*hermitian=*/false)};
}

// One factor as [n, r] and what the rule keeps of it.
struct Side {
  Tensor value, gradient;                 // views [n, r]
  Tensor moment, basis, second;           // state: [n, k], [m, k], [k, k] where k = min(m, rank), m the other factor's size
  double rate = 0;
  Tensor update, inverse, carry;          // of this step
};

class LoraRite final : public UpdateRule {
 public:
  LoraRite(const SettingValues& train, const Tensor& like, const std::vector<FactorPair>& pairs)
      : beta1_(train.at("beta1").get<double>()), beta2_(train.at("beta2").get<double>()), eps_(train.at("eps").get<double>()),
        weight_decay_(train.at("weight_decay").get<double>()), clip_(train.at("grad_clip").get<double>()), pairs_(pairs),
        moments_(at::zeros_like(like)), bases_(at::zeros_like(like)) {
    std::int64_t small = 0;
    for (const auto& pair : pairs_) {
      begins_.push_back(small);
      small += 2 * pair.rank * pair.rank;
    }
    seconds_ = at::zeros({small}, like.options());
  }

  void step(Tensor& params, const Tensor& gradients, const std::vector<ParameterGroup>& groups, double lr, std::int64_t step) override {
    const at::NoGradGuard no_grad;
    std::vector<std::vector<Side>> sides(pairs_.size());
    Tensor squares = at::zeros({static_cast<std::int64_t>(pairs_.size())}, at::kDouble);
    auto* const square_of = squares.mutable_data_ptr<double>();
    at::parallel_for(0, static_cast<std::int64_t>(pairs_.size()), 1, [&](std::int64_t first, std::int64_t last) {
      const at::NoGradGuard thread_no_grad;
      for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(last); ++i) square_of[i] = measure(i, params, gradients, groups, lr, sides[i]);
    });
    const double norm = std::sqrt(squares.sum().item<double>());
    const double keep = clip_ > 0 && norm > clip_ ? clip_ / norm : 1;
    at::parallel_for(0, static_cast<std::int64_t>(pairs_.size()), 1, [&](std::int64_t first, std::int64_t last) {
      const at::NoGradGuard thread_no_grad;
      for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(last); ++i)
        for (auto& side : sides[i]) apply(side, keep, step - 1);
    });
  }

  TrainingState state() override { return {{"first_moment", moments_}, {"basis", bases_}, {"second_moment", seconds_}}; }
  bool clips() const override { return true; }

 private:
  // The gradients without the other factor's size, and how the bases moved; returns their squared norm.
  double measure(std::size_t i, const Tensor& params, const Tensor& gradients, const std::vector<ParameterGroup>& groups, double lr,
                 std::vector<Side>& sides) {
    const FactorPair& pair = pairs_[i];
    const auto ratio_b = lr_ratio_at(groups, pair.left), ratio_a = lr_ratio_at(groups, pair.right);
    if (!ratio_a || !ratio_b) return 0;  // it rests
    sides.resize(2);
    const Tensor b = pair.left_of(params), a = pair.right_of(params).t();
    const Basis of_b = basis_of(b), of_a = basis_of(a);
    const auto square = pair.rank * pair.rank;
    const Tensor second = seconds_.narrow(0, begins_[i], 2 * square);
    // Q_B lies where B lies, Q_A' where A does: a basis of at most rank columns
    sides[0] = {.value = a, .gradient = pair.right_of(gradients).t(), .moment = pair.right_of(moments_).t(), .basis = pair.left_of(bases_),
                .second = second.narrow(0, 0, square).view({pair.rank, pair.rank}), .rate = lr * *ratio_a, .inverse = of_b.inverse};
    sides[1] = {.value = b, .gradient = pair.left_of(gradients), .moment = pair.left_of(moments_), .basis = pair.right_of(bases_).t(),
                .second = second.narrow(0, square, square).view({pair.rank, pair.rank}), .rate = lr * *ratio_b, .inverse = of_a.inverse};
    double sum = 0;
    for (std::size_t s = 0; s < 2; ++s) {
      Side& side = sides[s];
      const Tensor& q = s == 0 ? of_b.q : of_a.q;
      const std::int64_t held = q.size(1);  // fewer than the rank where the matrix is smaller: the rest stays zero
      side.update = side.gradient.matmul(side.inverse.to(side.value.scalar_type()));
      if (side.update.square().mean().item<double>() > kSkipAbove * kSkipAbove) side.update.zero_();
      sum += side.update.square().sum().item<double>();
      side.moment = side.moment.narrow(1, 0, held);
      side.basis = side.basis.narrow(1, 0, held);
      side.second = side.second.narrow(0, 0, held).narrow(1, 0, held);
      side.carry = q.t().matmul(side.basis);
      side.basis.copy_(q);
    }
    return sum;
  }

  void apply(Side& side, double keep, std::int64_t step) const {
    const auto type = side.value.scalar_type();
    const double decay1 = corrected(beta1_, step), decay2 = corrected(beta2_, step);
    const Tensor u = side.update.mul_(keep), carry = side.carry.to(at::kDouble);
    Tensor v = carry.matmul(side.second.to(at::kDouble)).matmul(carry.t()).mul_(decay2);
    v.add_(u.t().matmul(u).to(at::kDouble), (1 - decay2) / static_cast<double>(u.size(0)));
    v = (v + v.t()) / 2;
    const auto [values, vectors] = at::linalg_eigh(v);
    const Tensor root = vectors.mul((values.clamp_min(0).sqrt() + eps_).reciprocal()).matmul(vectors.t());
    side.second.copy_(v);
    // in the new basis
    const Tensor m = side.moment.matmul(side.carry.t()).mul_(decay1).add_(u.matmul(root.to(type)), 1 - decay1);
    side.moment.copy_(m);
    Tensor change = m.matmul(side.inverse.t().to(type));
    if (weight_decay_ > 0) change.add_(side.value, weight_decay_);
    side.value.sub_(change, side.rate);
  }

  const double beta1_, beta2_, eps_, weight_decay_, clip_;
  const std::vector<FactorPair> pairs_;
  std::vector<std::int64_t> begins_;   // in seconds_, of each pair: that of A', then that of B
  Tensor moments_, bases_;             // [N]: M_A' where A lies and M_B where B does; Q_B where B lies and Q_A' where A does
  Tensor seconds_;                     // [sum of 2 r^2]
};

}  // namespace

std::unique_ptr<UpdateRule> make_lora_rite(const SettingValues& train, const Tensor& like, const std::vector<FactorPair>& pairs) {
  return std::make_unique<LoraRite>(train, like, pairs);
}

}  // namespace weft
