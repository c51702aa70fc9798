// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tensor/matrix.h"

#include <ATen/Parallel.h>

#include <vector>

#include "engine/kernels/cpu/kernels.h"

namespace weft {
namespace {

constexpr std::int64_t kDecodeGrain = 1 << 16;  // values a thread takes at least

std::int64_t row_grain(std::int64_t columns) { return std::max<std::int64_t>(1, kDecodeGrain / std::max<std::int64_t>(1, columns)); }

}  // namespace

Matrix Matrix::t() const {
  if (!is_coded()) return Matrix(values_.t());
  Matrix turned = *this;
  turned.transposed_ = !transposed_;
  return turned;
}

Tensor Matrix::dense() const {
  if (!is_coded()) return values_;
  const Tensor out = at::empty({rows_, columns_}, at::TensorOptions(type_));
  copy_to(out);
  return out;
}

void Matrix::copy_to(const Tensor& out) const {
  TORCH_CHECK(out.size(0) == rows() && out.size(1) == columns() && out.is_contiguous() && out.scalar_type() == type() && !(is_coded() && transposed_),
              "[engine.matrix] ", rows(), " x ", columns(), " values into ", out.sizes());
  if (!is_coded()) {
    out.copy_(values_);
    return;
  }
  AT_DISPATCH_FLOATING_TYPES(type_, "copy_to", [&] {
    auto* to = out.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, rows_, row_grain(columns_), [&](std::int64_t begin, std::int64_t end) {
      for (auto i = begin; i < end; ++i) cpu::kernels().of<scalar_t>().decode(coded_, i, 0, columns_, to + i * columns_);
    });
  });
}

Tensor Matrix::select_rows(const Tensor& index) const {
  if (!is_coded()) return values_.index_select(0, index);
  TORCH_CHECK(!transposed_, "[engine.matrix] rows of a transposed coded matrix");
  const Tensor rows = index.to(at::kLong).contiguous();
  Tensor out = at::empty({rows.size(0), columns_}, at::TensorOptions(type_));
  const auto* wanted = rows.const_data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < rows.size(0); ++i) TORCH_CHECK(wanted[i] >= 0 && wanted[i] < rows_, "[engine.matrix] row ", wanted[i], " of ", rows_);
  AT_DISPATCH_FLOATING_TYPES(type_, "select_rows", [&] {
    auto* to = out.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, rows.size(0), row_grain(columns_), [&](std::int64_t begin, std::int64_t end) {
      for (auto i = begin; i < end; ++i) cpu::kernels().of<scalar_t>().decode(coded_, wanted[i], 0, columns_, to + i * columns_);
    });
  });
  return out;
}

Tensor Matrix::row_norms_squared() const {
  if (!is_coded()) return values_.square().sum(1);
  Tensor out = at::empty({rows_}, at::TensorOptions(type_));
  AT_DISPATCH_FLOATING_TYPES(type_, "row_norms", [&] {
    auto* to = out.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, rows_, row_grain(columns_), [&](std::int64_t begin, std::int64_t end) {
      std::vector<scalar_t> row(static_cast<std::size_t>(columns_));
      for (auto i = begin; i < end; ++i) {
        cpu::kernels().of<scalar_t>().decode(coded_, i, 0, columns_, row.data());
        double sum = 0;
        for (const auto value : row) sum += static_cast<double>(value) * static_cast<double>(value);
        to[i] = static_cast<scalar_t>(sum);
      }
    });
  });
  return out;
}

}  // namespace weft
