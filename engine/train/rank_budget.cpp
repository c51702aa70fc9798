// SPDX-License-Identifier: GPL-3.0-or-later
// AdaLoRA's budget (Zhang et al. 2023, section 3.3 and algorithm 1, in PEFT's order of steps): each triplet of B diag(E) A has an importance, from
// the smoothed sensitivity |p g| of its numbers times how much that varies; of all triplets of the model the most important stay, fewer with each
// step down to the target, the others' entry of E is set to zero. And the penalty that keeps B and A near orthogonal (eq. 4).
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "engine/train/controller.h"
#include "engine/train/orthogonality.h"
#include "engine/train/schedule.h"
#include "engine/adapter/site_loop.h"

namespace weft {
namespace {

class RankBudget final : public Controller {
 public:
  struct Times {
    std::int64_t begin = 0, end = 0, every = 1;  // steps: all ranks up to begin, what is left is settled at end
  };
  RankBudget(AdapterSet& adapters, Times times)
      : times_(times), memory_(adapters.settings().at("sensitivity_memory").get<double>()),
        uncertainty_memory_(adapters.settings().at("uncertainty_memory").get<double>()), penalty_(adapters.settings().at("orthogonality").get<double>()),
        sensitivity_(at::zeros_like(adapters.params())), uncertainty_(at::zeros_like(adapters.params())) {
    for (std::size_t i = 0; i < adapters.size(); ++i) {
      begins_.push_back(triplets_);
      triplets_ += adapters.context(i).rank;
    }
    target_ = adapters.settings().at("target_rank").get<std::int64_t>() * static_cast<std::int64_t>(adapters.size());
    kept_ = at::ones({triplets_}, adapters.params().options());
  }

  // w / M sum over the M matrices of || A A' - 1 ||_F, and B' B alike
  void penalize(AdapterSet& adapters) override {
    if (penalty_ == 0) return;
    const double weight = penalty_ / (2.0 * static_cast<double>(adapters.size()));
    each_site(adapters.size(), [&](std::size_t i) {
      const auto a = adapters.slot(i, "A"), b = adapters.slot(i, "B");
      add_orthogonality(a.value, a.gradient, weight);
      add_orthogonality(b.value.t(), b.gradient.t(), weight);
    });
  }

  void after_update(AdapterSet& adapters, const StepInfo& info) override {
    const at::NoGradGuard no_grad;
    const std::int64_t step = info.step;
    if (step < times_.end) {
      const Tensor now = (adapters.params() * adapters.gradients()).abs_();
      sensitivity_.lerp_(now, 1 - memory_);
      uncertainty_.lerp_(now.sub_(sensitivity_).abs_(), 1 - uncertainty_memory_);
      if (step > times_.begin && step % times_.every == 0) choose(adapters, budget_at(step));
    } else if (step == times_.end || kept_.sum().item<double>() > static_cast<double>(target_)) {  // the step of the end may have been left out
      choose(adapters, target_);
      news_ = fmt::format("step {}: {} of {} ranks stay, and where they are is settled", step, static_cast<std::int64_t>(kept_.sum().item<double>()), triplets_);
    }
    if (step >= times_.end) mask(adapters);  // between choices what was taken away may come back, as in PEFT
  }

  // Those that the last choice kept. Until where they are is settled, an entry of E that it set to zero may move again (PEFT's order).
  std::vector<std::int64_t> ranks(const AdapterSet& adapters) const override {
    std::vector<std::int64_t> kept;
    for (std::size_t i = 0; i < adapters.size(); ++i)
      kept.push_back(static_cast<std::int64_t>(kept_.narrow(0, begins_[i], adapters.context(i).rank).sum().item<double>()));
    return kept;
  }

  std::string take_news() override { return std::exchange(news_, ""); }
  TrainingState state() override { return {{"sensitivity", sensitivity_}, {"uncertainty", uncertainty_}, {"kept_ranks", kept_}}; }

 private:
  // Falls with the cube of what is left of the way.
  std::int64_t budget_at(std::int64_t step) const {
    const double left = 1 - static_cast<double>(step - times_.begin) / static_cast<double>(times_.end - times_.begin);
    return static_cast<std::int64_t>(static_cast<double>(triplets_ - target_) * left * left * left + static_cast<double>(target_));
  }

  void choose(AdapterSet& adapters, std::int64_t budget) {
    const Tensor score = sensitivity_ * uncertainty_;
    Tensor of_triplets = at::empty_like(kept_);
    for (std::size_t i = 0; i < adapters.size(); ++i) {
      const std::int64_t rank = adapters.context(i).rank;
      const auto of = [&](const char* slot) { return adapters.same_place(score, i, slot); };
      of_triplets.narrow(0, begins_[i], rank).copy_(of("E").view({-1}) + of("A").mean(1) + of("B").mean(0));
    }
    if (budget >= triplets_) return;
    const Tensor threshold = std::get<0>(at::kthvalue(of_triplets, triplets_ - budget));
    kept_.copy_(of_triplets > threshold);
    mask(adapters);
  }

  void mask(AdapterSet& adapters) const {
    for (std::size_t i = 0; i < adapters.size(); ++i)
      adapters.slot(i, "E").value.mul_(kept_.narrow(0, begins_[i], adapters.context(i).rank).view({-1, 1}));
  }

  const Times times_;
  const double memory_, uncertainty_memory_, penalty_;
  std::int64_t triplets_ = 0, target_ = 0;
  std::vector<std::int64_t> begins_;  // of each site's triplets
  Tensor sensitivity_, uncertainty_;  // [N]
  Tensor kept_;                       // [triplets], 1 or 0
  std::string news_;
};

}  // namespace

Result<std::unique_ptr<Controller>> make_rank_budget(AdapterSet& adapters, std::int64_t total_steps) {
  const SettingValues& settings = adapters.settings();
  const auto steps = [&](const char* key) { return warmup_steps(settings.at(key).get<double>(), total_steps); };
  const RankBudget::Times times{steps("budget_start"), total_steps - steps("budget_end"), settings.at("allocate_every").get<std::int64_t>()};
  if (times.begin >= times.end)
    return invalid_argument(fmt::format("[method] budget_start = {} and budget_end = {} leave none of the {} steps to take ranks away in: lower one of them, or train longer",
                                        settings.at("budget_start").get<double>(), settings.at("budget_end").get<double>(), total_steps));
  return std::unique_ptr<Controller>(std::make_unique<RankBudget>(adapters, times));
}

}  // namespace weft
