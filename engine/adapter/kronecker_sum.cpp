// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/kronecker_sum.h"

#include <ATen/Parallel.h>

#include <algorithm>

#include "engine/tensor/matmul.h"

namespace weft {

// w [out, in] += blocks [out_1 in_1, out_2 in_2] in w's order, or blocks = w in theirs.
template <bool kAdd>
void KroneckerSum::reorder(const Tensor& w, const Tensor& blocks) const {
  AT_DISPATCH_FLOATING_TYPES(w.scalar_type(), "kronecker_sum", [&] {
    auto *of_w = w.mutable_data_ptr<scalar_t>(), *of_blocks = blocks.mutable_data_ptr<scalar_t>();
    const std::int64_t in = in_1_ * in_2_, block = out_2_ * in_2_;
    at::parallel_for(0, out_1_ * out_2_, std::max<std::int64_t>(1, (1 << 15) / in), [&](std::int64_t first, std::int64_t last) {
      for (auto row = first; row < last; ++row) {
        scalar_t* to = of_w + row * in;
        scalar_t* from = of_blocks + row / out_2_ * in_1_ * block + row % out_2_ * in_2_;
        for (std::int64_t j = 0; j < in_1_; ++j, to += in_2_, from += block)
          for (std::int64_t i = 0; i < in_2_; ++i) {
            if constexpr (kAdd)
              to[i] += from[i];
            else
              from[i] = to[i];
          }
      }
    });
  });
}

void KroneckerSum::add_to(const Tensor& w, const LinearFactors& factors, Allocate allocate) const {
  const Tensor blocks = allocate(out_1_ * in_1_, out_2_ * in_2_, w.scalar_type());
  sum_of_products(blocks, {}, {{factors.left, factors.right, factors.scale, {}, {}}});
  reorder<true>(w, blocks);
}

void KroneckerSum::add_gradients(const Tensor& g, const LinearFactors& factors, Allocate allocate) const {
  const Tensor blocks = allocate(out_1_ * in_1_, out_2_ * in_2_, g.scalar_type());
  reorder<false>(g, blocks);
  const Tensor left = factors.left.narrow(1, 0, trained_), right = factors.right.narrow(0, 0, trained_);
  if (factors.left_grad.defined()) {
    const Tensor gradient = factors.left_grad.narrow(1, 0, trained_);
    sum_of_products(gradient, gradient, {{blocks, right.t(), factors.scale, {}, {}}});
  }
  if (factors.right_grad.defined()) {
    const Tensor gradient = factors.right_grad.narrow(0, 0, trained_);
    sum_of_products(gradient, gradient, {{left.t(), blocks, factors.scale, {}, {}}});
  }
}

}  // namespace weft
