// SPDX-License-Identifier: GPL-3.0-or-later
// AdamW (Loshchilov & Hutter 2019), in torch.optim.AdamW's order of operations, one pass over the flat buffer.
#include <ATen/Parallel.h>

#include <cmath>

#include "engine/train/update_rule.h"

namespace weft {
namespace {

class AdamW final : public UpdateRule {
 public:
  AdamW(const SettingValues& train, const Tensor& like)
      : beta1_(train.at("beta1").get<double>()), beta2_(train.at("beta2").get<double>()), eps_(train.at("eps").get<double>()),
        weight_decay_(train.at("weight_decay").get<double>()), first_(at::zeros_like(like)), second_(at::zeros_like(like)) {}

  void step(Tensor& params, const Tensor& gradients, const std::vector<ParameterGroup>& groups, double lr, std::int64_t step) override {
    AT_DISPATCH_FLOATING_TYPES(params.scalar_type(), "adamw", [&] {
      auto* p = params.mutable_data_ptr<scalar_t>();
      const auto* g = gradients.const_data_ptr<scalar_t>();
      auto* m = first_.mutable_data_ptr<scalar_t>();
      auto* v = second_.mutable_data_ptr<scalar_t>();
      const auto b1 = static_cast<scalar_t>(beta1_), b2 = static_cast<scalar_t>(beta2_), eps = static_cast<scalar_t>(eps_);
      for (const auto& group : groups) {
        const auto own_step = static_cast<double>(step - group.begun);
        const double correction1 = 1 - std::pow(beta1_, own_step);
        const auto c2 = static_cast<scalar_t>(std::sqrt(1 - std::pow(beta2_, own_step)));
        const double rate = lr * group.lr_ratio;
        const auto keep = static_cast<scalar_t>(1 - rate * weight_decay_);
        const auto size = static_cast<scalar_t>(rate / correction1);
        at::parallel_for(group.begin, group.end, 1 << 15, [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t i = begin; i < end; ++i) {
            m[i] += (g[i] - m[i]) * (1 - b1);
            v[i] = v[i] * b2 + g[i] * g[i] * (1 - b2);
            p[i] = p[i] * keep - size * (m[i] / (std::sqrt(v[i]) / c2 + eps));
          }
        });
      }
    });
  }

  TrainingState state() override { return {{"first_moment", first_}, {"second_moment", second_}}; }

 private:
  const double beta1_, beta2_, eps_, weight_decay_;
  Tensor first_, second_;  // [N]
};

}  // namespace

std::unique_ptr<UpdateRule> make_adamw(const SettingValues& train, const Tensor& like) { return std::make_unique<AdamW>(train, like); }

}  // namespace weft
