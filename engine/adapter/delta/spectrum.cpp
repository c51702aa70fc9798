// SPDX-License-Identifier: GPL-3.0-or-later
// FourierFT's update (Gao et al. 2024, eq. 2 to 4; PEFT's FourierFT): dW = s Re(F^-1(S)), a spectrum S [out, in] that is zero but for n real
// coefficients, which are trained, at places drawn once. F^-1 is the two-dimensional inverse Fourier transform, divided by out in.
#include <vector>

#include <fmt/format.h>

#include "engine/adapter/parts.h"

namespace weft {
namespace {

// Re(F^-1(S)) has the Hermitian part of S as its spectrum, of which the half [out, in / 2 + 1] says all.
class Spectrum final : public DenseForm {
 public:
  // places [n] int64: row * in + column of each coefficient.
  Spectrum(std::int64_t out, std::int64_t in, const Tensor& places) : out_(out), in_(in) {
    const std::int64_t n = places.numel(), width = in / 2 + 1;
    const auto* from = places.const_data_ptr<std::int64_t>();
    std::vector<std::int64_t> first, to, of;
    for (std::int64_t i = 0; i < n; ++i) {
      const std::int64_t u = from[i] / in, v = from[i] % in, mirrored = (out - u) % out;
      first.push_back(v < width ? u * width + v : mirrored * width + in - v);
      to.push_back(first.back());
      of.push_back(i);
      if (v == 0 || 2 * v == in) {  // columns that mirror into themselves
        to.push_back(mirrored * width + v);
        of.push_back(i);
      }
    }
    const auto tensor = [](const std::vector<std::int64_t>& values) { return at::tensor(values, at::TensorOptions(at::kLong)); };
    first_ = tensor(first);
    to_ = tensor(to);
    of_ = tensor(of);
  }
  void add_to(const Tensor& w, const LinearFactors& factors) const override {
    const Tensor half = at::zeros({out_, in_ / 2 + 1}, at::TensorOptions(at::toComplexType(w.scalar_type())));
    at::real(half).view({-1}).index_add_(0, to_, factors.left.index_select(0, of_), factors.scale / 2);
    Tensor(w).add_(at::fft_irfft2(half, at::IntArrayRef({out_, in_})));
  }
  void add_gradients(const Tensor& g, const LinearFactors& factors) const override {
    if (!factors.left_grad.defined()) return;
    const Tensor half = at::fft_rfft2(g);
    factors.left_grad.add_(at::real(half).reshape({-1}).index_select(0, first_), factors.scale / static_cast<double>(out_ * in_));
  }

 private:
  const std::int64_t out_, in_;
  Tensor first_;      // [n] in the half spectrum, of each coefficient itself or of its mirror image
  Tensor to_, of_;    // [m] where half of coefficient `of` is added
};

class TrainedSpectrum final : public Delta {
 public:
  std::vector<Slot> slots(const SiteContext& site) const override {
    return {{"c", SlotRole::Vector, {count(site)}, "vector", "fourierft_spectrum"}};
  }
  LinearFactors factors(const SiteContext& site, const SlotValues& values) const override {
    LinearFactors factors;
    factors.left = values.at("c");
    factors.scale = site.settings->at("scaling").get<double>();  // a file of PEFT has no alpha for it
    return factors;
  }
  std::shared_ptr<const DenseForm> form(const SiteContext& site) const override {
    auto generator = make_generator(site.settings->at("random_loc_seed").get<std::uint64_t>());  // PEFT draws the places so, at every matrix anew
    return std::make_shared<Spectrum>(site.out, site.in, at::randperm(site.out * site.in, generator, at::TensorOptions(at::kLong)).narrow(0, 0, count(site)));
  }
  Status check(const SiteContext& site) const override {
    if (count(site) <= site.out * site.in) return {};
    return invalid_argument(fmt::format("[method] n_frequency = {} is more than the {} values of {} ({} x {}): choose fewer, or other targets", count(site),
                                        site.out * site.in, site.path, site.out, site.in));
  }
  void fill(const SiteContext& site, const SlotValues& values, at::Generator& generator) const override {
    Tensor c = values.at("c");
    if (site.settings->at("zero_start").get<bool>())
      c.zero_();
    else
      c.normal_(0.0, 1.0, generator);
  }

 private:
  static std::int64_t count(const SiteContext& site) { return site.settings->at("n_frequency").get<std::int64_t>(); }
};

}  // namespace

std::unique_ptr<Delta> make_spectrum_delta() { return std::make_unique<TrainedSpectrum>(); }

}  // namespace weft
