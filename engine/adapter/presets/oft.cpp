// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/low_rank_common.h"
#include "engine/adapter/presets/rotation.h"

namespace weft {
namespace {

std::vector<SettingSpec> settings() {
  using T = SettingType;
  auto all = rotation_settings(32);
  setting_named(all, "block_size").help += " Where it does not divide the inputs of a matrix, the nearest that does is taken, as PEFT does.";
  all.push_back({.key = "rotation", .title = "Rotation", .type = T::Choice, .initial = "cayley-neumann", .choices = {"cayley-neumann", "cayley"},
                 .help = "cayley is exactly orthogonal, with a small inverse a block; cayley-neumann takes the first terms of a series instead, as PEFT does "
                         "unless told otherwise, and turns the other way.",
                 .parts = {"R"}});
  all.push_back({.key = "neumann_terms", .title = "Terms of the series", .type = T::Integer, .initial = 5, .min = 2, .max = 64,
                 .help = "Of cayley-neumann: more are closer to a rotation.", .advanced = true, .parts = {"R"}});
  all.push_back({.key = "block_share", .title = "One block for all", .type = T::Boolean, .initial = false, .help = "Turn all blocks of a matrix alike.",
                 .advanced = true, .parts = {"R"}});
  all.push_back({.key = "coft", .title = "Constrained", .type = T::Boolean, .initial = false,
                 .help = "Keep the rotation close to none (COFT): after every step it is brought back into a ball.", .advanced = true, .parts = {"R"}});
  all.push_back({.key = "eps", .title = "Radius of the ball", .type = T::Real, .initial = 6e-5, .min = 1e-12, .max = 1e3,
                 .help = "How far a constrained rotation may go; shared out among the blocks.", .advanced = true, .parts = {"R"}});
  return all;
}

std::vector<MethodPart> parts(const AdapterSite& site, const SettingValues& settings) {
  const RotationShape shape = rotation_shape(site.in, settings);
  const std::int64_t rows = settings.at("block_share").get<bool>() ? 1 : shape.blocks;
  return {{"W", "frozen weight", PartShape::Block, site.out, site.in, /*trained=*/false, /*stored=*/false},
          {"R", "a row for each block that turns the input", PartShape::Block, rows, shape.size * (shape.size - 1) / 2, /*trained=*/true, /*stored=*/true, /*before=*/"·"}};
}

}  // namespace

const MethodPreset& oft_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "oft", .title = "OFT", .summary = "turns the input", .family = "orthogonal", .formula = "W' = W·R', R blocks of rotations",
                     .paper = "Qiu et al., OFT, 2023, arXiv:2306.07280", .settings = settings(),
                     .parts = parts, .width = no_width, .scale = no_scale},
      .delta = "none",
      .wraps = {"oft"},
      .to_peft = [](const SettingValues& settings, PeftConfig& config) {
        without_rank(config, "OFT");
        const auto blocks = settings.at("blocks").get<std::int64_t>();
        config.other = {{"r", blocks}, {"oft_block_size", blocks > 0 ? Json(0) : settings.at("block_size")},
                        {"use_cayley_neumann", settings.at("rotation") == "cayley-neumann"}, {"num_cayley_neumann_terms", settings.at("neumann_terms")}};
        for (const char* key : {"block_share", "coft", "eps"}) config.other[key] = settings.at(key);
      },
      .matches = [](const PeftConfig& c) { return c.peft_type == "OFT"; },
      .from_peft = [](const PeftConfig& c) {
        SettingValues settings{{"targets", c.target_modules}, {"rotation", c.other.at("use_cayley_neumann").get<bool>() ? "cayley-neumann" : "cayley"},
                               {"neumann_terms", c.other.at("num_cayley_neumann_terms")}};
        rotation_from_peft(c.other.at("r"), c.other.at("oft_block_size"), settings);
        for (const char* key : {"block_share", "coft", "eps"}) settings[key] = c.other.at(key);
        return settings;
      }};
  return preset;
}

}  // namespace weft
