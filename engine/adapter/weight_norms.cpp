// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/weight_norms.h"

#include <ATen/Parallel.h>

#include <vector>

#include "engine/kernels/cpu/kernels.h"
#include "engine/tensor/matmul.h"

namespace weft {
namespace {

constexpr std::int64_t kRowsAtOnce = 48;  // of W, decoded once: they stay in the second-level cache

// For every row: l_i . (R w_i) and l_i (R R^T) l_i^T.
template <typename T>
void row_sums(const Matrix& w, const Tensor& left, const Tensor& right, Tensor& with_base, Tensor& own) {
  const auto out = left.size(0), rank = left.size(1), in = right.size(1);
  const T *l = left.const_data_ptr<T>(), *r = right.const_data_ptr<T>(), *values = w.is_coded() ? nullptr : w.values().const_data_ptr<T>();
  T *to_base = with_base.mutable_data_ptr<T>(), *to_own = own.mutable_data_ptr<T>();
  const auto& kernels = cpu::kernels().of<T>();
  std::vector<T> gram(static_cast<std::size_t>(rank * rank));
  kernels.rows.row_products(r, in, rank, r, in, rank, in, gram.data());
  at::parallel_for(0, (out + kRowsAtOnce - 1) / kRowsAtOnce, 1, [&](std::int64_t begin, std::int64_t end) {
    std::vector<T> decoded(static_cast<std::size_t>(values ? 0 : kRowsAtOnce * in)), products(static_cast<std::size_t>(kRowsAtOnce * rank));
    for (auto chunk = begin; chunk < end; ++chunk) {
      const auto first = chunk * kRowsAtOnce, rows = std::min(kRowsAtOnce, out - first);
      for (std::int64_t i = 0; i < rows && !values; ++i) kernels.decode(w.coded(), first + i, 0, in, decoded.data() + i * in);
      const T* own_left = l + first * rank;
      const auto dots_with_left = [&](T* to) {
        for (std::int64_t i = 0; i < rows; ++i) to[i] = kernels.rows.dot(own_left + i * rank, products.data() + i * rank, rank);
      };
      kernels.rows.row_products(values ? values + first * in : decoded.data(), in, rows, r, in, rank, in, products.data());
      dots_with_left(to_base + first);
      kernels.rows.row_products(own_left, rank, rows, gram.data(), rank, rank, rank, products.data());
      dots_with_left(to_own + first);
    }
  });
}

// scale_j^2 w_ij^2 summed over the columns, [out].
template <typename T>
void scaled_squares(const Matrix& w, const Tensor& scale, Tensor& sums) {
  const auto out = w.rows(), in = w.columns();
  const T *factor = scale.const_data_ptr<T>(), *values = w.is_coded() ? nullptr : w.values().const_data_ptr<T>();
  const auto& kernels = cpu::kernels().of<T>();
  std::vector<T> row(static_cast<std::size_t>(in));
  for (std::int64_t i = 0; i < out; ++i) {
    if (!values) kernels.decode(w.coded(), i, 0, in, row.data());
    sums.mutable_data_ptr<T>()[i] = kernels.rows.scaled_square_sum(values ? values + i * in : row.data(), factor, in);
  }
}

// Of the columns: weights_i w_ij^2 summed, onto squares [in], and factors' W, onto products [k, in]; weights [out], factors [out, k].
template <typename T>
void column_sums(const Matrix& w, const Tensor& weights, const Tensor& factors, Tensor& squares, Tensor& products) {
  const auto out = w.rows(), in = w.columns(), k = factors.size(1);
  const T* values = w.is_coded() ? nullptr : w.values().const_data_ptr<T>();
  const auto& kernels = cpu::kernels().of<T>();
  std::vector<T> decoded(static_cast<std::size_t>(values ? 0 : kRowsAtOnce * in));
  for (std::int64_t first = 0; first < out; first += kRowsAtOnce) {
    const auto rows = std::min(kRowsAtOnce, out - first);
    for (std::int64_t i = 0; i < rows && !values; ++i) kernels.decode(w.coded(), first + i, 0, in, decoded.data() + i * in);
    kernels.rows.column_sums(values ? values + first * in : decoded.data(), rows, in, weights.const_data_ptr<T>() + first,
                             factors.const_data_ptr<T>() + first * k, k, squares.mutable_data_ptr<T>(), products.mutable_data_ptr<T>());
  }
}

}  // namespace

Tensor row_norms_squared(const Base& base, const LinearFactors& factors, const Tensor& column_scale) {
  const at::NoGradGuard no_grad;
  const Tensor scale = column_scale.detach().contiguous();
  Tensor own = at::empty({base.out()}, scale.options());
  AT_DISPATCH_FLOATING_TYPES(scale.scalar_type(), "scaled_squares", [&] { scaled_squares<scalar_t>(base.weight(), scale, own); });
  if (!factors.left.defined()) return own;
  const Tensor left = factors.left.detach(), scaled = factors.right.detach() * scale;  // R diag(d_c)
  const Tensor with_base = product((scaled * scale).contiguous(), base.weight().t());  // R diag(d_c^2) W^T [k, out]
  const double s = factors.scale;
  return (own + (left * with_base.t()).sum(1) * (2 * s) + (left.matmul(scaled.matmul(scaled.t())) * left).sum(1) * (s * s)).clamp_min_(0);
}

Tensor column_norms_squared(const Base& base, const LinearFactors& factors, const Tensor& row_scale) {
  const at::NoGradGuard no_grad;
  const Tensor scale = row_scale.detach().contiguous(), weights = scale.square();
  const bool alone = !factors.left.defined();
  const Tensor right = alone ? Tensor() : factors.right.detach(), scaled = alone ? at::empty({base.out(), 0}, scale.options()) : factors.left.detach() * scale.unsqueeze(1);  // diag(d_r) L
  Tensor own = at::zeros({base.in()}, scale.options()), with_base = at::zeros({scaled.size(1), base.in()}, scale.options());
  const Tensor twice = (scaled * scale.unsqueeze(1)).contiguous();   // diag(d_r^2) L
  AT_DISPATCH_FLOATING_TYPES(scale.scalar_type(), "column_sums", [&] { column_sums<scalar_t>(base.weight(), weights, twice, own, with_base); });
  if (alone) return own;
  const double s = factors.scale;
  return (own + (right * with_base).sum(0) * (2 * s) + (scaled.t().matmul(scaled).matmul(right) * right).sum(0) * (s * s)).clamp_min_(0);
}

RowGeometry row_geometry(const Base& base, const Tensor& base_norm_squared, const LinearFactors& factors) {
  const at::NoGradGuard no_grad;
  if (!factors.left.defined()) return {base_norm_squared, base_norm_squared};
  if (factors.form) {
    Tensor update = whole_update(factors, base.out(), base.in());
    const Tensor weight = base.dense().to(update.scalar_type());
    const Tensor with_base = (update * weight).sum(1);
    return {(base_norm_squared + with_base * 2 + update.square_().sum(1)).clamp_min_(0), base_norm_squared + with_base};
  }
  const Tensor left = factors.left.detach().contiguous(), right = factors.right.detach().contiguous();
  const double s = factors.scale;
  Tensor with_base = at::empty({left.size(0)}, left.options()), own = at::empty_like(with_base);
  AT_DISPATCH_FLOATING_TYPES(left.scalar_type(), "row_sums", [&] { row_sums<scalar_t>(base.weight(), left, right, with_base, own); });
  return {(base_norm_squared + with_base * (2 * s) + own * (s * s)).clamp_min_(0), base_norm_squared + with_base * s};
}

}  // namespace weft
