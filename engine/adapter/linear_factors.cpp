// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/linear_factors.h"

namespace weft {

void add_update(const Tensor& w, const LinearFactors& factors) {
  const at::NoGradGuard no_grad;
  if (factors.form)
    factors.form->add_to(w, factors);
  else if (factors.left.defined())
    Tensor(w).addmm_(factors.left, factors.right, 1, factors.scale);
}

Tensor whole_update(const LinearFactors& factors, std::int64_t out, std::int64_t in) {
  Tensor w = at::zeros({out, in}, factors.left.options());
  add_update(w, factors);
  return w;
}

}  // namespace weft
