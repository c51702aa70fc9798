// SPDX-License-Identifier: GPL-3.0-or-later
// LoRA-FA: LoRA whose A stays as it was drawn (Zhang et al. 2023, section 3.2).
#include "engine/adapter/delta/low_rank.h"

namespace weft {
namespace {

class FixedRight final : public LowRank {
 public:
  std::vector<Slot> slots(const SiteContext& site) const override {
    auto slots = LowRank::slots(site);
    for (auto& slot : slots) slot.trained = slot.role != SlotRole::Right;
    return slots;
  }
};

}  // namespace

std::unique_ptr<Delta> make_fixed_right_delta() { return std::make_unique<FixedRight>(); }

}  // namespace weft
