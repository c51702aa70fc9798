// SPDX-License-Identifier: GPL-3.0-or-later
// BeamLoRA's search (Gu et al. 2025, arXiv:2502.13604, section 3.2): every so many steps the ranks of all matrices are sorted by importance, and those
// beyond a share of its sum give their place to the most important ranks of their own matrix, as these (and AdamW's moments of them) were half an
// interval ago. Both share the importance from then on. Ranks that give way are never more than half of a matrix's: our limit, so that each copy has a
// source of its own. No matrix has fewer ranks for it (Controller::ranks() is silent): what gives way becomes a copy that learns on.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include <fmt/format.h>

#include "engine/train/controller.h"

namespace weft {
namespace {

class Beams final : public Controller {
 public:
  Beams(AdapterSet& adapters, const TrainingState& rule, std::int64_t total_steps)
      : total_(total_steps), every_(adapters.settings().at("beam_every").get<std::int64_t>()), mass_(adapters.settings().at("beam_mass").get<double>()),
        temperature_(adapters.settings().at("temperature").get<double>()) {
    live_.emplace_back("parameters", adapters.params());
    for (const auto& [name, value] : rule)
      if (value.numel() == adapters.params().numel()) live_.emplace_back(name, value);
    for (const auto& [name, value] : live_) earlier_.emplace_back("earlier_" + name, at::zeros_like(value));
  }

  void after_update(AdapterSet& adapters, const StepInfo& info) override {
    const at::NoGradGuard no_grad;
    const std::int64_t step = info.step;
    if (step % every_ == every_ / 2)
      for (std::size_t i = 0; i < live_.size(); ++i) earlier_[i].second.copy_(live_[i].second);
    if (step % every_ == 0 && step + every_ <= total_) move(adapters, step, info.generator);  // a whole interval must be left to learn in
  }

  std::string take_news() override { return std::exchange(news_, ""); }
  TrainingState state() override { return earlier_; }

 private:
  [[nodiscard]] double share_at(std::int64_t step) const {  // of the importance that stays
    const double way = static_cast<double>(step) / static_cast<double>(total_);
    return 1 - (1 - mass_) * 0.5 * (1 + std::cos(std::numbers::pi * way));
  }

  void move(AdapterSet& adapters, std::int64_t step, at::Generator& generator) {
    struct Rank {
      double importance;
      std::size_t site;
      std::int64_t at;
    };
    std::vector<Rank> all;
    std::vector<std::vector<Rank>> of_site(adapters.size());
    double sum = 0;
    for (std::size_t i = 0; i < adapters.size(); ++i) {
      const Tensor g = adapters.slot(i, "g").value;
      const Tensor gates = (at::softmax(g / temperature_, 0) * static_cast<double>(g.size(0))).to(at::kDouble).contiguous();
      for (std::int64_t r = 0; r < g.size(0); ++r) {
        all.push_back({gates.const_data_ptr<double>()[r], i, r});
        of_site[i].push_back(all.back());
        sum += all.back().importance;
      }
    }
    const auto more = [](const Rank& a, const Rank& b) { return a.importance > b.importance; };
    std::stable_sort(all.begin(), all.end(), more);
    std::vector<std::int64_t> gives_way(adapters.size(), 0);
    double reached = 0;
    for (const auto& rank : all) {
      if (reached > share_at(step) * sum) ++gives_way[rank.site];
      reached += rank.importance;
    }
    std::int64_t moved = 0;
    for (std::size_t i = 0; i < adapters.size(); ++i) {
      auto& ranks = of_site[i];
      std::stable_sort(ranks.begin(), ranks.end(), more);
      const auto size = static_cast<std::int64_t>(ranks.size()), count = std::min(gives_way[i], size / 2);
      const Tensor order = count > 0 ? at::randperm(count, generator, at::TensorOptions(at::kLong)) : Tensor();
      for (std::int64_t k = 0; k < count; ++k) {
        const auto from = ranks[static_cast<std::size_t>(order.const_data_ptr<std::int64_t>()[k])].at, to = ranks[static_cast<std::size_t>(size - 1 - k)].at;
        copy(adapters, i, from, to);
      }
      moved += count;
    }
    if (moved > 0) news_ = fmt::format("step {}: {} of {} ranks gave their place to copies of others", step, moved, all.size());
  }

  void copy(AdapterSet& adapters, std::size_t site, std::int64_t from, std::int64_t to) {
    for (std::size_t i = 0; i < live_.size(); ++i) {
      const Tensor &now = live_[i].second, &earlier = earlier_[i].second;
      adapters.same_place(now, site, "A").select(0, to).copy_(adapters.same_place(earlier, site, "A").select(0, from));
      adapters.same_place(now, site, "B").select(1, to).copy_(adapters.same_place(earlier, site, "B").select(1, from));
      Tensor gates = adapters.same_place(now, site, "g");
      const Tensor both = i == 0 ? (gates[from] + gates[to]) / 2 : at::zeros({}, gates.options());  // a gate's moments begin anew
      gates[from].copy_(both);
      gates[to].copy_(both);
    }
  }

  const std::int64_t total_, every_;
  const double mass_, temperature_;
  TrainingState live_, earlier_;  // parameters and AdamW's moments, [N] each: as they are, and as they were
  std::string news_;
};

}  // namespace

std::unique_ptr<Controller> make_beams(AdapterSet& adapters, const TrainingState& rule, std::int64_t total_steps) {
  return std::make_unique<Beams>(adapters, rule, total_steps);
}

}  // namespace weft
