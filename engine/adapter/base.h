// SPDX-License-Identifier: GPL-3.0-or-later
// A frozen weight as adapters and the fused linear see it, whatever its storage. Extension point "base".
// Engine thread only.
#pragma once

#include "engine/tensor/tensor.h"

namespace weft {

class Base {
 public:
  virtual ~Base() = default;
  [[nodiscard]] virtual std::int64_t out() const = 0;
  [[nodiscard]] virtual std::int64_t in() const = 0;
  // W [out, in]; may be a view of the stored weight: do not write to it.
  [[nodiscard]] virtual Tensor dense() const = 0;
  // Squared 2-norm of each row of W: [out].
  [[nodiscard]] virtual Tensor row_norms_squared() const { return dense().square().sum(1); }
};

class DenseBase final : public Base {
 public:
  explicit DenseBase(Tensor weight) : weight_(std::move(weight)) {}  // [out, in]
  [[nodiscard]] std::int64_t out() const override { return weight_.size(0); }
  [[nodiscard]] std::int64_t in() const override { return weight_.size(1); }
  [[nodiscard]] Tensor dense() const override { return weight_; }

 private:
  const Tensor weight_;
};

}  // namespace weft
