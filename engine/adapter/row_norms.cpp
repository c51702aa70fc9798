// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/row_norms.h"

#include <ATen/Parallel.h>

#include <vector>

#include "engine/kernels/cpu/kernels.h"

namespace weft {
namespace {

constexpr std::int64_t kRowsAtOnce = 24;  // of L R beside the rows of W: stays in the second-level cache

// For every row: (l_i R) . w_i and |l_i R|^2. A few rows of L R exist at a time, and a row of W is decoded once.
template <typename T>
void row_sums(const Matrix& w, const Tensor& left, const Tensor& right, Tensor& with_base, Tensor& own) {
  const auto out = left.size(0), rank = left.size(1), in = right.size(1);
  const T *l = left.const_data_ptr<T>(), *r = right.const_data_ptr<T>(), *values = w.is_coded() ? nullptr : w.values().const_data_ptr<T>();
  T *to_base = with_base.mutable_data_ptr<T>(), *to_own = own.mutable_data_ptr<T>();
  const auto& kernels = cpu::kernels().of<T>();
  at::parallel_for(0, (out + kRowsAtOnce - 1) / kRowsAtOnce, 1, [&](std::int64_t begin, std::int64_t end) {
    std::vector<T> update(static_cast<std::size_t>(kRowsAtOnce * in)), row(static_cast<std::size_t>(in)), panel(cpu::kGemmPanelBytes / sizeof(T) + 64 / sizeof(T));
    void* aligned = reinterpret_cast<void*>((reinterpret_cast<std::uintptr_t>(panel.data()) + 63) / 64 * 64);
    for (auto chunk = begin; chunk < end; ++chunk) {
      const auto first = chunk * kRowsAtOnce, rows = std::min(kRowsAtOnce, out - first);
      cpu::GemmTerm<T> term;
      term.a = l + first * rank;
      term.a_row = rank;
      term.b = r;
      term.b_row = in;
      term.k = rank;
      kernels.gemm(&term, 1, {update.data(), in}, {.row = 0, .row_end = rows, .column = 0, .column_end = in}, aligned);
      for (std::int64_t i = 0; i < rows; ++i) {
        const T* weight = values ? values + (first + i) * in : row.data();
        if (!values) kernels.decode(w.coded(), first + i, 0, in, row.data());
        kernels.rows.dots(update.data() + i * in, weight, in, to_base + first + i, to_own + first + i);
      }
    }
  });
}

}  // namespace

RowGeometry row_geometry(const Base& base, const Tensor& base_norm_squared, const LinearFactors& factors) {
  const at::NoGradGuard no_grad;
  if (!factors.left.defined()) return {base_norm_squared, base_norm_squared};
  const Tensor left = factors.left.detach().contiguous(), right = factors.right.detach().contiguous();
  const double s = factors.scale;
  Tensor with_base = at::empty({left.size(0)}, left.options()), own = at::empty_like(with_base);
  AT_DISPATCH_FLOATING_TYPES(left.scalar_type(), "row_sums", [&] { row_sums<scalar_t>(base.weight(), left, right, with_base, own); });
  return {(base_norm_squared + with_base * (2 * s) + own * (s * s)).clamp_min_(0), base_norm_squared + with_base * s};
}

}  // namespace weft
