// SPDX-License-Identifier: GPL-3.0-or-later
// LoRA-FA's gradient of B (Zhang et al. 2023, arXiv:2308.03303, with the correction of PEFT's LoraFAOptimizer): gB (A A')^-1 / s^2 moves
// W by what comes closest to its own gradient with A as it is. A never changes, so the r x r matrix is made once.
#include "engine/train/controller.h"

namespace weft {
namespace {

constexpr double kDamping = 1e-8;  // as PEFT has it

class FixedRight final : public Controller {
 public:
  explicit FixedRight(AdapterSet& adapters) {
    const at::NoGradGuard no_grad;
    if (!adapters.settings().at("correct_gradient").get<bool>()) return;
    for (std::size_t i = 0; i < adapters.size(); ++i) {
      const Tensor a = adapters.slot(i, "A").value.to(at::kDouble);
      const double scale = adapters.context(i).scale;
      const Tensor inverse = at::linalg_pinv(a.matmul(a.t()) + at::eye(a.size(0), a.options()) * kDamping);
      corrections_.push_back((inverse / (scale * scale)).to(adapters.params().scalar_type()));
    }
  }
  void before_update(AdapterSet& adapters, const StepInfo&) override {
    const at::NoGradGuard no_grad;
    for (std::size_t i = 0; i < corrections_.size(); ++i) {
      Tensor gradient = adapters.slot(i, "B").gradient;
      gradient.copy_(gradient.matmul(corrections_[i]));
    }
  }

 private:
  std::vector<Tensor> corrections_;  // [r, r] a site; none where it is switched off
};

}  // namespace

std::unique_ptr<Controller> make_fixed_right(AdapterSet& adapters) { return std::make_unique<FixedRight>(adapters); }

}  // namespace weft
