// SPDX-License-Identifier: GPL-3.0-or-later
// One adapted matrix of any method, in float64, with small settings and a start behind it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "engine/adapter/adapter_set.h"
#include "tests/support/gradient_check.h"
#include "tests/support/linear_node.h"

namespace weft {

inline constexpr std::int64_t kOut = 8, kIn = 6, kTokens = 4, kHeadSize = 4;
inline constexpr const char* kSite = "model.layers.0.self_attn.q_proj";

inline Json settings_in(const std::string& name) {
  Json given = Json::object();
  const auto colon = name.find(':'), equals = name.find('=');
  if (colon == std::string::npos) return given;
  const std::string value = name.substr(equals + 1);
  given[name.substr(colon + 1, equals - colon - 1)] = value == "true" || value == "false" ? Json(value == "true") : Json(value);
  return given;
}

struct Fixture {
  // "lora", or "lora:start=pissa" for another choice than the default
  explicit Fixture(const std::string& name, double lr_ratio = 0)
      // these starts alone ask for what a rounded weight was
      : base(random_double({kOut, kIn}, 11), Precision::Full,
             name.find("loftq") == std::string::npos && name.find("start=lq") == std::string::npos ? Base::Rounding() : Base::Rounding{original_weight, to_halves}) {
    const auto colon = name.find(':');
    preset = *find_preset(name.substr(0, colon));
    Json given = Json::object();
    for (const auto& spec : preset->descriptor.settings) {
      if (spec.key == "rank") given["rank"] = 3;
      if (spec.key == "alpha") given["alpha"] = 6.0;
      if (spec.key == "n_frequency") given["n_frequency"] = 20;
      if (spec.key == "target_rank") given["target_rank"] = 1;
      if (spec.key == "block_size") given["block_size"] = 3;
      if (spec.key == "eps") given["eps"] = 1e3;  // a constraint that holds: differences are taken of the parameters as they are
    }
    given.update(settings_in(name));
    if (preset->descriptor.name == "edora") given["core_std"] = 0.0;  // its start is all but the model: exactly, to be compared
    if (lr_ratio > 0) given["lr_ratio"] = lr_ratio;
    settings = *complete_settings(preset->descriptor.settings, given, "method");
    const AdapterSite site{kSite, "q_proj", 0, kOut, kIn, kHeadSize};
    adapters = std::move(*AdapterSet::create(*preset, settings, {{site, 3, preset->descriptor.scale(settings), &base, inputs}}, at::kDouble));
    auto generator = make_generator(5);
    EXPECT_TRUE(adapters->start(generator).ok());
    adapters->prepare();
    if (adapters->has_origin() && preset->delta.starts_with("low-rank")) taken_off = part("left", {kOut, 3}).matmul(part("right", {3, kIn})) * adapters->factors(0).scale;
  }
  // W + s L R, of which a wrap takes norms; of the start's part where the base lost it
  [[nodiscard]] Tensor enclosed() const {
    const LinearFactors& now = adapters->factors(0);
    return base.dense() + now.left.matmul(now.right) * now.scale;
  }
  // every parameter away from its special start
  void disturb() {
    adapters->params().add_(random_double({adapters->parameters()}, 21), 0.3);
    adapters->prepare();
  }
  double loss(const Tensor& x, const Tensor& target) {
    adapters->prepare();
    return (linear_node(x, anchor, base, bias, &adapters->factors(0)) * target).sum().item<double>();
  }
  // a stretch of the parameters by the name of its group
  [[nodiscard]] Tensor part(const std::string& group, std::vector<std::int64_t> shape) const {
    for (const auto& g : adapters->groups())
      if (g.name == group) return adapters->params().narrow(0, g.begin, g.end - g.begin).view(shape).clone();
    return {};
  }
  static Result<Matrix> to_halves(const Tensor& w) { return Matrix((w * 2).round() / 2); }
  static Tensor original_weight() { return random_double({kOut, kIn}, 11) + random_double({kOut, kIn}, 13) * 0.05; }
  Base base;
  Tensor inputs = std::get<0>(at::linalg_qr(random_double({kIn, 4}, 14))).t();  // for a start that wants their directions
  Tensor taken_off;  // s B A at the start
  Tensor bias = random_double({kOut}, 12), anchor = at::zeros({1}, at::kDouble).set_requires_grad(true);
  const MethodPreset* preset = nullptr;
  SettingValues settings;
  std::unique_ptr<AdapterSet> adapters;
};

}  // namespace weft
