// SPDX-License-Identifier: GPL-3.0-or-later
// IncreLoRA's growth (Zhang et al. 2023, arXiv:2308.12043, section 3.2 and algorithm 1): every so many steps the matrices whose update counts most get the
// ranks that they held in reserve, and a new reserve. A reserve is trained ahead, under a strength of 1e-5 that stays as it is.
// A matrix counts by the mean size of dW times its gradient. The whole gradient of W would cost a product as large as the layer's own, so it is taken as far as the
// rows of A see it, where dW's own rows lie: G A' (A A')^-1 A, from the gradient of B that is there anyway.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "engine/adapter/delta/links.h"
#include "engine/train/controller.h"
#include "engine/train/orthogonality.h"
#include "engine/train/schedule.h"
#include "engine/adapter/site_loop.h"

namespace weft {
namespace {

constexpr double kReserve = 1e-5;       // strength of what is trained ahead, as the authors have it
constexpr std::int64_t kRowsAtOnce = 64;

class Growth final : public Controller {
 public:
  struct Times {
    std::int64_t begin = 0, end = 0, every = 1, rewarm = 0;
  };
  Growth(AdapterSet& adapters, Times times)
      : adapters_(adapters), times_(times), memory_(adapters.settings().at("score_memory").get<double>()), penalty_(adapters.settings().at("orthogonality").get<double>()),
        links_(adapters.slot(0, "links").value.size(0)), rank_(adapters.context(0).rank),
        goal_(adapters.settings().at("grown_rank").get<std::int64_t>() * static_cast<std::int64_t>(adapters.size())),
        score_(at::zeros({sites()}, at::kFloat)), spread_(at::zeros({sites()}, at::kFloat)), begun_(at::zeros({sites(), links_, 2}, at::kFloat)) {}

  Status begin(AdapterSet&, at::Generator&) override {
    for (std::size_t i = 0; i < adapters_.size(); ++i) hold_reserve(i, 0);
    return {};
  }

  void penalize(AdapterSet&) override {
    if (penalty_ == 0) return;
    const double weight = penalty_ / (2.0 * static_cast<double>(adapters_.size()));
    each_site(adapters_.size(), [&](std::size_t i) {
      const Pieces now = pieces(i);
      const auto add = [&](const char* slot, const Tensor& rows, bool turned) {
        Tensor slope = at::zeros_like(rows);
        add_orthogonality(rows, slope, weight);
        std::int64_t at = 0;
        for (const auto t : now.links) {
          Tensor gradient = adapters_.slot(i, link_slot(slot, t)).gradient;
          const Tensor part = slope.narrow(0, at, rank_);
          gradient.add_(turned ? part.t() : part);
          at += rank_;
        }
      };
      add("A", now.a, false);
      add("B", now.b.t().contiguous(), true);
    });
  }

  AdapterSet::Share share(const StepInfo& info) const override {
    return [this, updates = info.updates](std::size_t site, const std::string& slot) {
      const std::int64_t link = std::stoll(slot.substr(1));
      const LinkState now = state(site, link);
      const bool strength = slot.front() == 'E';
      if (now == LinkState::Waits || (strength && now == LinkState::Reserve)) return SlotShare{.works = false};
      const auto begun = begun_[static_cast<std::int64_t>(site)][link][strength ? 1 : 0].item<std::int64_t>();
      return SlotShare{.rate = rewarmed(updates, begun, times_.rewarm), .begun = begun};
    };
  }

  void before_update(AdapterSet&, const StepInfo& info) override {
    if (info.step > times_.end || full()) return;
    each_site(adapters_.size(), [&](std::size_t i) {  // of the values that the gradients belong to
      const auto now = static_cast<float>(importance(i)), forgets = static_cast<float>(1 - memory_);
      float &score = score_.mutable_data_ptr<float>()[i], &spread = spread_.mutable_data_ptr<float>()[i];
      score += (now - score) * forgets;
      spread += (std::abs(now - score) - spread) * forgets;
    });
  }

  void after_update(AdapterSet&, const StepInfo& info) override {
    if (full() || info.step <= times_.begin || info.step > times_.end) return;
    if (info.step % times_.every == 0) grow(info);
    if (full() || info.step == times_.end) release(info.step);
  }

  // Those that work: a reserve counts when it is given.
  std::vector<std::int64_t> ranks(const AdapterSet&) const override {
    std::vector<std::int64_t> ranks;
    for (std::size_t i = 0; i < adapters_.size(); ++i) ranks.push_back(working(i));
    return ranks;
  }

  std::string take_news() override { return std::exchange(news_, ""); }
  TrainingState state() override { return {{"score", score_}, {"score_spread", spread_}, {"link_begun", begun_}}; }

 private:
  struct Pieces {
    std::vector<std::int64_t> links;   // that work or are in reserve
    Tensor a, b, e, b_gradient;        // [k, in], [out, k], [k, 1], [out, k]
  };
  [[nodiscard]] std::int64_t sites() const { return static_cast<std::int64_t>(adapters_.size()); }
  [[nodiscard]] LinkState state(std::size_t site, std::int64_t link) const { return link_state(adapters_.slot(site, "links").value, link); }
  void set(std::size_t site, std::int64_t link, LinkState state) { adapters_.slot(site, "links").value[link].fill_(static_cast<int>(state)); }
  [[nodiscard]] std::int64_t working(std::size_t site) const {
    std::int64_t ranks = 0;
    for (std::int64_t t = 0; t < links_; ++t) ranks += state(site, t) == LinkState::Works ? rank_ : 0;
    return ranks;
  }
  [[nodiscard]] std::int64_t all_working() const {
    const std::vector<std::int64_t> now = ranks(adapters_);
    return std::accumulate(now.begin(), now.end(), std::int64_t{0});
  }
  [[nodiscard]] bool full() const { return all_working() + rank_ > goal_; }

