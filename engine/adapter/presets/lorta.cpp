// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/heads.h"
#include "engine/adapter/presets/low_rank_common.h"

namespace weft {
namespace {

std::vector<SettingSpec> settings() {
  auto all = low_rank_settings_without({"start"});
  setting_named(all, "rank").help = "Rank of the one tensor that holds the updates of all heads, matrices and layers.";
  setting_named(all, "targets").initial = Json::array({"q_proj", "k_proj", "v_proj", "o_proj"});
  setting_named(all, "targets").help = "Which of the attention's matrices are adapted: q_proj, k_proj, v_proj, o_proj.";
  return all;
}

std::vector<MethodPart> parts(const AdapterSite& site, const SettingValues& settings) {
  const auto rank = settings.at("rank").get<std::int64_t>();
  const HeadShape shape = head_shape(site);
  const auto part = [](const char* symbol, const char* title, std::int64_t rows, std::int64_t cols, PartScope scope) {
    return MethodPart{symbol, title, PartShape::Block, rows, cols, /*trained=*/true, /*stored=*/true, "", scope};
  };
  return {{"W", "frozen weight", PartShape::Block, site.out, site.in, /*trained=*/false, /*stored=*/false},
          part("A", "of the width, one for the model", shape.width, rank, PartScope::Model),
          part("h", "a row for each head", shape.heads, rank, PartScope::Model),
          part("m", "of q, k, v or o", 1, rank, PartScope::Module),
          part("l", "of the layer", 1, rank, PartScope::Layer),
          part("B", "of a head's features, one for the model", rank, shape.head_size, PartScope::Model)};
}

}  // namespace

const MethodPreset& lorta_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "lorta", .title = "LoRTA", .summary = "one tensor for all", .family = "shared",
                     .formula = "W'ₕ = Wₕ + s·A·diag(h ∘ m ∘ l)·B for each head", .paper = "Hounie et al., LoRTA, 2024, arXiv:2410.04060", .settings = settings(),
                     .parts = parts, .scale = low_rank_scale},
      .delta = "cp-tensor"};
  return preset;
}

}  // namespace weft
