// SPDX-License-Identifier: GPL-3.0-or-later
// GeoLoRA's integrator (Schotthöfer et al. 2024, arXiv:2410.18720, algorithm 1): of W' = W + s V S' U only the core S is trained from step to step; every so
// often the directions of the gradient are added to U and V, and later those that the core does not need are dropped. With one gradient, both sides at once.
// Written here with U's rows as the paper's columns. K = U' S moves by -lr gK, where gU' = gK S' is what is at hand: gK = gU' S'^+, and alike L = V S'.
#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "engine/train/controller.h"
#include "engine/train/schedule.h"
#include "engine/adapter/site_loop.h"

namespace weft {
namespace {

constexpr std::int64_t kFewest = 2;  // directions that a matrix keeps, as the authors have it

class Turning final : public Controller {
 public:
  Turning(AdapterSet& adapters, const TrainingState& rule)
      : adapters_(adapters), every_(adapters.settings().at("turn_every").get<std::int64_t>()), rewarm_(warmup_steps(adapters.settings().at("rewarm").get<double>(), every_)),
        tolerance_(adapters.settings().at("tolerance").get<double>()),
        begun_(at::zeros({1}, at::kFloat)) {
    for (const auto& [name, value] : rule)
      if (value.numel() == adapters.params().numel()) moments_.push_back(value);
  }

  // The directions move in jumps, not by the rule.
  AdapterSet::Share share(const StepInfo& info) const override {
    const auto begun = begun_.item<std::int64_t>();
    const double rate = rewarmed(info.updates, begun, rewarm_);
    return [rate, begun](std::size_t, const std::string& slot) { return SlotShare{.works = slot == "S", .rate = rate, .begun = begun}; };
  }

  void before_update(AdapterSet&, const StepInfo& info) override {
    turns_ = info.step % every_ == 0;
    if (turns_) each_site(adapters_.size(), [&](std::size_t i) { augment(i, info.lr); });
  }

  void after_update(AdapterSet&, const StepInfo& info) override {
    const bool drops = info.step > every_ && info.step % every_ == 3 * every_ / 4;
    if (drops) each_site(adapters_.size(), [&](std::size_t i) { truncate(i); });
    if (!turns_ && !drops) return;
    // the core is another: what the rule remembers of it is of the old one
    for (std::size_t i = 0; i < adapters_.size(); ++i)
      for (const auto& moment : moments_) adapters_.same_place(moment, i, "S").zero_();
    begun_.fill_(static_cast<double>(info.updates));
    const std::vector<std::int64_t> now = ranks(adapters_);
    const auto [least, most] = std::minmax_element(now.begin(), now.end());
    news_ = fmt::format("step {}: {}, {} ranks on {} matrices, {} to {} each", info.step, drops ? "directions that count little were dropped" : "new directions",
                        std::accumulate(now.begin(), now.end(), std::int64_t{0}), now.size(), *least, *most);
  }

  std::vector<std::int64_t> ranks(const AdapterSet&) const override {
    std::vector<std::int64_t> ranks;
    for (std::size_t i = 0; i < adapters_.size(); ++i) ranks.push_back(adapters_.slot(i, "rank").value.item<std::int64_t>());
    return ranks;
  }

  std::string take_news() override { return std::exchange(news_, ""); }
  TrainingState state() override { return {{"core_begun", begun_}}; }

 private:
  // Columns that, with those of `basis` [n, r], span both: [n, at most `room`], orthonormal.
  static Tensor further(const Tensor& basis, const Tensor& directions, std::int64_t room) {
    Tensor rest = directions - basis.matmul(basis.t().matmul(directions));
    rest = rest - basis.matmul(basis.t().matmul(rest));  // once more: what is left may be small
    const auto [q, r] = at::linalg_qr(rest);
    const Tensor size = r.diagonal().abs();
    const double largest = size.numel() > 0 ? size.max().item<double>() : 0;
    if (largest == 0) return q.narrow(1, 0, 0);
    const Tensor real = at::nonzero(size > 1e-12 * largest).view({-1});
    return q.index_select(1, real.narrow(0, 0, std::min(room, real.numel())));
  }

