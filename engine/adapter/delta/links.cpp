// SPDX-License-Identifier: GPL-3.0-or-later
// Links that wait are not in the factors at all, so that a step costs what has begun; settled ones stay in them and get no gradient.
// Chains: RAC-LoRA (Malinovsky et al. 2024, arXiv:2410.08305, algorithm 1: one side of each link is drawn and frozen, the other trained from zero) and
// XGBLoRA (Zhang et al. 2024, arXiv:2410.19694: both sides are trained). Growth: IncreLoRA (Zhang et al. 2023, arXiv:2308.12043, section 3.1).
#include "engine/adapter/delta/links.h"

#include <cmath>

#include <fmt/format.h>

namespace weft {
namespace {

class Links : public Delta {
 public:
  LinearFactors factors(const SiteContext& site, const SlotValues& values) const override {
    std::vector<Tensor> left, right;
    const Tensor& links = values.at("links");
    for (std::int64_t t = 0; t < links.size(0); ++t) {
      const LinkState state = link_state(links, t);
      if (state == LinkState::Waits) continue;
      Tensor b = values.at(link_slot("B", t)), a = values.at(link_slot("A", t));
      if (const auto e = values.find(link_slot("E", t)); e != values.end()) a = a * e->second;
      left.push_back(state == LinkState::Settled ? b.detach() : b);
      right.push_back(state == LinkState::Settled ? a.detach() : a);
    }
    LinearFactors factors;
    factors.left = left.size() == 1 ? left.front() : at::cat(left, 1);
    factors.right = right.size() == 1 ? right.front() : at::cat(right, 0);
    factors.scale = site.scale;
    return factors;
  }

 protected:
  static Slot links_slot(std::int64_t count) { return {"links", SlotRole::Vector, {count}, "vector", "links", /*trained=*/false}; }
  static void only_the_first_works(const SlotValues& values) {
    Tensor links = values.at("links");
    links.zero_();
    links[0].fill_(static_cast<int>(LinkState::Works));
  }
};

class Chain final : public Links {
 public:
  std::vector<Slot> slots(const SiteContext& site) const override {
    const auto count = site.settings->at("links").get<std::int64_t>();
    const std::string fixed = site.settings->value("sketch", "");
    std::vector<Slot> slots{links_slot(count)};
    for (std::int64_t t = 0; t < count; ++t) {
      slots.push_back({link_slot("A", t), SlotRole::Right, {site.rank, site.in}, "right", fmt::format("chain_A.{}", t), fixed != "down"});
      slots.push_back({link_slot("B", t), SlotRole::Left, {site.out, site.rank}, "left", fmt::format("chain_B.{}", t), fixed != "up"});
    }
    return slots;
  }
  // The drawn side as LoRA draws A; the paper names no distribution.
  void fill(const SiteContext& site, const SlotValues& values, at::Generator& generator) const override {
    only_the_first_works(values);
    const bool draws_up = site.settings->value("sketch", "") == "up";
    for (std::int64_t t = 0; t < values.at("links").size(0); ++t) {
      Tensor a = values.at(link_slot("A", t)), b = values.at(link_slot("B", t));
      const double bound = 1 / std::sqrt(static_cast<double>(draws_up ? site.rank : site.in));
      (draws_up ? b : a).uniform_(-bound, bound, generator);
      (draws_up ? a : b).zero_();
    }
  }
};

class Growing final : public Links {
 public:
  std::vector<Slot> slots(const SiteContext& site) const override {
    const auto most = site.settings->at("most_rank").get<std::int64_t>(), count = (most + site.rank - 1) / site.rank;
    std::vector<Slot> slots{links_slot(count)};
    for (std::int64_t t = 0; t < count; ++t) {
      slots.push_back({link_slot("A", t), SlotRole::Right, {site.rank, site.in}, "right", fmt::format("incre_A.{}", t)});
      slots.push_back({link_slot("E", t), SlotRole::Vector, {site.rank, 1}, "core", fmt::format("incre_E.{}", t)});
      slots.push_back({link_slot("B", t), SlotRole::Left, {site.out, site.rank}, "left", fmt::format("incre_B.{}", t)});
    }
    return slots;
  }
  Status check(const SiteContext& site) const override {
    const auto goal = site.settings->at("grown_rank").get<std::int64_t>(), most = site.settings->at("most_rank").get<std::int64_t>();
    if (site.rank <= goal && goal <= most) return {};
    return invalid_argument(fmt::format("[method] rank = {}, grown_rank = {}, most_rank = {}: a matrix begins with the first and has at most the last, and the mean of all at the "
                                        "end lies between them", site.rank, goal, most));
  }
  void fill(const SiteContext&, const SlotValues& values, at::Generator& generator) const override {
    only_the_first_works(values);
    for (std::int64_t t = 0; t < values.at("links").size(0); ++t) {
      Tensor a = values.at(link_slot("A", t)), e = values.at(link_slot("E", t)), b = values.at(link_slot("B", t));
      a.normal_(0.0, 0.02, generator);
      b.normal_(0.0, 0.02, generator);
      e.zero_();
    }
  }
};

}  // namespace

std::unique_ptr<Delta> make_chain_delta() { return std::make_unique<Chain>(); }
std::unique_ptr<Delta> make_growing_delta() { return std::make_unique<Growing>(); }

}  // namespace weft
