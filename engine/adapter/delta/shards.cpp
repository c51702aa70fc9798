// SPDX-License-Identifier: GPL-3.0-or-later
// MoS's update (Wang et al. 2024, section 3; the authors' code): dW = s B A, where each row of A is l shards side by side out of a pool that all
// matrices of one name have in common, and each column of B the same out of another pool. Which shards is drawn once and kept: some out of
// the zone of all matrices, without replacement, and `private` ranks out of the matrix's own; A and B independently.
#include <cmath>

#include <fmt/format.h>

#include "engine/adapter/parts.h"

namespace weft {
namespace {

struct Pool {
  std::int64_t budget = 0, own = 0, shards = 0;  // e, p, l
};
Pool pool_of(const SiteContext& site) {
  const auto number = [&](const char* key) { return site.settings->at(key).get<std::int64_t>(); };
  return {number("budget"), number("private"), number("shards")};
}

class Shards final : public Delta {
 public:
  std::vector<Slot> slots(const SiteContext& site) const override {
    const Pool pool = pool_of(site);
    const std::int64_t rows = pool.budget * site.sharers * pool.shards, used = site.rank * pool.shards;
    return {{"A", SlotRole::Right, {rows, site.in / pool.shards}, "right", "mos_A", /*trained=*/true, PartScope::Module},
            {"B", SlotRole::Left, {rows, site.out / pool.shards}, "left", "mos_B", /*trained=*/true, PartScope::Module},
            {"iA", SlotRole::Vector, {used}, "index", "mos_index_A", /*trained=*/false},
            {"iB", SlotRole::Vector, {used}, "index", "mos_index_B", /*trained=*/false}};
  }
  LinearFactors factors(const SiteContext& site, const SlotValues& values) const override {
    const auto picked = [&](const char* pool, const char* index, std::int64_t side) {
      return values.at(pool).index_select(0, values.at(index).to(at::kLong)).reshape({site.rank, side});
    };
    LinearFactors factors;
    factors.left = picked("B", "iB", site.out).t().contiguous();
    factors.right = picked("A", "iA", site.in);
    factors.scale = site.scale;
    return factors;
  }
  Status check(const SiteContext& site) const override {
    const Pool pool = pool_of(site);
    if (site.out % pool.shards != 0 || site.in % pool.shards != 0)
      return invalid_argument(fmt::format("[method] shards = {} does not divide {} of {} x {}: choose a number that divides both sides of every target",
                                          pool.shards, site.path, site.out, site.in));
    if (pool.own > pool.budget || pool.own > site.rank)
      return invalid_argument(fmt::format("[method] private = {} is more than budget = {} or rank = {}", pool.own, pool.budget, site.rank));
    if (site.rank - pool.own > (pool.budget - pool.own) * site.sharers)
      return invalid_argument(fmt::format("[method] rank = {} asks for {} ranks in common, but the pool of {} matrices {} holds {}: raise the budget or "
                                          "lower the rank", site.rank, site.rank - pool.own, site.sharers, site.module,
                                          (pool.budget - pool.own) * site.sharers));
    return {};
  }
  void fill(const SiteContext& site, const SlotValues& values, at::Generator& generator) const override {
    if (values.contains("A")) {
      Tensor a = values.at("A"), b = values.at("B");
      const double bound = 1 / std::sqrt(static_cast<double>(site.in));  // Kaiming's for a whole row
      a.uniform_(-bound, bound, generator);
      b.zero_();
    }
    const Pool pool = pool_of(site);
    const std::int64_t in_common = (pool.budget - pool.own) * site.sharers * pool.shards, own = pool.own * pool.shards;
    for (const char* name : {"iA", "iB"}) {
      Tensor index = values.at(name);
      const auto longs = at::TensorOptions(at::kLong);
      const Tensor drawn = at::randperm(in_common, generator, longs).narrow(0, 0, index.size(0) - own);
      index.copy_(at::cat({drawn, at::arange(own, longs) + (in_common + site.place * own)}));
    }
  }
};

}  // namespace

std::unique_ptr<Delta> make_shards_delta() { return std::make_unique<Shards>(); }

}  // namespace weft
