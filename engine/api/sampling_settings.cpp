// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/sampling_settings.h"

namespace weft {

const std::vector<SettingSpec>& sampling_settings() {
  using T = SettingType;
  static const SamplingSettings initial;
  static const std::vector<SettingSpec> specs = {
      {.key = "temperature", .title = "Temperature", .type = T::Real, .initial = initial.temperature, .min = 0, .max = 100,
       .help = "0 always takes the likeliest token; 1 draws by the model's own probabilities; more makes unlikely ones likelier."},
      {.key = "max_tokens", .title = "Longest answer", .type = T::Integer, .initial = initial.max_tokens, .min = 1, .max = 1048576, .unit = "tokens",
       .help = "An answer ends there, or where the model ends it."},
      {.key = "seed", .title = "Seed", .type = T::Integer, .initial = initial.seed, .min = 0, .max = 2147483647,
       .help = "The same seed gives the same text; answers side by side are drawn with one."},
      {.key = "top_k", .title = "Top k", .type = T::Integer, .initial = initial.top_k, .min = 0, .max = 1048576, .unit = "tokens",
       .help = "Only so many of the likeliest tokens can be drawn; 0: all.", .advanced = true},
      {.key = "top_p", .title = "Top p", .type = T::Real, .initial = initial.top_p, .min = 0.0001, .max = 1,
       .help = "Only the fewest likeliest tokens that have this share of the probability can be drawn; 1: all.", .advanced = true}};
  return specs;
}

SamplingSettings sampling_of(const SettingValues& values) {
  SamplingSettings settings;
  settings.temperature = values.at("temperature").get<double>();
  settings.top_k = values.at("top_k").get<std::int64_t>();
  settings.top_p = values.at("top_p").get<double>();
  settings.max_tokens = values.at("max_tokens").get<std::int64_t>();
  settings.seed = values.at("seed").get<std::uint64_t>();
  return settings;
}

}  // namespace weft
