// SPDX-License-Identifier: GPL-3.0-or-later
// A frozen weight as adapters and the linear layers see it, whatever its storage. Engine thread only.
#pragma once

#include <functional>

#include "engine/core/status.h"
#include "engine/tensor/matmul.h"

namespace weft {

class Base {
 public:
  // Of a weight that is rounded more coarsely than the model's file has it.
  struct Rounding {
    std::function<Tensor()> original;                        // W [out, in] of the file, decoded anew at every call
    std::function<Result<Matrix>(const Tensor& w)> rounded;  // another [out, in], rounded as W is; any thread
  };
  // weight [out, in]; precision: of the products on the token path
  explicit Base(Matrix weight, Precision precision = Precision::Full, Rounding rounding = {})
      : weight_(std::move(weight)), precision_(precision), rounding_(std::move(rounding)) {}
  [[nodiscard]] std::int64_t out() const { return weight_.rows(); }
  [[nodiscard]] std::int64_t in() const { return weight_.columns(); }
  [[nodiscard]] Precision precision() const { return precision_; }
  // W as an operand of products: no copy, whatever its storage.
  [[nodiscard]] const Matrix& weight() const { return weight_; }
  // W [out, in]; a view of the stored weight where it lies in floats (do not write to it), else decoded anew at every call.
  [[nodiscard]] Tensor dense() const { return weight_.dense(); }
  // Whether W is not what the model's file says, and what that says.
  [[nodiscard]] bool is_rounded() const { return static_cast<bool>(rounding_.original); }
  [[nodiscard]] Tensor original() const { return is_rounded() ? rounding_.original() : dense(); }
  // What another matrix becomes in W's storage; and the weight from now on, where a start has one of its own (LQ-LoRA). Only where is_rounded().
  [[nodiscard]] Result<Matrix> rounded(const Tensor& w) const { return rounding_.rounded(w); }
  void hold(Matrix weight) { weight_ = std::move(weight); }
  // Squared 2-norm of each row of W: [out].
  [[nodiscard]] Tensor row_norms_squared() const { return weight_.row_norms_squared(); }

 private:
  Matrix weight_;
  Precision precision_;
  Rounding rounding_;
};

}  // namespace weft
