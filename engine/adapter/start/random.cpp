// SPDX-License-Identifier: GPL-3.0-or-later
// Random starts: the right factors are drawn, everything else is zero, so dW = 0.
#include <cmath>

#include "engine/adapter/parts.h"

namespace weft {
namespace {

// Uniform in +-1/sqrt(in): PEFT's kaiming_uniform with a = sqrt(5).
class Kaiming final : public Start {
 public:
  void fill(const SiteContext& site, const std::vector<Slot>& slots, const SlotValues& values, at::Generator& generator) const override {
    const double bound = 1.0 / std::sqrt(static_cast<double>(site.in));
    for (const auto& slot : slots) {
      Tensor value = values.at(slot.name);
      if (slot.role == SlotRole::Right) value.uniform_(-bound, bound, generator);
      else value.zero_();
    }
  }
};

// Normal with standard deviation 1/rank: PEFT's "gaussian".
class Gaussian final : public Start {
 public:
  void fill(const SiteContext& site, const std::vector<Slot>& slots, const SlotValues& values, at::Generator& generator) const override {
    for (const auto& slot : slots) {
      Tensor value = values.at(slot.name);
      if (slot.role == SlotRole::Right) value.normal_(0.0, 1.0 / static_cast<double>(site.rank), generator);
      else value.zero_();
    }
  }
};

}  // namespace

std::unique_ptr<Start> make_kaiming_start() { return std::make_unique<Kaiming>(); }
std::unique_ptr<Start> make_gaussian_start() { return std::make_unique<Gaussian>(); }

}  // namespace weft
