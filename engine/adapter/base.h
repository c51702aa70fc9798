// SPDX-License-Identifier: GPL-3.0-or-later
// A frozen weight as adapters and the linear layers see it, whatever its storage. Engine thread only.
#pragma once

#include "engine/tensor/matrix.h"

namespace weft {

class Base {
 public:
  explicit Base(Matrix weight) : weight_(std::move(weight)) {}  // [out, in]
  [[nodiscard]] std::int64_t out() const { return weight_.rows(); }
  [[nodiscard]] std::int64_t in() const { return weight_.columns(); }
  // W as an operand of products: no copy, whatever its storage.
  [[nodiscard]] const Matrix& weight() const { return weight_; }
  // W [out, in]; a view of the stored weight where it lies in floats (do not write to it), else decoded anew at every call.
  [[nodiscard]] Tensor dense() const { return weight_.dense(); }
  // Squared 2-norm of each row of W: [out].
  [[nodiscard]] Tensor row_norms_squared() const { return weight_.row_norms_squared(); }

 private:
  Matrix weight_;
};

}  // namespace weft
