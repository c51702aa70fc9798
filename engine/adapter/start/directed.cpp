// SPDX-License-Identifier: GPL-3.0-or-later
// Starts with directions that are chosen, not merely drawn; dW = 0.
//   Orthogonal (PEFT's init_lora_weights = "orthogonal"): A reads into one half of the rank and B writes out of the other, both in the basis of a
//   random rotation, so that B A = 0 while neither is zero.
//   EVA (Paischer et al. 2024, arXiv:2410.07170, section 3.2): A's rows are the directions in which the inputs vary most, B is zero.
#include "engine/adapter/parts.h"

namespace weft {
namespace {

struct Pair {
  Tensor left, right;
};

Pair pair_of(const std::vector<Slot>& slots, const SlotValues& values) {
  Pair pair;
  for (const auto& slot : slots) (slot.role == SlotRole::Left ? pair.left : pair.right) = values.at(slot.name);
  TORCH_CHECK(slots.size() == 2 && pair.left.defined() && pair.right.defined(), "[adapter.start] this start fills one left and one right factor");
  return pair;
}

class Orthogonal final : public Start {
 public:
  void fill(const SiteContext& site, const std::vector<Slot>& slots, const SlotValues& values, at::Generator& generator) const override {
    const Pair pair = pair_of(slots, values);
    const auto drawn = [&](std::int64_t rows, std::int64_t columns) { return at::empty({rows, columns}, pair.left.options()).normal_(0.0, 1.0, generator); };
    const Tensor rotation = std::get<0>(at::linalg_qr(drawn(site.rank, site.rank)));
    const Tensor odd = rotation.slice(0, 0, site.rank, 2), even = rotation.slice(0, 1, site.rank, 2);  // PEFT wants an even rank; of an odd one A gets more
    pair.right.copy_(drawn(site.in, odd.size(0)).matmul(odd).t() / 10);
    pair.left.copy_(drawn(site.out, even.size(0)).matmul(even) / 10);
  }
};

class Eva final : public Start {
 public:
  bool wants_inputs() const override { return true; }
  void fill(const SiteContext& site, const std::vector<Slot>& slots, const SlotValues& values, at::Generator&) const override {
    const Pair pair = pair_of(slots, values);
    TORCH_CHECK(site.directions.defined() && site.directions.size(0) >= site.rank, "[adapter.start] the inputs of ", site.path, " were not looked at");
    pair.right.copy_(site.directions.narrow(0, 0, site.rank));
    pair.left.zero_();
  }
};

}  // namespace

std::unique_ptr<Start> make_orthogonal_start() { return std::make_unique<Orthogonal>(); }
std::unique_ptr<Start> make_eva_start() { return std::make_unique<Eva>(); }

}  // namespace weft
