// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/low_rank_common.h"

#include <algorithm>
#include <cmath>

namespace weft {

std::vector<SettingSpec> low_rank_settings(bool stabilized) {
  using T = SettingType;
  return {
      {.key = "rank", .title = "Rank", .type = T::Integer, .initial = 16, .min = 1, .max = 4096,
       .help = "Width of the bottleneck: more can learn more, and takes more memory and disk.", .parts = {"A", "B"}},
      {.key = "alpha", .title = "Alpha", .type = T::Real, .initial = 32.0, .min = 1e-6, .max = 1e6,
       .help = "Strength of the update; the scale s grows with it.", .parts = {"s"}},
      {.key = "targets", .title = "Targets", .type = T::TextOrList, .initial = "all-linear",
       .help = "Which matrices are adapted: all-linear, module names (q_proj, v_proj), or a regular expression over whole paths.",
       .parts = {"W"}},
      {.key = "start", .title = "Start", .type = T::Choice, .initial = "kaiming",
       .choices = {"kaiming", "gaussian", "pissa", "pissa-exact", "olora"},
       .help = "kaiming and gaussian draw A and leave B at zero; pissa begins with W's largest singular vectors (sketched, or exact), "
               "olora with its QR factors, both taken off W. The model is unchanged at step 0; the last three are exported at twice the rank.",
       .advanced = true, .parts = {"A"}},
      {.key = "rank_stabilized", .title = "Rank-stabilised scale", .type = T::Boolean, .initial = stabilized,
       .help = "Scale alpha / sqrt(rank) instead of alpha / rank: keeps high ranks learning.", .advanced = true, .parts = {"s"}},
  };
}

std::vector<MethodPart> low_rank_parts(const AdapterSite& site, const SettingValues& settings) {
  const auto out = site.out, in = site.in, rank = settings.at("rank").get<std::int64_t>();
  return {{"W", "frozen weight", PartShape::Block, out, in, /*trained=*/false, /*stored=*/false},
          {"B", "up projection", PartShape::Block, out, rank},
          {"A", "down projection", PartShape::Block, rank, in}};
}

std::vector<SettingSpec> low_rank_settings_without(std::initializer_list<const char*> keys) {
  auto all = low_rank_settings(/*stabilized=*/false);
  std::erase_if(all, [&](const SettingSpec& s) { return std::any_of(keys.begin(), keys.end(), [&](const char* key) { return s.key == key; }); });
  return all;
}

SettingSpec& setting_named(std::vector<SettingSpec>& settings, const std::string& key) {
  return *std::find_if(settings.begin(), settings.end(), [&](const SettingSpec& s) { return s.key == key; });
}

double alpha_over_rank(const SettingValues& settings) { return settings.at("alpha").get<double>() / settings.at("rank").get<double>(); }
double no_scale(const SettingValues&) { return 1; }

bool scales_input(const std::string& path, const SettingValues& settings) {
  const Json& names = settings.at("feedforward");
  const auto named = [&](const Json& name) {
    const auto text = name.get<std::string>();
    return path == text || (path.size() > text.size() && path.ends_with(text) && path[path.size() - text.size() - 1] == '.');
  };
  return names.is_array() ? std::any_of(names.begin(), names.end(), named) : named(names);
}

double low_rank_scale(const SettingValues& settings) {
  const double rank = settings.at("rank").get<double>();
  return settings.at("alpha").get<double>() / (settings.at("rank_stabilized").get<bool>() ? std::sqrt(rank) : rank);
}

void low_rank_to_peft(const SettingValues& settings, PeftConfig& config) {
  config.peft_type = "LORA";
  config.rank = settings.at("rank").get<std::int64_t>();
  config.alpha = settings.at("alpha").get<double>();
  config.use_rslora = settings.at("rank_stabilized").get<bool>();
  config.init_lora_weights = settings.value("start", "") == "gaussian" ? "gaussian" : "true";
}

std::vector<MethodPart> decomposed_parts(const AdapterSite& site, const SettingValues& settings) {
  auto all = low_rank_parts(site, settings);
  all.insert(all.begin(), {"m", "magnitude of each row", PartShape::Vector, site.out, 1});
  return all;
}

void decomposed_to_peft(const SettingValues& settings, PeftConfig& config) {
  low_rank_to_peft(settings, config);
  config.use_dora = true;
}

SettingValues low_rank_from_peft(const PeftConfig& config) {
  SettingValues settings = Json::object();
  settings["rank"] = config.rank;
  settings["alpha"] = config.alpha;
  settings["targets"] = config.target_modules;
  settings["rank_stabilized"] = config.use_rslora;
  return settings;
}

}  // namespace weft
