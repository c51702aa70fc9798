// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/delta/low_rank.h"

namespace weft {
namespace {

// None where the setting "magnitude_only" names the site: its wrap is all that is trained there.
class LowRankInPart final : public LowRank {
 public:
  std::vector<Slot> slots(const SiteContext& site) const override {
    return names_site(site.settings->value("magnitude_only", Json::array()), site.path) ? std::vector<Slot>() : LowRank::slots(site);
  }
  LinearFactors factors(const SiteContext& site, const SlotValues& values) const override {
    return values.contains("A") ? LowRank::factors(site, values) : LinearFactors();
  }
};

}  // namespace

std::unique_ptr<Delta> make_low_rank_delta() { return std::make_unique<LowRank>(); }
std::unique_ptr<Delta> make_low_rank_in_part_delta() { return std::make_unique<LowRankInPart>(); }

}  // namespace weft
