// SPDX-License-Identifier: GPL-3.0-or-later
// Chains of low-rank updates (RAC-LoRA, XGBLoRA; engine/adapter/delta/links.h): each link is trained for its part of the run, then it settles and the next
// begins, with moments of its own and a rate that rises again. Nothing is folded into W: a chain over a 4-bit base loses nothing, and is one LoRA in the end.
#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "engine/adapter/delta/links.h"
#include "engine/train/controller.h"
#include "engine/train/schedule.h"

namespace weft {
namespace {

class ChainProgram final : public Controller {
 public:
  ChainProgram(AdapterSet& adapters, std::int64_t total_steps)
      : adapters_(adapters), total_(total_steps), links_(adapters.settings().at("links").get<std::int64_t>()),
        rewarm_(warmup_steps(adapters.settings().at("rewarm").get<double>(), total_steps / links_)), layer_share_(adapters.settings().value("layer_share", 1.0)),
        norm_penalty_(adapters.settings().value("norm_penalty", 0.0)),
        begun_(at::zeros({links_}, at::kFloat)) {}

  Status begin(AdapterSet& adapters, at::Generator& generator) override {
    for (std::size_t i = 0; i < adapters.size(); ++i)
      for (std::int64_t t = 0; t < links_; ++t)
        if (link_state(adapters.slot(i, "links").value, t) == LinkState::Settled)
          return invalid_argument(fmt::format("[method] the chain of the adapter to begin from has {} links of which some are settled: go on with its run, or merge it into the model and "
                                              "begin a new chain on that", links_));
    choose(0, generator);
    return {};
  }

  // XGBLoRA's objective: the loss + norm_penalty (|A|^2 + |B|^2) of the link that is trained, summed over its matrices.
  void penalize(AdapterSet&) override {
    if (norm_penalty_ == 0) return;
    for (std::size_t i = 0; i < adapters_.size(); ++i)
      for (std::int64_t t = 0; t < links_; ++t)
        for (const char* side : {"A", "B"}) {
          if (state(i, t) != LinkState::Works) continue;
          const auto slot = adapters_.slot(i, link_slot(side, t));
          Tensor(slot.gradient).add_(slot.value, 2 * norm_penalty_);
        }
  }

  AdapterSet::Share share(const StepInfo& info) const override {
    const std::int64_t now = link_at(info.step - 1), begun = begun_[now].item<std::int64_t>();
    return [this, now, share = SlotShare{.rate = rewarmed(info.updates, begun, rewarm_), .begun = begun}](std::size_t site, const std::string& slot) {
      if ((slot == link_slot("A", now) || slot == link_slot("B", now)) && state(site, now) == LinkState::Works) return share;
      return SlotShare{.works = false};
    };
  }

  void after_update(AdapterSet&, const StepInfo& info) override {
    const std::int64_t before = link_at(info.step - 1), next = link_at(info.step);
    if (info.step >= total_ || next == before) return;
    for (std::size_t i = 0; i < adapters_.size(); ++i)
      if (state(i, before) == LinkState::Works) set(i, before, LinkState::Settled);
    choose(next, info.generator);
    begun_[next].fill_(static_cast<double>(info.updates));
    news_ = fmt::format("step {}: link {} of {} begins{}", info.step, next + 1, links_, layer_share_ < 1 ? fmt::format(", in {} of {} layers", chosen_, layers_) : "");
  }

  // Of the links that a matrix was given so far.
  std::vector<std::int64_t> ranks(const AdapterSet&) const override {
    std::vector<std::int64_t> all;
    for (std::size_t i = 0; i < adapters_.size(); ++i) {
      std::int64_t given = 0;
      for (std::int64_t t = 0; t < links_; ++t) given += state(i, t) != LinkState::Waits;
      all.push_back(given * adapters_.context(i).rank);
    }
    return all;
  }
  std::string take_news() override { return std::exchange(news_, ""); }
  TrainingState state() override { return {{"link_begun", begun_}}; }

 private:
  [[nodiscard]] std::int64_t link_at(std::int64_t step) const { return std::min(links_ - 1, step * links_ / total_); }  // step from 0
  [[nodiscard]] LinkState state(std::size_t site, std::int64_t link) const { return link_state(adapters_.slot(site, "links").value, link); }
  void set(std::size_t site, std::int64_t link, LinkState state) { adapters_.slot(site, "links").value[link].fill_(static_cast<int>(state)); }

  // The link works in a share of the layers, drawn; the first one stands as a zero elsewhere, so that every site has factors.
  void choose(std::int64_t link, at::Generator& generator) {
    std::vector<int> seen;
    for (const auto& site : adapters_.shapes())
      if (std::find(seen.begin(), seen.end(), site.layer) == seen.end()) seen.push_back(site.layer);
    layers_ = seen.size();
    chosen_ = std::clamp<std::size_t>(static_cast<std::size_t>(std::lround(layer_share_ * static_cast<double>(layers_))), 1, layers_);
    if (chosen_ < layers_) {
      const Tensor order = at::randperm(static_cast<std::int64_t>(layers_), generator, at::TensorOptions(at::kLong));
      std::vector<int> drawn;
      for (std::size_t k = 0; k < chosen_; ++k) drawn.push_back(seen[static_cast<std::size_t>(order.const_data_ptr<std::int64_t>()[k])]);
      seen = std::move(drawn);
    }
    const LinkState others = link == 0 ? LinkState::Settled : LinkState::Waits;
    for (std::size_t i = 0; i < adapters_.size(); ++i)
      set(i, link, std::find(seen.begin(), seen.end(), adapters_.context(i).layer) != seen.end() ? LinkState::Works : others);
  }

  AdapterSet& adapters_;
  const std::int64_t total_, links_, rewarm_;
  const double layer_share_, norm_penalty_;
  std::size_t layers_ = 0, chosen_ = 0;
  Tensor begun_;       // [links] updates made before each
  std::string news_;
};

}  // namespace

Result<std::unique_ptr<Controller>> make_chain(AdapterSet& adapters, std::int64_t total_steps) {
  const auto links = adapters.settings().at("links").get<std::int64_t>();
  if (links > total_steps)
    return invalid_argument(fmt::format("[method] links = {}, but the run has {} steps and every link needs one: choose fewer links, or train longer", links, total_steps));
  return std::unique_ptr<Controller>(std::make_unique<ChainProgram>(adapters, total_steps));
}

}  // namespace weft
