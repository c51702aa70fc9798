// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/orthogonality.h"

namespace weft {

void add_orthogonality(const Tensor& x, Tensor gradient, double weight) {
  Tensor gap = x.matmul(x.t());
  gap.diagonal().sub_(1);
  const double norm = gap.norm().item<double>();
  if (norm > 0) gradient.addmm_(gap, x, 1, 2 * weight / norm);
}

}  // namespace weft
