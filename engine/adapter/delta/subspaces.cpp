// SPDX-License-Identifier: GPL-3.0-or-later
// GeoLoRA's update (Schotthöfer et al. 2024, arXiv:2410.18720, eq. 3): dW = s V S' U between orthonormal rows of U and columns of V. Of the room for
// most_rank directions the first `rank` are in use, as the slot says; train/subspaces.cpp changes how many, and which.
#include <algorithm>

#include <fmt/format.h>

#include "engine/adapter/parts.h"

namespace weft {
namespace {

class Subspaces final : public Delta {
 public:
  std::vector<Slot> slots(const SiteContext& site) const override {
    const std::int64_t most = std::min({std::max(site.rank, site.settings->at("most_rank").get<std::int64_t>()), site.out, site.in});
    return {{"U", SlotRole::Right, {most, site.in}, "right", "geo_U"},
            {"S", SlotRole::Core, {most, most}, "core", "geo_S"},
            {"V", SlotRole::Left, {site.out, most}, "left", "geo_V"},
            {"rank", SlotRole::Vector, {1}, "vector", "geo_rank", /*trained=*/false}};
  }
  LinearFactors factors(const SiteContext& site, const SlotValues& values) const override {
    const auto rank = values.at("rank").item<std::int64_t>();
    LinearFactors factors;
    factors.left = values.at("V").narrow(1, 0, rank).matmul(values.at("S").narrow(0, 0, rank).narrow(1, 0, rank).t());
    factors.right = values.at("U").narrow(0, 0, rank);
    factors.scale = site.scale;
    return factors;
  }
  Status check(const SiteContext& site) const override {
    const auto most = site.settings->at("most_rank").get<std::int64_t>();
    if (site.rank > most) return invalid_argument(fmt::format("[method] rank = {} is above most_rank = {}: ranks begin with the first and grow up to the second", site.rank, most));
    if (site.rank <= std::min(site.out, site.in)) return {};
    return invalid_argument(fmt::format("[method] rank = {} is more than {} ({} x {}) has directions: choose {} at most, or leave that matrix out of the targets", site.rank,
                                        site.path, site.out, site.in, std::min(site.out, site.in)));
  }
  void fill(const SiteContext& site, const SlotValues& values, at::Generator& generator) const override {
    Tensor u = values.at("U"), s = values.at("S"), v = values.at("V"), rank = values.at("rank");
    for (Tensor part : {u, s, v}) part.zero_();
    rank.fill_(static_cast<double>(site.rank));
    const auto orthonormal = [&](std::int64_t size) { return std::get<0>(at::linalg_qr(at::empty({size, site.rank}, u.options()).normal_(0.0, 1.0, generator))); };
    u.narrow(0, 0, site.rank).copy_(orthonormal(site.in).t());
    v.narrow(1, 0, site.rank).copy_(orthonormal(site.out));
  }
};

}  // namespace

std::unique_ptr<Delta> make_subspaces_delta() { return std::make_unique<Subspaces>(); }

}  // namespace weft
