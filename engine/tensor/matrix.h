// SPDX-License-Identifier: GPL-3.0-or-later
// The right operand of a product: a tensor, or a frozen weight as it lies in its file. A value; shares what it refers to.
#pragma once

#include "engine/kernels/cpu/coded.h"
#include "engine/tensor/tensor.h"

namespace weft {

class Matrix {
 public:
  Matrix() = default;
  Matrix(Tensor values) : values_(std::move(values)) {}  // NOLINT(google-explicit-constructor): [rows, columns], one stride 1
  // The bytes must outlive the matrix, or lie in `owner`. type: what the values count as (float32 or float64).
  Matrix(const cpu::CodedMatrix& coded, std::int64_t rows, std::int64_t columns, at::ScalarType type = at::kFloat, Tensor owner = {})
      : values_(std::move(owner)), coded_(coded), rows_(rows), columns_(columns), type_(type) {}

  [[nodiscard]] bool is_coded() const { return coded_.data != nullptr; }
  [[nodiscard]] std::int64_t rows() const { return is_coded() ? (transposed_ ? columns_ : rows_) : values_.size(0); }
  [[nodiscard]] std::int64_t columns() const { return is_coded() ? (transposed_ ? rows_ : columns_) : values_.size(1); }
  [[nodiscard]] Matrix t() const;
  [[nodiscard]] at::ScalarType type() const { return is_coded() ? type_ : values_.scalar_type(); }

  [[nodiscard]] const Tensor& values() const { return values_; }             // not coded
  [[nodiscard]] const cpu::CodedMatrix& coded() const { return coded_; }     // coded
  [[nodiscard]] bool transposed() const { return transposed_; }              // coded

  // All values: the tensor itself, or decoded into a new one. Not of a transposed coded matrix.
  [[nodiscard]] Tensor dense() const;
  // The same, written to out [rows, columns], rows contiguous, of type().
  void copy_to(const Tensor& out) const;
  // Rows by index (int32 or int64) [n] -> [n, columns], new. Not of a transposed coded matrix.
  [[nodiscard]] Tensor select_rows(const Tensor& index) const;
  // Squared 2-norm of each row, [rows], summed in float64. Decodes a row at a time.
  [[nodiscard]] Tensor row_norms_squared() const;

 private:
  Tensor values_;                           // coded: what owns the bytes, if anything
  cpu::CodedMatrix coded_;
  std::int64_t rows_ = 0, columns_ = 0;
  at::ScalarType type_ = at::kFloat;
  bool transposed_ = false;
};

}  // namespace weft
