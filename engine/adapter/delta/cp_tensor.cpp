// SPDX-License-Identifier: GPL-3.0-or-later
// LoRTA's update (Hounie et al. 2024, section 3; the authors' code): the updates of all heads h of all attention matrices m of all layers l
// are one tensor of low CP rank. The part of a head is
//   s A diag(h * m * l) B,   A [width, r] and B [r, head size],
// with one row of r numbers for each head, kind of matrix and layer. The authors' code puts heads side by side along the input of every matrix
// and needs square ones. Here they lie where the model has them: along the output of q, k and v (the part transposed) and the input of o; k and
// v of fewer heads take the first rows of the heads.
#include <cmath>

#include <fmt/format.h>

#include "engine/adapter/parts.h"
#include "engine/adapter/presets/heads.h"

namespace weft {
namespace {

class CpTensor final : public Delta {
 public:
  std::vector<Slot> slots(const SiteContext& site) const override {
    const HeadShape shape = head_shape(site);
    return {{"A", SlotRole::Right, {shape.width, site.rank}, "right", "lorta_A", /*trained=*/true, PartScope::Model},
            {"B", SlotRole::Left, {site.rank, shape.head_size}, "left", "lorta_B", /*trained=*/true, PartScope::Model},
            {"h", SlotRole::Core, {shape.heads, site.rank}, "core", "lorta_heads", /*trained=*/true, PartScope::Model},
            {"m", SlotRole::Core, {site.rank}, "core", "lorta_matrix", /*trained=*/true, PartScope::Module},
            {"l", SlotRole::Core, {site.rank}, "core", "lorta_layer", /*trained=*/true, PartScope::Layer}};
  }
  LinearFactors factors(const SiteContext& site, const SlotValues& values) const override {
    const HeadShape shape = head_shape(site);
    const Tensor rows = values.at("h") * (values.at("m") * values.at("l"));                    // [H, r]
    const Tensor heads = rows.unsqueeze(1) * values.at("B").t();                              // [H, head size, r]
    const Tensor wide = heads.reshape({shape.heads * shape.head_size, site.rank});
    LinearFactors factors;
    factors.left = shape.along_input ? values.at("A") : wide;
    factors.right = shape.along_input ? wide.t().contiguous() : values.at("A").t().contiguous();
    factors.scale = site.scale;
    return factors;
  }
  Status check(const SiteContext& site) const override {
    const HeadShape shape = head_shape(site);
    if (site.head_size > 0 && shape.heads * site.head_size == (shape.along_input ? site.in : site.out)) return {};
    return invalid_argument(fmt::format("[method] {} has no attention heads: the targets of LoRTA are among q_proj, k_proj, v_proj and o_proj", site.path));
  }
  // B is zero; the other bounds are those of the authors' code
  void fill(const SiteContext& site, const SlotValues& values, at::Generator& generator) const override {
    for (const auto& [name, value] : values) {
      Tensor filled = value;
      const double bound = std::sqrt((name == "A" ? 1.0 : 6.0) / static_cast<double>(site.rank));
      if (name == "B")
        filled.zero_();
      else
        filled.uniform_(-bound, bound, generator);
    }
  }
};

}  // namespace

std::unique_ptr<Delta> make_cp_tensor_delta() { return std::make_unique<CpTensor>(); }

}  // namespace weft