  void augment(std::size_t site, double lr) {
    const auto u = adapters_.slot(site, "U"), s = adapters_.slot(site, "S"), v = adapters_.slot(site, "V");
    Tensor rank = adapters_.slot(site, "rank").value;
    const auto r = rank.item<std::int64_t>(), room = std::min(2 * r, u.value.size(0)) - r;
    const auto now = [&](const Tensor& t, std::int64_t rows, std::int64_t columns) { return t.narrow(0, 0, rows).narrow(1, 0, columns).to(at::kDouble); };
    const std::int64_t in = u.value.size(1), out = v.value.size(0);
    const Tensor U = now(u.value, r, in).t(), V = now(v.value, out, r), S = now(s.value, r, r), inverse = at::linalg_pinv(S);
    const Tensor gK = now(u.gradient, r, in).t().matmul(inverse.t()), gL = now(v.gradient, out, r).matmul(inverse), gS = now(s.gradient, r, r);
    const Tensor more_u = further(U, gK, room), more_v = further(V, gL, room);
    const std::int64_t more = std::min(more_u.size(1), more_v.size(1));
    Tensor core = at::zeros({r + more, r + more}, S.options());
    core.narrow(0, 0, r).narrow(1, 0, r).copy_(S - gS * lr);
    if (more > 0) {
      const Tensor new_u = more_u.narrow(1, 0, more), new_v = more_v.narrow(1, 0, more);
      core.narrow(0, 0, r).narrow(1, r, more).copy_((V.matmul(S.t()) - gL * lr).t().matmul(new_v));
      core.narrow(0, r, more).narrow(1, 0, r).copy_(new_u.t().matmul(U.matmul(S) - gK * lr));
      Tensor(u.value.narrow(0, r, more)).copy_(new_u.t());
      Tensor(v.value.narrow(1, r, more)).copy_(new_v);
    }
    Tensor(s.value.narrow(0, 0, r + more).narrow(1, 0, r + more)).copy_(core);
    Tensor(s.gradient).zero_();  // it is in the core already
    rank.fill_(static_cast<double>(r + more));
  }

  void truncate(std::size_t site) {
    const Tensor u = adapters_.slot(site, "U").value, s = adapters_.slot(site, "S").value, v = adapters_.slot(site, "V").value;
    Tensor rank = adapters_.slot(site, "rank").value;
    const auto r = rank.item<std::int64_t>();
    const Tensor core = s.narrow(0, 0, r).narrow(1, 0, r).to(at::kDouble);
    const auto [p, d, q] = at::linalg_svd(core);
    const Tensor tails = d.square().flip(0).cumsum(0).flip(0).sqrt();  // [i]: || d[i:] ||
    std::int64_t keep = r;
    const double allowed = tolerance_ * d.norm().item<double>();
    while (keep > std::min(kFewest, r) && tails[keep - 1].item<double>() < allowed) --keep;
    if (d[0].item<double>() == 0) keep = r;  // a core without size says nothing of its directions
    const auto turned = [&](const Tensor& basis, const Tensor& by) {  // basis [n, r]
      return basis.to(at::kDouble).matmul(by.narrow(1, 0, keep));
    };
    const Tensor new_u = turned(u.narrow(0, 0, r).t(), p), new_v = turned(v.narrow(1, 0, r), q.t());
    for (Tensor all : {u, s, v}) all.zero_();
    Tensor(u.narrow(0, 0, keep)).copy_(new_u.t());
    Tensor(v.narrow(1, 0, keep)).copy_(new_v);
    Tensor(s.narrow(0, 0, keep).narrow(1, 0, keep)).copy_(at::diag(d.narrow(0, 0, keep)));
    rank.fill_(static_cast<double>(keep));
  }

  AdapterSet& adapters_;
  const std::int64_t every_, rewarm_;
  const double tolerance_;
  std::vector<Tensor> moments_;   // the rule's, [N]
  Tensor begun_;                  // [1] updates made before the core of now
  bool turns_ = false;
  std::string news_;
};

}  // namespace

std::unique_ptr<Controller> make_subspaces(AdapterSet& adapters, const TrainingState& rule) { return std::make_unique<Turning>(adapters, rule); }

}  // namespace weft
