// SPDX-License-Identifier: GPL-3.0-or-later
// Methods that turn the input of a matrix, W' = W R', by orthogonal blocks made of skew matrices S (Cayley):
//   OFT (Qiu et al. 2023, section 3; PEFT's OFT): R = (1 - S) (1 + S)^-1, or, as PEFT does unless told otherwise, the first terms of
//   Neumann's series of (1 + S) (1 - S)^-1, which is the inverse rotation: a file means something only together with that choice.
//   With a constraint (COFT), S stays in a ball around zero. BOFT with one factor (Liu et al. 2024, section 4; PEFT's BOFT): OFT of whole
//   blocks, and a trained scale of each row.
#include <cmath>

#include <fmt/format.h>

#include "engine/adapter/parts.h"
#include "engine/adapter/presets/rotation.h"

namespace weft {
namespace {

Tensor one_like(const Tensor& skew) { return at::eye(skew.size(-1), skew.options().requires_grad(false)).expand(skew.sizes()); }

Tensor cayley(const Tensor& skew) { return at::linalg_solve(one_like(skew) + skew, one_like(skew) - skew, /*left=*/false); }

// 1 + 2 S + 2 S^2 + ... + S^last
Tensor neumann(const Tensor& skew, std::int64_t terms) {
  Tensor sum = one_like(skew) + skew * 2;
  if (terms <= 2) return sum;
  Tensor power = skew.matmul(skew);
  sum = sum + power * 2;
  for (std::int64_t i = 3; i < terms - 1; ++i) {
    power = power.matmul(skew);
    sum = sum + power * 2;
  }
  return sum + power.matmul(skew);
}

Status check_blocks(const SiteContext& site, const RotationShape& shape) {
  if (shape.size >= 2) return {};
  return invalid_argument(fmt::format("[method] the {} inputs of {} cannot be cut into blocks of more than one: choose another block size or other targets",
                                      site.in, site.path));
}

class Oft final : public Wrap {
 public:
  std::vector<Slot> slots(const SiteContext& site) const override {
    const RotationShape shape = rotation_shape(site.in, *site.settings);
    return {{"R", SlotRole::Core, {shares(site) ? 1 : shape.blocks, shape.size * (shape.size - 1) / 2}, "core", "oft_R.weight"}};
  }
  Status check(const SiteContext& site) const override { return check_blocks(site, rotation_shape(site.in, *site.settings)); }
  // Where the numbers of a block stand in it, above its diagonal.
  Tensor prepare(const SiteContext& site) const override {
    const std::int64_t size = rotation_shape(site.in, *site.settings).size;
    const Tensor above = at::triu_indices(size, size, 1, at::TensorOptions(at::kLong));
    return above[0] * size + above[1];
  }
  void start(const SiteContext&, const SlotValues& values, const Tensor&, const LinearFactors&) const override {
    Tensor r = values.at("R");
    r.zero_();
  }
  void enclose(const SiteContext& site, const SlotValues& values, const Tensor& prepared, LinearFactors& factors) const override {
    const RotationShape shape = rotation_shape(site.in, *site.settings);
    const Tensor& r = values.at("R");
    const Tensor flat = at::zeros({r.size(0), shape.size * shape.size}, r.options().requires_grad(false)).index_copy(1, prepared, r);
    const Tensor upper = flat.view({r.size(0), shape.size, shape.size}), skew = upper - upper.transpose(1, 2);
    const Tensor turn = site.settings->at("rotation") == "cayley" ? cayley(skew) : neumann(skew, site.settings->at("neumann_terms").get<std::int64_t>());
    factors.rotation = shares(site) ? turn.expand({shape.blocks, shape.size, shape.size}).contiguous() : turn;
  }
  // Into the ball around zero, a share of it for each block.
  void constrain(const SiteContext& site, const SlotValues& values) const override {
    if (!site.settings->at("coft").get<bool>()) return;
    Tensor r = values.at("R").detach();
    const double radius = site.settings->at("eps").get<double>() / std::sqrt(static_cast<double>(r.size(0)));
    const Tensor norm = r.norm(2, 1, /*keepdim=*/true) * std::sqrt(2.0);  // of the whole block, which has each number twice
    r.copy_(at::where(norm <= radius, r, r * (radius / norm.clamp_min(1e-30))));
  }

 private:
  static bool shares(const SiteContext& site) { return site.settings->at("block_share").get<bool>(); }
};

class Boft final : public Wrap {
 public:
  std::vector<Slot> slots(const SiteContext& site) const override {
    const RotationShape shape = rotation_shape(site.in, *site.settings);
    return {{"R", SlotRole::Core, {1, shape.blocks, shape.size, shape.size}, "core", "boft_R"}, {"s", SlotRole::Vector, {site.out, 1}, "vector", "boft_s"}};
  }
  Status check(const SiteContext& site) const override {
    const auto blocks = site.settings->at("blocks").get<std::int64_t>(), size = site.settings->at("block_size").get<std::int64_t>();
    if (site.in % (blocks > 0 ? blocks : size) == 0) return check_blocks(site, rotation_shape(site.in, *site.settings));
    return invalid_argument(fmt::format("[method] {} = {} does not divide the {} inputs of {}", blocks > 0 ? "blocks" : "block_size",
                                        blocks > 0 ? blocks : size, site.in, site.path));
  }
  Tensor prepare(const SiteContext&) const override { return {}; }
  void start(const SiteContext&, const SlotValues& values, const Tensor&, const LinearFactors&) const override {
    Tensor r = values.at("R"), s = values.at("s");
    r.zero_();
    s.fill_(1);
  }
  void enclose(const SiteContext&, const SlotValues& values, const Tensor&, LinearFactors& factors) const override {
    const Tensor r = values.at("R").squeeze(0);
    factors.rotation = cayley((r - r.transpose(1, 2)) * 0.5);
    factors.row_scale = values.at("s").view({-1});
  }
};

}  // namespace

std::unique_ptr<Wrap> make_oft_wrap() { return std::make_unique<Oft>(); }
std::unique_ptr<Wrap> make_boft_wrap() { return std::make_unique<Boft>(); }

}  // namespace weft
