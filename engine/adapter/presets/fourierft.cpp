// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/low_rank_common.h"

#include <bit>

namespace weft {
namespace {

std::vector<SettingSpec> settings() {
  using T = SettingType;
  auto all = low_rank_settings_without({"start", "rank_stabilized", "alpha", "rank"});
  all.push_back({.key = "n_frequency", .title = "Coefficients", .type = T::Integer, .initial = 1000, .min = 1, .max = 100000000,
                 .help = "How many coefficients of the spectrum are trained, a matrix: all its parameters.", .parts = {"c"}});
  all.push_back({.key = "scaling", .title = "Scaling", .type = T::Real, .initial = 150.0, .min = 1e-6, .max = 1e6,
                 .help = "Strength of the update. The paper takes 100 to 300, with learning rates of 1e-3 to 1e-1.", .parts = {"s"}});
  all.push_back({.key = "random_loc_seed", .title = "Seed of the places", .type = T::Integer, .initial = 777, .min = 0, .max = 4294967295.0,
                 .help = "Decides which coefficients are trained, the same at matrices of one shape. Others need it to read the adapter.", .advanced = true,
                 .parts = {"c"}});
  all.push_back({.key = "zero_start", .title = "Begin unchanged", .type = T::Boolean, .initial = true,
                 .help = "Coefficients begin at zero. Off: they are drawn from the normal law, as the paper and PEFT do, and step 0 already is another "
                         "model, the more so the smaller its matrices are.",
                 .advanced = true, .parts = {"c"}});
  return all;
}

std::vector<MethodPart> parts(const AdapterSite& site, const SettingValues& settings) {
  return {{"W", "frozen weight", PartShape::Block, site.out, site.in, /*trained=*/false, /*stored=*/false},
          {"c", "coefficients of the spectrum", PartShape::Vector, settings.at("n_frequency").get<std::int64_t>(), 1}};
}

// The transform takes about as long as so many tokens.
std::int64_t width(const AdapterSite& site, const SettingValues&) {
  return std::bit_width(static_cast<std::uint64_t>(site.out)) + std::bit_width(static_cast<std::uint64_t>(site.in));
}

}  // namespace

const MethodPreset& fourierft_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "fourierft", .title = "FourierFT", .summary = "a few frequencies", .family = "spectra",
                     .formula = "W' = W + s·Re(F⁻¹(c at fixed places))", .paper = "Gao et al., FourierFT, 2024, arXiv:2405.03003", .settings = settings(),
                     .parts = parts, .width = width, .scale = [](const SettingValues& settings) { return settings.at("scaling").get<double>(); }},
      .delta = "spectrum",
      .dense = true,
      .to_peft = [](const SettingValues& settings, PeftConfig& config) {
        without_rank(config, "FOURIERFT");
        for (const char* key : {"n_frequency", "scaling", "random_loc_seed"}) config.other[key] = settings.at(key);
      },
      .matches = [](const PeftConfig& c) { return c.peft_type == "FOURIERFT"; },
      .from_peft = [](const PeftConfig& c) {
        SettingValues settings = c.other;
        settings["targets"] = c.target_modules;
        return settings;
      }};
  return preset;
}

}  // namespace weft
