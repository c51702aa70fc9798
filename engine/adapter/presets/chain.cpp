// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/chain.h"

namespace weft {

std::vector<SettingSpec> chain_settings(int rank, double alpha, int links) {
  using T = SettingType;
  auto all = low_rank_settings_without({"start", "rank_stabilized"});
  setting_named(all, "rank").initial = rank;
  setting_named(all, "rank").help = "Of one link of the chain; the adapter ends with rank x links.";
  setting_named(all, "alpha").initial = alpha;
  all.push_back({.key = "links", .title = "Links", .type = T::Integer, .initial = links, .min = 1, .max = 1024,
                 .help = "How many updates are trained one after another, for as many equal parts of the run; what one has learned stays when the next begins.", .parts = {"A", "B"}});
  all.push_back({.key = "rewarm", .title = "Rate rises again over", .type = T::Real, .initial = 0.05, .min = 0.0, .max = 1000000,
                 .help = "At the beginning of each link the learning rate rises from zero: below 1 a share of the link's steps, else a number of steps.", .advanced = true, .parts = {"B"}});
  return all;
}

std::vector<MethodPart> chain_parts(const AdapterSite& site, const SettingValues& settings) {
  const auto out = site.out, in = site.in, width = chain_width(site, settings);
  const std::string fixed = settings.value("sketch", "");
  return {{"W", "frozen weight", PartShape::Block, out, in, /*trained=*/false, /*stored=*/false},
          {"B", "up projections, link by link", PartShape::Block, out, width, fixed != "up"},
          {"A", "down projections, link by link", PartShape::Block, width, in, fixed != "down"}};
}

std::int64_t chain_width(const AdapterSite&, const SettingValues& settings) {
  return settings.at("rank").get<std::int64_t>() * settings.at("links").get<std::int64_t>();
}

}  // namespace weft
