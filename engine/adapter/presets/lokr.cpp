// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/kronecker.h"
#include "engine/adapter/presets/low_rank_common.h"

namespace weft {
namespace {

std::vector<SettingSpec> settings() {
  using T = SettingType;
  auto all = low_rank_settings_without({"start", "rank_stabilized"});
  setting_named(all, "rank").initial = 8;
  setting_named(all, "rank").help = "Rank of the second factor, which is whole where half its longer side is no more than that.";
  setting_named(all, "alpha").initial = 8.0;
  all.push_back({.key = "decompose_factor", .title = "Size of the first factor", .type = T::Integer, .initial = -1, .min = -1, .max = 65536,
                 .help = "-1: both sides are split near their square roots. Otherwise the first factor's sides are this, or at most this.",
                 .advanced = true, .parts = {"W1"}});
  all.push_back({.key = "decompose_both", .title = "Both factors of low rank", .type = T::Boolean, .initial = false,
                 .help = "Write the first factor as a product of this rank too, where that is smaller.", .advanced = true, .parts = {"W1"}});
  return all;
}

std::vector<MethodPart> parts(const AdapterSite& site, const SettingValues& settings) {
  const auto out = site.out, in = site.in, rank = settings.at("rank").get<std::int64_t>();
  const KroneckerShape k = kronecker_shape(out, in, rank, settings);
  std::vector<MethodPart> all{{"W", "frozen weight", PartShape::Block, out, in, /*trained=*/false, /*stored=*/false}};
  const auto add = [&](const std::string& symbol, const std::string& title, bool whole, std::int64_t rows, std::int64_t columns) {
    if (whole) {
      all.push_back({symbol, title, PartShape::Block, rows, columns});
      return;
    }
    all.push_back({symbol + "a", title + ", left", PartShape::Block, rows, rank});
    all.push_back({symbol + "b", title + ", right", PartShape::Block, rank, columns});
  };
  add("W1", "first factor", k.whole_1, k.out_1, k.in_1);
  const std::size_t second = all.size();
  add("W2", "second factor", k.whole_2, k.out_2, k.in_2);
  all[second].before = "⊗";
  return all;
}

std::int64_t width(const AdapterSite& site, const SettingValues& settings) {
  const auto rank = settings.at("rank").get<std::int64_t>();
  const KroneckerShape k = kronecker_shape(site.out, site.in, rank, settings);
  return std::min(k.in_1, k.out_1) * (k.whole_2 ? std::min(k.in_2, k.out_2) : rank);
}

}  // namespace

const MethodPreset& lokr_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "lokr", .title = "LoKr", .summary = "Kronecker product", .family = "products",
                     .formula = "W' = W + s·W1 ⊗ W2, W2 = W2a·W2b", .paper = "Edalati et al., KronA, 2022, arXiv:2212.10650", .settings = settings(),
                     .parts = parts, .width = width,
                     .scale = alpha_over_rank},
      .delta = "kronecker",
      .to_peft = [](const SettingValues& settings, PeftConfig& config) {
        config.peft_type = "LOKR";
        config.rank = settings.at("rank").get<std::int64_t>();
        config.alpha = settings.at("alpha").get<double>();
        for (const char* key : {"decompose_factor", "decompose_both"}) config.other[key] = settings.at(key);
      },
      .matches = [](const PeftConfig& c) { return c.peft_type == "LOKR"; },
      .from_peft = [](const PeftConfig& c) {
        return SettingValues{{"rank", c.rank}, {"alpha", c.alpha}, {"targets", c.target_modules},
                             {"decompose_factor", c.other.at("decompose_factor")}, {"decompose_both", c.other.at("decompose_both")}};
      }};
  return preset;
}

}  // namespace weft
