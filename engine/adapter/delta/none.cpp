// SPDX-License-Identifier: GPL-3.0-or-later
// No update of its own: methods that are a wrap alone.
#include "engine/adapter/parts.h"

namespace weft {
namespace {

class NoDelta final : public Delta {
 public:
  std::vector<Slot> slots(const SiteContext&) const override { return {}; }
  LinearFactors factors(const SiteContext&, const SlotValues&) const override { return {}; }
  void fill(const SiteContext&, const SlotValues&, at::Generator&) const override {}
};

}  // namespace

std::unique_ptr<Delta> make_no_delta() { return std::make_unique<NoDelta>(); }

}  // namespace weft
