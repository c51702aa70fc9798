// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/weight_norms.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/kernels/cpu/kernels.h"

namespace weft {
namespace {

constexpr std::int64_t kRowsAtOnce = 48;  // of W, decoded once: they stay in the second-level cache

// A pass over the rows of W, some at once, each decoded once. A thread has one of its own.
template <typename T>
class RowPass {
 public:
  explicit RowPass(const Matrix& w)
      : w_(w), in_(w.columns()), values_(w.is_coded() ? nullptr : w.values().const_data_ptr<T>()) {}

  // rows [rows, in] from `first`; at most kRowsAtOnce
  const T* rows(std::int64_t first, std::int64_t rows) {
    if (values_) return values_ + first * in_;
    decoded_.resize(static_cast<std::size_t>(kRowsAtOnce * in_));
    copy(first, rows, decoded_.data());
    return decoded_.data();
  }
  void copy(std::int64_t first, std::int64_t rows, T* to) const {
    if (values_) std::copy_n(values_ + first * in_, rows * in_, to);
    for (std::int64_t i = 0; i < rows && !values_; ++i) cpu::kernels().of<T>().decode(w_.coded(), first + i, 0, in_, to + i * in_);
  }

 private:
  const Matrix& w_;
  std::int64_t in_;
  const T* values_;
  std::vector<T> decoded_;
};

// The squared norms of the rows of W + s L R, a few rows at a time.
template <typename T>
class RowNorms {
 public:
  // left [out, k], right [k, in]; contiguous
  RowNorms(const Tensor& left, const Tensor& right, double scale)
      : rank_(left.size(1)), in_(right.size(1)), l_(left.const_data_ptr<T>()), r_(right.const_data_ptr<T>()), s_(static_cast<T>(scale)),
        gram_(static_cast<std::size_t>(rank_ * rank_)) {
    cpu::kernels().of<T>().rows.row_products(r_, in_, rank_, r_, in_, rank_, in_, gram_.data());
  }
  // rows [count, in] of W from `first`, base: their squared norms; writes as much of both. (w_i + s l_i R) . w_i goes to dot_base.
  void take(const T* rows, std::int64_t first, std::int64_t count, const T* base, T* norm_squared, T* dot_base) const {
    const auto& kernels = cpu::kernels().of<T>().rows;
    std::vector<T> products(static_cast<std::size_t>(count * rank_)), own(products.size());
    const T* left = l_ + first * rank_;
    kernels.row_products(rows, in_, count, r_, in_, rank_, in_, products.data());
    kernels.row_products(left, rank_, count, gram_.data(), rank_, rank_, rank_, own.data());
    for (std::int64_t i = 0; i < count; ++i) {
      const T with_base = s_ * kernels.dot(left + i * rank_, products.data() + i * rank_, rank_);
      const T update = s_ * s_ * kernels.dot(left + i * rank_, own.data() + i * rank_, rank_);
      norm_squared[i] = std::max(T(0), base[i] + 2 * with_base + update);
      dot_base[i] = base[i] + with_base;
    }
  }

 private:
  std::int64_t rank_, in_;
  const T *l_, *r_;
  T s_;
  std::vector<T> gram_;   // R R^T [k, k]
};

template <typename T>
void row_norms(const Matrix& w, const Tensor& left, const Tensor& right, double scale, const Tensor& base, RowGeometry& to) {
  const auto out = left.size(0);
  const RowNorms<T> norms(left, right, scale);
  const T* of_base = base.const_data_ptr<T>();
  T *norm_squared = to.norm_squared.mutable_data_ptr<T>(), *dot_base = to.dot_base.mutable_data_ptr<T>();
  at::parallel_for(0, (out + kRowsAtOnce - 1) / kRowsAtOnce, 1, [&](std::int64_t begin, std::int64_t end) {
    RowPass<T> pass(w);
    for (auto chunk = begin; chunk < end; ++chunk) {
      const auto first = chunk * kRowsAtOnce, count = std::min(kRowsAtOnce, out - first);
      norms.take(pass.rows(first, count), first, count, of_base + first, norm_squared + first, dot_base + first);
    }
  });
}

// The same pass over the rows of W + s L R, formed where they are decoded. Fewer operations than the sums of the factors' products take, where
// columns are summed as well, and nothing of W's size.
template <typename T>
class FormedRows {
 public:
  FormedRows(const Base& base, const LinearFactors& factors) : pass_(base.weight()), in_(base.in()) {
    if (!factors.left.defined()) return;
    const std::int64_t lanes = cpu::kernels().of<T>().rows.lanes;
    rank_ = factors.left.size(1);
    left_ = (factors.left.detach() * factors.scale).contiguous();
    row_ = (in_ + lanes - 1) / lanes * lanes;
    right_ = at::zeros({rank_, row_}, left_.options());
    right_.narrow(1, 0, in_).copy_(factors.right.detach());
    formed_.resize(static_cast<std::size_t>(kRowsAtOnce * in_));
  }
  const T* rows(std::int64_t first, std::int64_t count) {
    if (rank_ == 0) return pass_.rows(first, count);
    pass_.copy(first, count, formed_.data());
    cpu::kernels().of<T>().rows.add_block(left_.const_data_ptr<T>() + first * rank_, right_.const_data_ptr<T>(), row_, count, in_, rank_, formed_.data());
    return formed_.data();
  }

