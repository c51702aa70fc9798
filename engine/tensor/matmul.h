// SPDX-License-Identifier: GPL-3.0-or-later
// The matrix products of the token path: C = init + sum_i a_i b_i in one pass over C, on the engine's threads (engine/kernels/cpu/gemm.h).
// float32 and float64. The same inputs give the same bits whatever the number of threads, unless product_choice.h lets the library make some.
#pragma once

#include <array>
#include <initializer_list>
#include <span>

#include "engine/tensor/matrix.h"

namespace weft {

// How operands are multiplied: as they are, rounded to bfloat16, or each as the sum of two bfloat16 in three products, which is right to
// some 5e-6 (float32: 3e-7, bfloat16: 2e-3). Sums are float32 (float64 for float64 tensors, whatever is asked for).
enum class Precision { Full, Bf16, Bf16x3 };

struct Product {
  Tensor a;                // [m, k], any strides
  Matrix b;                // [k, n]: a tensor with one stride 1, or a stored weight, or its t()
  double scale = 1;
  Tensor row_scale;        // [k] or undefined: multiplies the rows of b
  Tensor column_scale;     // [n] or undefined: multiplies the columns of b
};

inline constexpr std::size_t kMostProducts = 8;

// out [m, n], rows contiguous. init: undefined (zero), out itself (adds to it), another [m, n], or one row [n].
// At most kMostProducts.
void sum_of_products(const Tensor& out, const Tensor& init, std::span<const Product> products, Precision precision = Precision::Full);
inline void sum_of_products(const Tensor& out, const Tensor& init, std::initializer_list<Product> products, Precision precision = Precision::Full) {
  sum_of_products(out, init, std::span<const Product>(products.begin(), products.size()), precision);
}

// Several of them at once, none of which reads what another writes: one region of the threads instead of many.
struct SumOfProducts {
  Tensor out, init;
  std::array<Product, kMostProducts> products;
  std::size_t count = 0;
  SumOfProducts(Tensor out, Tensor init, std::initializer_list<Product> products);
};
void sums_of_products(std::span<const SumOfProducts> sums, Precision precision = Precision::Full);

// a b, new
[[nodiscard]] Tensor product(const Tensor& a, const Matrix& b, double scale = 1);

}  // namespace weft
