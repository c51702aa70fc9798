// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/kronecker_sum.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <vector>

#include "engine/kernels/cpu/kernels.h"

namespace weft {
namespace {

constexpr std::int64_t kValuesOfTask = 1 << 15;
constexpr std::int64_t kParts = 8;   // of the sum over i_1: as many whatever the threads, so that they do not decide the bits

std::int64_t up_to(std::int64_t value, std::int64_t unit) { return (value + unit - 1) / unit * unit; }

// [terms of R, out_2, in_2 and zeros up to whole vectors]: a block's rows of R lie `row` apart, the blocks `padded`.
struct PaddedRight {
  PaddedRight(const Tensor& right, std::int64_t terms, std::int64_t out, std::int64_t in, std::int64_t lanes)
      : padded(up_to(in, lanes)), row(out * padded), values(at::zeros({terms, out, padded}, right.options())) {
    values.narrow(0, 0, right.size(0)).narrow(2, 0, in).copy_(right.view({right.size(0), out, in}));
  }
  std::int64_t padded, row;
  Tensor values;
};

}  // namespace

// The row (i_1, i_2) of w is [in_1, in_2] += L_{i_1} R_{i_2}: straight onto it, while it is in the cache.
void KroneckerSum::add_to(const Tensor& w, const LinearFactors& factors) const {
  const Tensor left = factors.left.contiguous();
  const std::int64_t in = in_1_ * in_2_, terms = left.size(1);
  AT_DISPATCH_FLOATING_TYPES(w.scalar_type(), "kronecker_sum", [&] {
    const auto& kernels = cpu::kernels().of<scalar_t>().rows;
    const PaddedRight right((factors.right * factors.scale).contiguous(), terms, out_2_, in_2_, kernels.lanes);
    const auto *l = left.const_data_ptr<scalar_t>(), *r = right.values.const_data_ptr<scalar_t>();
    auto* to = w.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, out_1_ * out_2_, std::max<std::int64_t>(1, kValuesOfTask / in), [&](std::int64_t first, std::int64_t last) {
      for (auto row = first; row < last; ++row)
        kernels.add_block(l + row / out_2_ * in_1_ * terms, r + row % out_2_ * right.padded, right.row, in_1_, in_2_, terms, to + row * in);
    });
  });
}

// Both gradients in one pass over g. The sums over i_2 and j_2 for L are kept a vector wide and added up at the end of each i_1; those over i_1 for R
// in parts, added up in order.
void KroneckerSum::add_gradients(const Tensor& g, const LinearFactors& factors) const {
  const std::int64_t in = in_1_ * in_2_, terms = up_to(trained_, cpu::kBlockTerms), parts = std::min(kParts, out_1_);
  Tensor left = at::zeros({out_1_ * in_1_, terms}, g.options());
  left.narrow(1, 0, trained_).copy_(factors.left.narrow(1, 0, trained_) * factors.scale);
  Tensor left_gradient = at::empty({out_1_ * in_1_, terms}, g.options());
  AT_DISPATCH_FLOATING_TYPES(g.scalar_type(), "kronecker_gradients", [&] {
    const auto& kernels = cpu::kernels().of<scalar_t>().rows;
    const PaddedRight right((factors.right.narrow(0, 0, trained_) * factors.scale).contiguous(), terms, out_2_, in_2_, kernels.lanes);
    const Tensor right_gradients = at::zeros({parts, terms, out_2_, right.padded}, g.options());
    const auto *from = g.const_data_ptr<scalar_t>(), *l = left.const_data_ptr<scalar_t>(), *r = right.values.const_data_ptr<scalar_t>();
    auto *to_left = left_gradient.mutable_data_ptr<scalar_t>(), *to_right = right_gradients.mutable_data_ptr<scalar_t>();
    const std::int64_t rows = out_1_ * out_2_, lanes = kernels.lanes;
    at::parallel_for(0, parts, 1, [&](std::int64_t first, std::int64_t last) {
      std::vector<scalar_t> sums(static_cast<std::size_t>(in_1_ * terms * lanes)), end(static_cast<std::size_t>(in + 2 * lanes));
      for (auto part = first; part < last; ++part)
        for (std::int64_t i = part * out_1_ / parts; i < (part + 1) * out_1_ / parts; ++i) {
          std::fill(sums.begin(), sums.end(), scalar_t(0));
          for (std::int64_t j = 0; j < out_2_; ++j) {
            const std::int64_t row = i * out_2_ + j;
            const scalar_t* block = from + row * in;
            if ((rows - row) * in < in + 2 * lanes) {  // beyond it there is nothing to read
              std::copy(block, block + in, end.begin());
              block = end.data();
            }
            kernels.add_block_gradients(block, l + i * in_1_ * terms, r + j * right.padded, right.row, in_1_, in_2_, terms, sums.data(),
                                        to_right + part * terms * right.row + j * right.padded);
          }
          for (std::int64_t s = 0; s < in_1_ * terms; ++s) {
            scalar_t sum = 0;
            for (std::int64_t lane = 0; lane < lanes; ++lane) sum += sums[static_cast<std::size_t>(s * lanes + lane)];
            to_left[i * in_1_ * terms + s] = sum;
          }
        }
    });
    if (factors.left_grad.defined()) factors.left_grad.narrow(1, 0, trained_).add_(left_gradient.narrow(1, 0, trained_));
    if (factors.right_grad.defined())
      factors.right_grad.narrow(0, 0, trained_).add_(right_gradients.sum(0).narrow(0, 0, trained_).narrow(2, 0, in_2_).reshape({trained_, out_2_ * in_2_}));
  });
}

}  // namespace weft