 private:
  RowPass<T> pass_;
  std::int64_t in_, rank_ = 0, row_ = 0;
  Tensor left_, right_;       // s L; R, each row padded to whole vectors
  std::vector<T> formed_;
};

// work(first, count, rows) for all rows of W + s L R, some at a time
template <typename T, typename Work>
void each_formed(const Base& base, const LinearFactors& factors, const Work& work) {
  FormedRows<T> formed(base, factors);
  for (std::int64_t first = 0; first < base.out(); first += kRowsAtOnce) {
    const auto count = std::min(kRowsAtOnce, base.out() - first);
    work(first, count, formed.rows(first, count));
  }
}

}  // namespace

Tensor row_norms_squared(const Base& base, const LinearFactors& factors, const Tensor& column_scale) {
  const at::NoGradGuard no_grad;
  const Tensor scale = column_scale.detach().contiguous(), sums = at::empty({base.out()}, scale.options());
  AT_DISPATCH_FLOATING_TYPES(scale.scalar_type(), "row_norms_squared", [&] {
    auto* to = sums.mutable_data_ptr<scalar_t>();
    each_formed<scalar_t>(base, factors, [&](std::int64_t first, std::int64_t count, const scalar_t* rows) {
      for (std::int64_t i = 0; i < count; ++i)
        to[first + i] = cpu::kernels().of<scalar_t>().rows.scaled_square_sum(rows + i * base.in(), scale.const_data_ptr<scalar_t>(), base.in());
    });
  });
  return sums;
}

Tensor column_norms_squared(const Base& base, const LinearFactors& factors, const Tensor& row_scale) {
  const at::NoGradGuard no_grad;
  const Tensor scale = row_scale.detach().contiguous(), sums = at::zeros({base.in()}, scale.options());
  AT_DISPATCH_FLOATING_TYPES(scale.scalar_type(), "column_norms_squared", [&] {
    auto* to = sums.mutable_data_ptr<scalar_t>();
    each_formed<scalar_t>(base, factors, [&](std::int64_t first, std::int64_t count, const scalar_t* rows) {
      cpu::kernels().of<scalar_t>().rows.add_squares(rows, count, base.in(), scale.const_data_ptr<scalar_t>() + first, to);
    });
  });
  return sums;
}

NormsInTurn norms_in_turn(const Base& base, const LinearFactors& factors, const Tensor& row_magnitude, double least) {
  const at::NoGradGuard no_grad;
  const Tensor magnitude = row_magnitude.detach().contiguous(), scale = at::empty_like(magnitude);
  const NormsInTurn norms{at::empty_like(magnitude), at::zeros({base.in()}, magnitude.options())};
  AT_DISPATCH_FLOATING_TYPES(magnitude.scalar_type(), "norms_in_turn", [&] {
    const auto& kernels = cpu::kernels().of<scalar_t>().rows;
    const auto* of_row = magnitude.const_data_ptr<scalar_t>();
    auto *inverse = norms.row_inverse.mutable_data_ptr<scalar_t>(), *d = scale.mutable_data_ptr<scalar_t>(), *columns = norms.column_norm_squared.mutable_data_ptr<scalar_t>();
    each_formed<scalar_t>(base, factors, [&](std::int64_t first, std::int64_t count, const scalar_t* rows) {
      for (std::int64_t i = 0; i < count; ++i) {
        const auto* row = rows + i * base.in();
        inverse[first + i] = 1 / std::max(static_cast<scalar_t>(least), std::sqrt(kernels.dot(row, row, base.in())));
        d[first + i] = of_row[first + i] * inverse[first + i];
      }
      kernels.add_squares(rows, count, base.in(), d + first, columns);
    });
  });
  return norms;
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
  RowGeometry rows{at::empty({left.size(0)}, left.options()), at::empty({left.size(0)}, left.options())};
  AT_DISPATCH_FLOATING_TYPES(left.scalar_type(), "row_norms", [&] { row_norms<scalar_t>(base.weight(), left, right, factors.scale, base_norm_squared.contiguous(), rows); });
  return rows;
}

}  // namespace weft
