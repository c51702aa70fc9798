// SPDX-License-Identifier: GPL-3.0-or-later
// A frozen weight as adapters and the linear layers see it, whatever its storage. Engine thread only.
#pragma once

#include <functional>

#include "engine/tensor/matmul.h"

namespace weft {

class Base {
 public:
  // W [out, in] of the model's file, decoded anew at every call.
  using Original = std::function<Tensor()>;
  // weight [out, in]; precision: of the products on the token path; original: where `weight` is rounded more coarsely than the file's
  explicit Base(Matrix weight, Precision precision = Precision::Full, Original original = {})
      : weight_(std::move(weight)), precision_(precision), original_(std::move(original)) {}
  [[nodiscard]] std::int64_t out() const { return weight_.rows(); }
  [[nodiscard]] std::int64_t in() const { return weight_.columns(); }
  [[nodiscard]] Precision precision() const { return precision_; }
  // W as an operand of products: no copy, whatever its storage.
  [[nodiscard]] const Matrix& weight() const { return weight_; }
  // W [out, in]; a view of the stored weight where it lies in floats (do not write to it), else decoded anew at every call.
  [[nodiscard]] Tensor dense() const { return weight_.dense(); }
  // Whether W is not what the model's file says, and what that says.
  [[nodiscard]] bool is_rounded() const { return static_cast<bool>(original_); }
  [[nodiscard]] Tensor original() const { return original_ ? original_() : dense(); }
  // Squared 2-norm of each row of W: [out].
  [[nodiscard]] Tensor row_norms_squared() const { return weight_.row_norms_squared(); }

 private:
  Matrix weight_;
  Precision precision_;
  Original original_;
};

}  // namespace weft
