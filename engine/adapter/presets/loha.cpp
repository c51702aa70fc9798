// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/low_rank_common.h"

namespace weft {
namespace {

std::vector<SettingSpec> settings() {
  auto all = low_rank_settings_without({"start", "rank_stabilized"});
  setting_named(all, "rank").initial = 8;
  setting_named(all, "rank").help = "Rank of each of the two products; the update has its square, and costs as much.";
  setting_named(all, "alpha").initial = 8.0;
  return all;
}

std::vector<MethodPart> parts(const AdapterSite& site, const SettingValues& settings) {
  const auto out = site.out, in = site.in, rank = settings.at("rank").get<std::int64_t>();
  return {{"W", "frozen weight", PartShape::Block, out, in, /*trained=*/false, /*stored=*/false},
          {"W1a", "first product, left", PartShape::Block, out, rank},
          {"W1b", "first product, right", PartShape::Block, rank, in},
          {"W2a", "second product, left", PartShape::Block, out, rank, /*trained=*/true, /*stored=*/true, "∘"},
          {"W2b", "second product, right", PartShape::Block, rank, in}};
}

}  // namespace

const MethodPreset& loha_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "loha", .title = "LoHa", .summary = "product of two updates", .family = "products",
                     .formula = "W' = W + s·(W1a·W1b) ∘ (W2a·W2b)", .paper = "Hyeon-Woo et al., FedPara, 2022, arXiv:2108.06098", .settings = settings(),
                     .parts = parts,
                     .width = [](const AdapterSite&, const SettingValues& s) { return s.at("rank").get<std::int64_t>() * s.at("rank").get<std::int64_t>(); },
                     .scale = alpha_over_rank},
      .delta = "hadamard",
      .to_peft = [](const SettingValues& settings, PeftConfig& config) {
        config.peft_type = "LOHA";
        config.rank = settings.at("rank").get<std::int64_t>();
        config.alpha = settings.at("alpha").get<double>();
      },
      .matches = [](const PeftConfig& c) { return c.peft_type == "LOHA"; },
      .from_peft = [](const PeftConfig& c) { return SettingValues{{"rank", c.rank}, {"alpha", c.alpha}, {"targets", c.target_modules}}; }};
  return preset;
}

}  // namespace weft
