// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/low_rank_common.h"
#include "engine/adapter/presets/rotation.h"

namespace weft {
namespace {

std::vector<MethodPart> parts(const AdapterSite& site, const SettingValues& settings) {
  const RotationShape shape = rotation_shape(site.in, settings);
  return {{"s", "scale of each row", PartShape::Vector, site.out, 1},
          {"W", "frozen weight", PartShape::Block, site.out, site.in, /*trained=*/false, /*stored=*/false},
          {"R", "blocks that turn the input, one under the other", PartShape::Block, shape.blocks * shape.size, shape.size, /*trained=*/true, /*stored=*/true, /*before=*/"·"}};
}

}  // namespace

const MethodPreset& boft_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "boft", .title = "BOFT", .summary = "turns input, scales output", .family = "orthogonal",
                     .formula = "W' = diag(s)·W·R', R blocks of rotations, in one factor", .paper = "Liu et al., BOFT, 2024, arXiv:2311.06243",
                     .settings = rotation_settings(4),
                     .parts = parts, .width = no_width, .scale = no_scale},
      .delta = "none",
      .wraps = {"boft"},
      .to_peft = [](const SettingValues& settings, PeftConfig& config) {
        without_rank(config, "BOFT");
        const auto blocks = settings.at("blocks").get<std::int64_t>();
        config.other = {{"boft_block_num", blocks}, {"boft_block_size", blocks > 0 ? Json(0) : settings.at("block_size")}};
      },
      .matches = [](const PeftConfig& c) { return c.peft_type == "BOFT"; },
      .from_peft = [](const PeftConfig& c) {
        SettingValues settings{{"targets", c.target_modules}};
        rotation_from_peft(c.other.at("boft_block_num"), c.other.at("boft_block_size"), settings);
        return settings;
      }};
  return preset;
}

}  // namespace weft