  [[nodiscard]] Pieces pieces(std::size_t site) const {
    Pieces found;
    std::vector<Tensor> a, b, e, g;
    for (std::int64_t t = 0; t < links_; ++t) {
      if (state(site, t) == LinkState::Waits) continue;
      found.links.push_back(t);
      const auto of_b = adapters_.slot(site, link_slot("B", t));
      a.push_back(adapters_.slot(site, link_slot("A", t)).value);
      e.push_back(adapters_.slot(site, link_slot("E", t)).value);
      b.push_back(of_b.value);
      g.push_back(of_b.gradient);
    }
    found.a = at::cat(a);
    found.e = at::cat(e);
    found.b = at::cat(b, 1);
    found.b_gradient = at::cat(g, 1);
    return found;
  }

  // sum |dW o G| / sqrt(out in), a few rows at a time; gB = s G A' diag(E), so columns without strength say nothing of G.
  [[nodiscard]] double importance(std::size_t site) const {
    const Pieces now = pieces(site);
    const Tensor strength = now.e.view({-1}), counts = at::nonzero(strength).view({-1});
    if (counts.numel() == 0) return 0;
    const double scale = adapters_.context(site).scale;
    const Tensor a = now.a.index_select(0, counts), e = strength.index_select(0, counts);
    const Tensor seen = now.b_gradient.index_select(1, counts) / (e * scale);                                      // G A'
    const Tensor rows = at::linalg_pinv(a.matmul(a.t()).to(at::kDouble)).to(a.scalar_type()).matmul(a);            // (A A')^-1 A
    const Tensor update = now.b.index_select(1, counts) * (e * scale);
    double sum = 0;
    for (std::int64_t first = 0; first < update.size(0); first += kRowsAtOnce) {
      const std::int64_t count = std::min(kRowsAtOnce, update.size(0) - first);
      sum += update.narrow(0, first, count).matmul(a).mul_(seen.narrow(0, first, count).matmul(rows)).abs_().sum().item<double>();
    }
    return sum / std::sqrt(static_cast<double>(update.size(0) * a.size(1)));
  }

  // Its reserve from now on, if there is room: ranks to be trained ahead.
  void hold_reserve(std::size_t site, std::int64_t updates) {
    for (std::int64_t t = 0; t < links_; ++t) {
      if (state(site, t) != LinkState::Waits) continue;
      set(site, t, LinkState::Reserve);
      adapters_.slot(site, link_slot("E", t)).value.fill_(kReserve);
      begun_[static_cast<std::int64_t>(site)][t][0].fill_(static_cast<double>(updates));
      return;
    }
  }

  // As many matrices as it takes to be done in time, those with the highest scores that have a reserve.
  void grow(const StepInfo& info) {
    const std::int64_t rounds = std::max<std::int64_t>(1, (times_.end - info.step) / times_.every + 1), left = (goal_ - all_working()) / rank_;
    std::int64_t wanted = (left + rounds - 1) / rounds, grown = 0;
    std::vector<std::size_t> order(adapters_.size());
    std::iota(order.begin(), order.end(), 0);
    const Tensor counts = score_ * spread_;
    std::stable_sort(order.begin(), order.end(), [of = counts.const_data_ptr<float>()](std::size_t x, std::size_t y) { return of[x] > of[y]; });
    for (const auto site : order) {
      if (grown == wanted) break;
      for (std::int64_t t = 0; t < links_; ++t) {
        if (state(site, t) != LinkState::Reserve) continue;
        set(site, t, LinkState::Works);
        begun_[static_cast<std::int64_t>(site)][t][1].fill_(static_cast<double>(info.updates));
        hold_reserve(site, info.updates);
        ++grown;
        break;
      }
    }
    news_ = fmt::format("step {}: {} of {} matrices grew, {} ranks in all", info.step, grown, sites(), all_working());
  }

  // No more growth: what is still in reserve goes.
  void release(std::int64_t step) {
    for (std::size_t i = 0; i < adapters_.size(); ++i)
      for (std::int64_t t = 0; t < links_; ++t)
        if (state(i, t) == LinkState::Reserve) {
          set(i, t, LinkState::Waits);
          adapters_.slot(i, link_slot("E", t)).value.zero_();
        }
    const std::vector<std::int64_t> now = ranks(adapters_);
    const auto [least, most] = std::minmax_element(now.begin(), now.end());
    news_ = fmt::format("step {}: growth is over, {} ranks on {} matrices, {} to {} each", step, all_working(), sites(), *least, *most);
  }

  AdapterSet& adapters_;
  const Times times_;
  const double memory_, penalty_;
  const std::int64_t links_, rank_, goal_;
  Tensor score_, spread_;   // [sites] smoothed importance, and how much it varies
  Tensor begun_;            // [sites, links, 2] updates made before the factors, and the strengths, began
  std::string news_;
};

}  // namespace

Result<std::unique_ptr<Controller>> make_growth(AdapterSet& adapters, std::int64_t total_steps) {
  const SettingValues& settings = adapters.settings();
  const auto steps = [&](const char* key) { return warmup_steps(settings.at(key).get<double>(), total_steps); };
  const Growth::Times times{steps("grow_start"), total_steps - steps("grow_end"), settings.at("grow_every").get<std::int64_t>(), steps("rewarm")};
  if (times.begin >= times.end)
    return invalid_argument(fmt::format("[method] grow_start = {} and grow_end = {} leave none of the {} steps to grow in: lower one of them, or train longer",
                                        settings.at("grow_start").get<double>(), settings.at("grow_end").get<double>(), total_steps));
  return std::unique_ptr<Controller>(std::make_unique<Growth>(adapters, times));
}

}  // namespace weft
