// SPDX-License-Identifier: GPL-3.0-or-later
// Starts from a decomposition of the frozen weight. What they make is taken off the base, so dW = 0 as with any other start.
//   PiSSA (Meng et al. 2024, eq. 2 and 3): s B A is the best approximation of W of that rank, shared evenly between B and A.
//   OLoRA (Bueyuekakyuez 2024, section 3): B A are the first r columns and rows of W = Q R.
//   LoftQ (Li et al. 2023, algorithm 1, one alternation): s B A is the best approximation of W - Q of that rank, where the base is Q, W rounded.
//   LQ-LoRA (Guo et al. 2023, arXiv:2311.12023, section 3.1, unweighted): the base is what W - s B A rounds to, for the s B A that leaves the least of W.
#include <algorithm>
#include <limits>

#include "engine/adapter/parts.h"
#include "engine/tensor/matmul.h"
#include "engine/tensor/sketched_svd.h"

namespace weft {
namespace {

// With rank + 8 columns eight iterations leave no more behind than PEFT's sixteen with rank columns.
constexpr std::int64_t kIterations = 8;

class Decomposed : public Start {
 public:
  bool starts_at_zero() const final { return false; }
  void fill(const SiteContext& site, const std::vector<Slot>& slots, const SlotValues& values, at::Generator& generator) const final {
    const Slot *left = nullptr, *right = nullptr;
    for (const auto& slot : slots) (slot.role == SlotRole::Left ? left : right) = &slot;
    TORCH_CHECK(slots.size() == 2 && left && right, "[adapter.start] a decomposition fills one left and one right factor");
    Tensor b = values.at(left->name), a = values.at(right->name);
    const Tensor w = whole(site).to(b.scalar_type());
    TORCH_CHECK(at::isfinite(w.sum()).item<bool>(), "[adapter.start] the weight of ", site.path,
                " holds values that are not finite; choose the start kaiming or gaussian, or another model");
    const auto [some_b, some_a] = decompose(w, site, generator);
    const std::int64_t held = some_a.size(0);  // fewer than the rank where the matrix is smaller: the rest stays zero
    b.zero_();
    a.zero_();
    b.narrow(1, 0, held).copy_(some_b);
    a.narrow(0, 0, held).copy_(some_a);
  }

 private:
  // What is decomposed, [out, in].
  virtual Tensor whole(const SiteContext& site) const { return site.base->dense(); }
  // B [out, k] and A [k, in], k <= rank.
  virtual std::pair<Tensor, Tensor> decompose(const Tensor& w, const SiteContext& site, at::Generator& generator) const = 0;
};

class Pissa : public Decomposed {
 public:
  explicit Pissa(bool exact) : exact_(exact) {}

 protected:
  std::pair<Tensor, Tensor> decompose(const Tensor& w, const SiteContext& site, at::Generator& generator) const override {
    const SingularTriplets t = exact_ ? exact_svd(w, site.rank) : sketched_svd(w, site.rank, kIterations, generator);
    return shared(t, site);
  }
  // s B A = U S V', evenly between B and A
  static std::pair<Tensor, Tensor> shared(const SingularTriplets& t, const SiteContext& site) {
    const Tensor root = (t.s / site.scale).sqrt();
    return {t.u * root, (t.v * root).t()};
  }

 private:
  const bool exact_;
};

// PEFT's LoftQ leaves s out; here s B A is what is missing, whatever alpha is.
class Loftq final : public Pissa {
 public:
  Loftq() : Pissa(/*exact=*/false) {}
  bool corrects_base() const override { return true; }

 private:
  Tensor whole(const SiteContext& site) const override {
    TORCH_CHECK(site.base->is_rounded(), "[adapter.start] the start loftq gives back what nf4 took from ", site.path,
                ", but its storage took nothing; set [model] storage = \"nf4\", or choose another start");
    return site.base->original().sub_(site.base->dense());
  }
};

// L = SVD_r(W - Q), Q = round(W - L), from Q = 0 on. The authors' code ends with the first pair that is worse than the one before; here the better one
// is kept, as their remark there asks for. Ours is the end where an alternation gains less than kLeastGain: dozens more would gain some 2 % together.
class Lq final : public Pissa {
 public:
  Lq() : Pissa(/*exact=*/false) {}
  bool corrects_base() const override { return true; }
  bool rounds_the_rest() const override { return true; }

 private:
  static constexpr int kMostAlternations = 100;
  static constexpr double kLeastGain = 0.003;  // of the distance
  static constexpr std::int64_t kAtFirst = 4, kLater = 1;  // iterations of a sketch: an alternation begins with the directions of the one before

  Tensor whole(const SiteContext& site) const override {
    TORCH_CHECK(site.base->is_rounded(), "[adapter.start] the start lq rounds what it leaves of ", site.path,
                " to nf4, but the storage rounds nothing; set [model] storage = \"nf4\", or choose another start");
    return site.base->original();
  }
  std::pair<Tensor, Tensor> decompose(const Tensor& w, const SiteContext& site, at::Generator& generator) const override {
    SingularTriplets best, t;
    double least = std::numeric_limits<double>::infinity();
    Tensor rest = w;
    for (int i = 0; i < kMostAlternations; ++i) {
      t = sketched_svd(rest, site.rank, i == 0 ? kAtFirst : kLater, generator, t.v);
      const Tensor left_over = at::addmm(w, t.u * t.s, t.v.t(), 1, -1);
      const auto rounded = site.base->rounded(left_over);
      TORCH_CHECK(rounded.ok(), "[adapter.start] ", site.path, ": ", rounded.status().message());
      const Tensor q = rounded->dense().to(w.scalar_type());
      const double distance = (left_over - q).norm().item<double>();
      const bool goes_on = distance < least * (1 - kLeastGain);
      if (distance < least) {
        least = distance;
        best = t;
      }
      if (!goes_on) break;
      rest = w - q;
    }
    return shared(best, site);
  }
};

class Olora final : public Decomposed {
  // The first columns of Q and rows of R need the first columns of W alone: R_1 = Q_1' W.
  std::pair<Tensor, Tensor> decompose(const Tensor& w, const SiteContext& site, at::Generator&) const override {
    const std::int64_t k = std::min({site.rank, site.out, site.in});
    const Tensor q = std::get<0>(at::linalg_qr(w.narrow(1, 0, k), "reduced")).contiguous();
    return {q, product(q.t(), w)};
  }
};

}  // namespace

std::unique_ptr<Start> make_pissa_start() { return std::make_unique<Pissa>(/*exact=*/false); }
std::unique_ptr<Start> make_exact_pissa_start() { return std::make_unique<Pissa>(/*exact=*/true); }
std::unique_ptr<Start> make_loftq_start() { return std::make_unique<Loftq>(); }
std::unique_ptr<Start> make_lq_start() { return std::make_unique<Lq>(); }
std::unique_ptr<Start> make_olora_start() { return std::make_unique<Olora>(); }

}  // namespace weft
