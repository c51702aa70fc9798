// SPDX-License-Identifier: GPL-3.0-or-later
// dW = s sum_k P_k (x) Q_k, which every cut through a tensor train gives: P_k [out_1, in_1] in the columns of L [out_1 in_1, k], Q_k [out_2, in_2] in
// the rows of R [k, out_2 in_2]. L R would hold the values of dW in another order (Van Loan and Pitsianis 1993): making dW takes as long as k tokens.
#pragma once

#include "engine/adapter/linear_factors.h"

namespace weft {

class KroneckerSum final : public DenseForm {
 public:
  // Of the factors' terms the first `trained` get gradients; those of what is taken off the base come after them.
  KroneckerSum(std::int64_t out_1, std::int64_t in_1, std::int64_t out_2, std::int64_t in_2, std::int64_t trained)
      : out_1_(out_1), in_1_(in_1), out_2_(out_2), in_2_(in_2), trained_(trained) {}
  void add_to(const Tensor& w, const LinearFactors& factors) const override;
  void add_gradients(const Tensor& g, const LinearFactors& factors) const override;

 private:
  const std::int64_t out_1_, in_1_, out_2_, in_2_, trained_;
};

}  // namespace weft
