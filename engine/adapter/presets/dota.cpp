// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/low_rank_common.h"
#include "engine/adapter/presets/tensor_train.h"
#include "engine/api/sentences.h"

#include <fmt/format.h>

namespace weft {
namespace {

std::vector<std::string> cores() {
  std::vector<std::string> symbols;
  for (int k = 1; k <= 8; ++k) symbols.push_back("T" + std::to_string(k));
  return symbols;
}

std::vector<SettingSpec> settings() {
  using T = SettingType;
  auto all = low_rank_settings_without({"rank_stabilized", "alpha"});
  setting_named(all, "rank").title = "Bond rank";
  setting_named(all, "rank").help = "The most that a bond between two cores may be; near the ends the sides of the cores allow less.";
  setting_named(all, "rank").parts = cores();
  SettingSpec& start = setting_named(all, "start");
  start.initial = "mpo";
  start.choices = {"mpo", "mpo-exact", "mpo-random"};
  start.help = "mpo begins with the cores of W itself, which are taken off W (sketched, or exact); mpo-random draws them and leaves one at zero: "
               "the baseline that the paper compares with. The model is unchanged at step 0. Over [model] storage = nf4 this is QDoTA.";
  start.parts = cores();
  all.push_back({.key = "cores", .title = "Cores", .type = T::Integer, .initial = 4, .min = 2, .max = 8,
                 .help = "How many tensors the update is a chain of; more have fewer parameters. The paper's number is not published.", .parts = cores()});
  all.push_back({.key = "factors", .title = "Shapes of the cores", .type = T::TextOrList, .initial = "auto",
                 .help = "auto splits each side of a matrix into factors as alike as its primes allow. Otherwise products such as 4x6x6x4, each for the "
                         "sides that are its product (576), with one number a core; other sides stay auto.",
                 .advanced = true, .parts = cores()});
  all.push_back({.key = "train_cores", .title = "Trained cores", .type = T::Choice, .initial = "all", .choices = {"all", "auxiliary", "central"},
                 .help = "all, or all but the one with most parameters (auxiliary, as earlier work on such cores did), or that one alone.", .advanced = true,
                 .parts = cores()});
  all.push_back({.key = "gauge", .title = "Gauge", .type = T::Choice, .initial = "left", .choices = {"left", "symmetric"},
                 .help = "Where the size of W lies in its cores: left has it all in the last one, symmetric spreads it over both sides of every bond, so "
                         "that one learning rate moves all alike. The paper's choice is not published.",
                 .advanced = true, .parts = cores()});
  return all;
}

std::vector<MethodPart> parts(const AdapterSite& site, const SettingValues& settings) {
  const TensorTrain train = tensor_train(site.out, site.in, settings.at("rank").get<std::int64_t>(), settings);
  const auto trained = settings.at("train_cores").get<std::string>();
  std::vector<MethodPart> all{{"W", "frozen weight", PartShape::Block, site.out, site.in, /*trained=*/false, /*stored=*/false}};
  for (std::size_t k = 0; k < train.cores(); ++k)
    all.push_back({"T" + std::to_string(k + 1), fmt::format(sentences::kTensorCore, train.bonds[k], train.out[k], train.in[k], train.bonds[k + 1]),
                   PartShape::Block, train.bonds[k] * train.out[k], train.in[k] * train.bonds[k + 1], train.trains(k, trained)});
  return all;
}

// With a start that is taken off the base both have a share in each product.
std::int64_t width(const AdapterSite& site, const SettingValues& settings) {
  const TensorTrain train = tensor_train(site.out, site.in, settings.at("rank").get<std::int64_t>(), settings);
  return (settings.at("start") == "mpo-random" ? 1 : 2) * train.bonds[train.cut()];
}

}  // namespace

const MethodPreset& dota_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "dota", .title = "DoTA", .summary = "a chain of cores", .family = "tensors",
                     .formula = "W' = W − T1⁰·…·Tn⁰ + T1·…·Tn, the cores those of W at first",
                     .paper = "Hu et al., DoTA, 2024, arXiv:2412.20891", .settings = settings(),
                     .parts = parts, .width = width, .scale = no_scale},
      .delta = "tensor-train",
      .dense = true};
  return preset;
}

}  // namespace weft
