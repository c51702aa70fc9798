// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tensor/matmul.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <atomic>

#include "engine/kernels/cpu/kernels.h"

namespace weft {
namespace {

constexpr std::int64_t kRowsInCache = 512;   // of A: kRowsInCache x the panel's depth stays in the second-level cache
constexpr std::int64_t kPanelsOfTask = 4;    // that reuse those rows
constexpr std::int64_t kLeastRows = 64;      // a panel is packed for at least so many rows, where there are as many
constexpr double kLeastWork = 1 << 18;       // multiplications: below this a second thread is not worth waking

std::int64_t chunks_of(std::int64_t whole, std::int64_t part) { return (whole + part - 1) / part; }

template <typename T>
const T* scale_of(const Tensor& scale, std::int64_t length) {
  if (!scale.defined()) return nullptr;
  TORCH_CHECK(scale.numel() == length && scale.is_contiguous(), "[engine.matmul] a scale of ", scale.sizes(), " for ", length, " values");
  return scale.const_data_ptr<T>();
}

template <typename T>
cpu::GemmTerm<T> term_of(const Product& p, std::int64_t m, std::int64_t n) {
  const auto k = p.a.size(1);
  TORCH_CHECK(p.a.size(0) == m && p.b.columns() == n && k == p.b.rows(), "[engine.matmul] ", p.a.sizes(), " x [", p.b.rows(), ", ", p.b.columns(),
              "] does not give [", m, ", ", n, "]");
  cpu::GemmTerm<T> term;
  term.a = p.a.const_data_ptr<T>();
  term.a_row = p.a.stride(0);
  term.a_column = p.a.stride(1);
  term.k = k;
  term.scale = static_cast<T>(p.scale);
  term.row_scale = scale_of<T>(p.row_scale, k);
  term.column_scale = scale_of<T>(p.column_scale, n);
  if (p.b.is_coded()) {
    TORCH_CHECK(p.b.type() == p.a.scalar_type(), "[engine.matmul] a stored weight counts as ", p.b.type(), ", not as ", p.a.scalar_type());
    term.coded = &p.b.coded();
    term.b_row = p.b.transposed() ? 1 : 0;
    term.b_column = p.b.transposed() ? 0 : 1;
  } else {
    const Tensor& b = p.b.values();
    TORCH_CHECK(b.stride(0) == 1 || b.stride(1) == 1, "[engine.matmul] strides ", b.strides());
    term.b = b.const_data_ptr<T>();
    term.b_row = b.stride(0);
    term.b_column = b.stride(1);
  }
  return term;
}

template <typename T>
void run(const Tensor& out, const Tensor& init, std::span<const Product> products) {
  const auto m = out.size(0), n = out.size(1);
  std::array<cpu::GemmTerm<T>, kMostProducts> terms;
  int count = 0;
  std::int64_t depth = 0;
  for (const auto& p : products) {
    if (p.a.size(1) == 0) continue;
    auto& t = terms.at(static_cast<std::size_t>(count++));
    t = term_of<T>(p, m, n);
    depth += t.k;
  }
  TORCH_CHECK(depth > 0, "[engine.matmul] nothing to sum over for ", out.sizes());
  cpu::GemmOutput<T> target{out.mutable_data_ptr<T>(), out.stride(0)};
  if (init.defined()) {
    TORCH_CHECK(init.size(-1) == n && init.stride(-1) == 1 && (init.dim() == 1 || init.size(0) == m), "[engine.matmul] init ", init.sizes());
    target.init = init.const_data_ptr<T>();
    target.init_row = init.dim() == 1 ? 0 : init.stride(0);
  }
  const auto& kernels = cpu::kernels().of<T>();
  const std::int64_t panel = kernels.tile_columns;
  const std::int64_t panels = chunks_of(n, panel);
  const std::int64_t threads = static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(depth) < kLeastWork ? 1 : at::get_num_threads();
  // columns are split first: each panel is then packed once; rows too where the panels alone would not keep the threads busy
  std::int64_t group = std::clamp<std::int64_t>(panels / (2 * threads), 1, kPanelsOfTask);
  if (threads == 1) group = std::min(panels, kPanelsOfTask);
  const std::int64_t groups = chunks_of(panels, group);
  std::int64_t rows = std::min(m, kRowsInCache);
  if (threads > 1 && groups < 2 * threads) {
    const std::int64_t wanted = chunks_of(2 * threads, groups);
    rows = std::min(rows, std::max(kLeastRows, chunks_of(chunks_of(m, wanted), kernels.tile_rows) * kernels.tile_rows));
  }
  const std::int64_t row_chunks = chunks_of(m, rows), tasks = groups * row_chunks;
  std::atomic<std::int64_t> next{0};
  const auto work = [&](std::int64_t, std::int64_t) {
    alignas(64) static thread_local std::byte buffer[cpu::kGemmPanelBytes];
    for (std::int64_t task = next++; task < tasks; task = next++) {
      const std::int64_t column = task / row_chunks * group * panel, row = task % row_chunks * rows;
      kernels.gemm(terms.data(), count, target,
                   {.row = row, .row_end = std::min(m, row + rows), .column = column, .column_end = std::min(n, column + group * panel)}, buffer);
    }
  };
  if (threads == 1 || tasks == 1)
    work(0, 1);
  else
    at::parallel_for(0, threads, 1, work);
}

}  // namespace

void sum_of_products(const Tensor& out, const Tensor& init, std::span<const Product> products) {
  TORCH_CHECK(out.dim() == 2 && out.stride(1) == 1, "[engine.matmul] out ", out.sizes());
  if (out.numel() == 0) return;
  if (out.scalar_type() == at::kDouble)
    run<double>(out, init, products);
  else
    run<float>(out, init, products);
}

Tensor product(const Tensor& a, const Matrix& b, double scale) {
  Tensor out = at::empty({a.size(0), b.columns()}, a.options());
  sum_of_products(out, {}, {{.a = a, .b = b, .scale = scale, .row_scale = {}, .column_scale = {}}});
  return out;
}

}  // namespace weft
