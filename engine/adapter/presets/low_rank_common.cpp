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
       .choices = {"kaiming", "gaussian", "orthogonal", "eva", "pissa", "pissa-exact", "olora", "loftq", "lq"},
       .help = "kaiming and gaussian draw A and leave B at zero; orthogonal draws both so that B A is zero; eva takes for A the directions in which the inputs of "
               "some batches vary most. pissa begins with W's largest singular vectors (sketched, or exact), olora with its QR factors, both taken off W: the "
               "model is unchanged at step 0. loftq gives back what nf4 took from W, as far as the rank goes; lq (LQ-LoRA) takes B A off W before what is left goes to "
               "nf4, in turns until no less is lost. From pissa on they are exported at twice the rank.",
       .advanced = true, .parts = {"A"}},
      {.key = "rank_spread", .title = "Spread of ranks (eva)", .type = T::Real, .initial = 2.0, .min = 1.0, .max = 64.0,
       .help = "With the start eva a matrix may get up to this many times the rank and others less, by how much of their inputs the directions explain; the sum stays, "
               "and a matrix may get none. 1 gives all the same.", .advanced = true, .parts = {"A", "B"}},
      {.key = "start_batches", .title = "Batches looked at (eva)", .type = T::Integer, .initial = 32, .min = 1, .max = 1000000, .unit = "batches",
       .help = "The start eva ends when the directions no longer change, or after this many batches.", .advanced = true, .parts = {"A"}},
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
  const auto of_start = [](const std::string& key) { return key == "rank_spread" || key == "start_batches"; };  // go with it
  std::erase_if(all, [&](const SettingSpec& s) {
    return std::any_of(keys.begin(), keys.end(), [&](const std::string key) { return s.key == key || (key == "start" && of_start(s.key)); });
  });
  return all;
}

SettingSpec& setting_named(std::vector<SettingSpec>& settings, const std::string& key) {
  return *std::find_if(settings.begin(), settings.end(), [&](const SettingSpec& s) { return s.key == key; });
}

double alpha_over_rank(const SettingValues& settings) { return settings.at("alpha").get<double>() / settings.at("rank").get<double>(); }
double no_scale(const SettingValues&) { return 1; }

std::int64_t no_width(const AdapterSite&, const SettingValues&) { return 0; }

void without_rank(PeftConfig& config, const char* peft_type) {
  config.peft_type = peft_type;
  config.rank = 1;
  config.alpha = 1;
}

std::vector<SettingSpec> rotation_settings(int block_size) {
  using T = SettingType;
  auto all = low_rank_settings_without({"start", "rank_stabilized", "alpha", "rank"});
  all.push_back({.key = "block_size", .title = "Size of a block", .type = T::Integer, .initial = block_size, .min = 2, .max = 65536,
                 .help = "Inputs of a matrix that are turned together: more can learn more, and take more parameters.", .parts = {"R"}});
  all.push_back({.key = "blocks", .title = "Blocks", .type = T::Integer, .initial = 0, .min = 0, .max = 65536,
                 .help = "How many blocks a matrix has, whatever their size; 0: by their size.", .advanced = true, .parts = {"R"}});
  return all;
}

void rotation_from_peft(const Json& blocks, const Json& block_size, SettingValues& settings) {
  settings["blocks"] = blocks;
  if (block_size != 0) settings["block_size"] = block_size;
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
