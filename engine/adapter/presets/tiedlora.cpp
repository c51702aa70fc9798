// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/low_rank_common.h"

namespace weft {
namespace {

bool trains(const SettingValues& settings, const char* what) { return settings.at("trained") == "all" || settings.at("trained") == what; }

std::vector<SettingSpec> settings() {
  auto all = low_rank_settings_without({"start", "rank_stabilized"});
  all.push_back({.key = "trained", .title = "What is trained", .type = SettingType::Choice, .initial = "all", .choices = {"all", "tensors", "vectors"},
                 .help = "all: A, B, u and v. tensors: A and B alone, so that all layers have the same update. vectors: u and v alone, between random A and B.",
                 .parts = {"A", "B", "u", "v"}});
  return all;
}

std::vector<MethodPart> parts(const AdapterSite& site, const SettingValues& settings) {
  const auto out = site.out, in = site.in, rank = settings.at("rank").get<std::int64_t>();
  const bool tensors = trains(settings, "tensors"), vectors = trains(settings, "vectors");
  return {{"W", "frozen weight", PartShape::Block, out, in, /*trained=*/false, /*stored=*/false},
          {"v", "scale of each row", PartShape::Vector, out, 1, vectors},
          {"B", "up projection, of all layers", PartShape::Block, out, rank, tensors, /*stored=*/true, "", PartScope::Module},
          {"u", "scale of each rank", PartShape::Vector, rank, 1, vectors},
          {"A", "down projection, of all layers", PartShape::Block, rank, in, tensors, /*stored=*/true, "", PartScope::Module}};
}

}  // namespace

const MethodPreset& tiedlora_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "tiedlora", .title = "Tied-LoRA", .summary = "layers share their factors", .family = "shared",
                     .formula = "W' = W + s·diag(v)·B·diag(u)·A, B and A for all layers the same",
                     .paper = "Renduchintala et al., Tied-LoRA, 2023, arXiv:2311.09578", .settings = settings(),
                     .parts = parts, .scale = alpha_over_rank},
      .delta = "tied"};
  return preset;
}

}  // namespace weft
