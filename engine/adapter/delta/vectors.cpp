// SPDX-License-Identifier: GPL-3.0-or-later
// Updates whose factors several matrices have in common, with vectors of each matrix between them.
//   VeRA (Kopiczko et al. 2024, eq. 2; PEFT's VeRA): dW = diag(b) B diag(d) A. B and A are random, frozen and one pair for the whole model:
//   each matrix takes their leading rows and columns. b and d are trained.
//   Tied-LoRA (Renduchintala et al. 2023): dW = s diag(v) B diag(u) A. B and A belong to all layers' matrices of one name; which of the four
//   are trained is a choice. The paper's text could not be read: the form and the start are those of VeRA's and LoRA's together.
#include <cmath>

#include "engine/adapter/parts.h"

namespace weft {
namespace {

void draw_kaiming(Tensor value, double gain_squared, at::Generator& generator) {
  const double bound = std::sqrt(3.0) * (std::sqrt(gain_squared) / std::sqrt(static_cast<double>(value.size(1))));
  value.uniform_(-bound, bound, generator);
}

class Vera final : public Delta {
 public:
  std::vector<Slot> slots(const SiteContext& site) const override {
    return {{"A", SlotRole::Right, {site.rank, site.in}, "right", "vera_A", /*trained=*/false, PartScope::Model},
            {"B", SlotRole::Left, {site.out, site.rank}, "left", "vera_B", /*trained=*/false, PartScope::Model},
            {"d", SlotRole::Vector, {site.rank}, "vector", "vera_lambda_d"},
            {"b", SlotRole::Vector, {site.out}, "vector", "vera_lambda_b"}};
  }
  LinearFactors factors(const SiteContext&, const SlotValues& values) const override {
    LinearFactors factors;  // both vectors beside B, so that A stays what it is and needs no gradient
    factors.left = values.at("B") * values.at("d") * values.at("b").unsqueeze(1);
    factors.right = values.at("A");
    return factors;
  }
  void fill(const SiteContext& site, const SlotValues& values, at::Generator&) const override {
    if (values.contains("A")) {  // A, then B, from one generator in float32: bit for bit what PEFT draws with the same key
      auto generator = make_generator(site.settings->at("projection_seed").get<std::uint64_t>());
      for (const char* name : {"A", "B"}) {
        Tensor projection = values.at(name), drawn = at::empty(projection.sizes(), at::TensorOptions(at::kFloat));
        draw_kaiming(drawn, 2, generator);
        projection.copy_(drawn);
      }
    }
    Tensor d = values.at("d"), b = values.at("b");
    d.fill_(site.settings->at("d_initial").get<double>());
    b.zero_();
  }
};

class Tied final : public Delta {
 public:
  std::vector<Slot> slots(const SiteContext& site) const override {
    const bool tensors = trains(site, "tensors"), vectors = trains(site, "vectors");
    return {{"A", SlotRole::Right, {site.rank, site.in}, "right", "tied_A", tensors, PartScope::Module},
            {"B", SlotRole::Left, {site.out, site.rank}, "left", "tied_B", tensors, PartScope::Module},
            {"u", SlotRole::Vector, {site.rank}, "vector", "tied_u", vectors},
            {"v", SlotRole::Vector, {site.out}, "vector", "tied_v", vectors}};
  }
  LinearFactors factors(const SiteContext& site, const SlotValues& values) const override {
    LinearFactors factors;
    factors.left = values.at("B") * values.at("v").unsqueeze(1);
    factors.right = values.at("A") * values.at("u").unsqueeze(1);
    factors.scale = site.scale;
    return factors;
  }
  // Zero at the start: B where it is trained, otherwise v.
  void fill(const SiteContext& site, const SlotValues& values, at::Generator& generator) const override {
    const bool tensors = trains(site, "tensors");
    if (values.contains("A")) {
      Tensor b = values.at("B");
      draw_kaiming(values.at("A"), 1.0 / 3, generator);
      b.zero_();
      if (!tensors) draw_kaiming(b, 1.0 / 3, generator);
    }
    Tensor u = values.at("u"), v = values.at("v");
    u.fill_(1);
    v.fill_(tensors ? 1 : 0);
  }

 private:
  static bool trains(const SiteContext& site, const char* what) {
    const Json& trained = site.settings->at("trained");
    return trained == "all" || trained == what;
  }
};

}  // namespace

std::unique_ptr<Delta> make_vera_delta() { return std::make_unique<Vera>(); }
std::unique_ptr<Delta> make_tied_delta() { return std::make_unique<Tied>(); }

}  // namespace weft
