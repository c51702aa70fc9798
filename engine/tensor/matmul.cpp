// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tensor/matmul.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <thread>
#include <type_traits>
#include <vector>

#include "engine/kernels/cpu/kernels.h"
#include "engine/tensor/buffer_pool.h"
#include "engine/tensor/product_choice.h"

namespace weft {
namespace {

static_assert(cpu::kBf16Rows >= 512);
constexpr std::int64_t kRowsInCache = 512;   // of A: kRowsInCache x the panel's depth stays in the second-level cache
constexpr std::int64_t kPanelsOfTask = 16;    // that reuse those rows
constexpr std::int64_t kLeastRows = 64;      // a panel is packed for at least so many rows, where there are as many
constexpr std::int64_t kPackRows = 64;       // of A, packed by one thread at a time
constexpr std::int64_t kMostPacked = 4 << 20;  // bytes of A packed for all blocks; what is larger, each block packs for itself
constexpr double kLeastWork = 1 << 18;       // multiplications: below this a second thread is not worth waking
constexpr double kLeastLibraryWork = 1 << 24;  // below this the library is not asked: what it could gain is less than what it costs to ask
constexpr int kTrialRounds = 3;                // the least time of each counts

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

// One sum, split into tasks: groups of panels by chunks of rows.
template <typename T>
struct Work {
  std::array<cpu::GemmTerm<T>, kMostProducts> terms;
  int count = 0;
  cpu::GemmOutput<T> target;
  std::int64_t m = 0, n = 0, depth = 0;
  std::int64_t group = 1, rows = 0, row_chunks = 0, tasks = 0;

  Work(const Tensor& out, const Tensor& init, std::span<const Product> products) : m(out.size(0)), n(out.size(1)) {
    TORCH_CHECK(out.dim() == 2 && out.stride(1) == 1, "[engine.matmul] out ", out.sizes());
    TORCH_CHECK(products.size() <= kMostProducts, "[engine.matmul] ", products.size(), " products");
    for (const auto& p : products) {
      if (p.a.size(1) == 0) continue;
      auto& t = terms.at(static_cast<std::size_t>(count++));
      t = term_of<T>(p, m, n);
      depth += t.k;
    }
    if (out.numel() == 0) return;
    TORCH_CHECK(depth > 0, "[engine.matmul] nothing to sum over for ", out.sizes());
    target = {out.mutable_data_ptr<T>(), out.stride(0)};
    if (init.defined()) {
      TORCH_CHECK(init.size(-1) == n && init.stride(-1) == 1 && (init.dim() == 1 || init.size(0) == m), "[engine.matmul] init ", init.sizes());
      target.init = init.const_data_ptr<T>();
      target.init_row = init.dim() == 1 ? 0 : init.stride(0);
    }
  }
  [[nodiscard]] double multiplications() const { return static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(depth); }

  void split(std::int64_t panel, std::int64_t tile_rows, std::int64_t threads) {
    if (m == 0 || n == 0) return;
    const std::int64_t panels = chunks_of(n, panel);
    // columns are split first: each panel is then packed once; rows too where the panels alone would not keep the threads busy
    group = threads == 1 ? std::min(panels, kPanelsOfTask) : std::clamp<std::int64_t>(panels / (2 * threads), 1, kPanelsOfTask);
    const std::int64_t groups = chunks_of(panels, group);
    rows = std::min(m, kRowsInCache);
    if (threads > 1 && groups < 2 * threads) {
      const std::int64_t wanted = chunks_of(2 * threads, groups);
      rows = std::min(rows, std::max(kLeastRows, chunks_of(chunks_of(m, wanted), tile_rows) * tile_rows));
    }
    row_chunks = chunks_of(m, rows);
    tasks = groups * row_chunks;
  }
  [[nodiscard]] cpu::GemmBlock block(std::int64_t task, std::int64_t panel) const {
    const std::int64_t column = task / row_chunks * group * panel, row = task % row_chunks * rows;
    return {.row = row, .row_end = std::min(m, row + rows), .column = column, .column_end = std::min(n, column + group * panel)};
  }
};

// What a thread packs panels into.
void* packing_buffer() {
  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };
  constexpr std::size_t kBytes = std::max(cpu::kGemmPanelBytes, cpu::kBf16ScratchBytes);
  static_assert(kBytes % 64 == 0);
  static thread_local const std::unique_ptr<void, Free> buffer(std::aligned_alloc(64, kBytes));
  TORCH_CHECK(buffer, "[engine.matmul] no memory for ", kBytes, " bytes");
  return buffer.get();
}

// The left operands that several blocks read, packed once for all of them by the threads that come first.
class SharedRows {
 public:
  SharedRows(std::span<Work<float>> works, const cpu::Bf16Product& product) : product_(&product) {
    if (!product.pack) return;
    std::int64_t total = 0;
    for (const auto& work : works)
      for (int i = 0; i < work.count; ++i) total += bytes_of(work, i);
    if (total == 0) return;
    memory_ = pooled_scratch(1, total / 4 + 16, at::kFloat);
    auto* to = reinterpret_cast<std::byte*>((reinterpret_cast<std::uintptr_t>(memory_.mutable_data_ptr<float>()) + 63) / 64 * 64);
    for (auto& work : works)
      for (int i = 0; i < work.count; ++i) {
        const std::int64_t bytes = bytes_of(work, i);
        if (bytes == 0) continue;
        auto& term = work.terms.at(static_cast<std::size_t>(i));
        term.packed_rows = work.m;
        term.packed_a = to;
        for (std::int64_t row = 0; row < work.m; row += kPackRows) chunks_.push_back({&term, to, row, std::min(work.m, row + kPackRows)});
        to += bytes;
      }
  }
  // Called by every thread; returns when all rows are packed.
  void pack() {
    const auto total = static_cast<std::int64_t>(chunks_.size());
    for (auto i = next_++; i < total; i = next_++) {
      const Chunk& c = chunks_[static_cast<std::size_t>(i)];
      product_->pack(*c.term, c.row, c.row_end, c.to);
      done_.fetch_add(1, std::memory_order_release);
    }
    for (int spins = 0; done_.load(std::memory_order_acquire) < total; ++spins)
      if (spins > kSpins) std::this_thread::yield();
  }

 private:
  struct Chunk {
    const cpu::GemmTerm<float>* term;
    std::byte* to;
    std::int64_t row, row_end;
  };
  static constexpr int kSpins = 1000;

  [[nodiscard]] std::int64_t bytes_of(const Work<float>& work, int term) const {
    if (work.tasks <= work.row_chunks) return 0;  // no two blocks share rows
    const auto bytes = product_->packed_bytes(work.m, work.terms.at(static_cast<std::size_t>(term)).k);
    return bytes <= kMostPacked ? bytes : 0;
  }

  const cpu::Bf16Product* product_ = nullptr;
  Tensor memory_;
  std::vector<Chunk> chunks_;
  std::atomic<std::int64_t> next_{0}, done_{0};
};

template <typename T>
void run(std::span<Work<T>> works, Precision precision) {
  const auto& kernels = cpu::kernels().of<T>();
  auto gemm = kernels.gemm;
  std::int64_t panel = kernels.tile_columns;
  const cpu::Bf16Product* in_bf16 = nullptr;
  if constexpr (std::is_same_v<T, float>) {
    if (const auto& bf16 = cpu::kernels().bf16; precision != Precision::Full) {
      in_bf16 = precision == Precision::Bf16 ? &bf16.rounded : &bf16.split;
      gemm = in_bf16->run;
      panel = bf16.columns;
    }
  }
  double multiplications = 0;
  for (const auto& work : works) multiplications += work.multiplications();
  const std::int64_t threads = multiplications < kLeastWork ? 1 : at::get_num_threads();
  std::int64_t tasks = 0;
  for (auto& work : works) {
    work.split(panel, kernels.tile_rows, threads);
    tasks += work.tasks;
  }
  std::optional<SharedRows> shared;
  if constexpr (std::is_same_v<T, float>) {
    if (in_bf16) shared.emplace(works, *in_bf16);
  }
  std::atomic<std::int64_t> next{0};
  const auto run_tasks = [&](std::int64_t, std::int64_t) {
    void* const buffer = packing_buffer();
    if (shared) shared->pack();
    for (std::int64_t task = next++; task < tasks; task = next++) {
      std::int64_t own = task;
      auto work = works.begin();
      for (; own >= work->tasks; ++work) own -= work->tasks;
      gemm(work->terms.data(), work->count, work->target, work->block(own, panel), buffer);
    }
  };
  if (threads == 1 || tasks <= 1)
    run_tasks(0, 1);
  else
    at::parallel_for(0, threads, 1, run_tasks);
}

template <typename T>
void run(std::span<const SumOfProducts> sums, Precision precision) {
  std::vector<Work<T>> works;
  works.reserve(sums.size());
  for (const auto& sum : sums) works.emplace_back(sum.out, sum.init, std::span(sum.products.data(), sum.count));
  run<T>(std::span(works), precision);
}

void run_own(const Tensor& out, const Tensor& init, std::span<const Product> products, Precision precision) {
  if (out.scalar_type() == at::kDouble) {
    std::array works{Work<double>(out, init, products)};
    run<double>(std::span<Work<double>>(works), precision);
  } else {
    std::array works{Work<float>(out, init, products)};
    run<float>(std::span<Work<float>>(works), precision);
  }
}

bool library_can(const Product& p) {
  return !p.b.is_coded() && !p.row_scale.defined() && !p.column_scale.defined() && p.a.stride(1) == 1 &&
         static_cast<double>(p.a.size(0)) * static_cast<double>(p.a.size(1)) * static_cast<double>(p.b.columns()) >= kLeastLibraryWork;
}

void run_in_library(const Tensor& out, const Tensor& init, const Product& p) {
  const at::NoGradGuard no_grad;
  Tensor to = out;
  if (init.defined())
    at::addmm_out(to, init, p.a, p.b.values(), 1, p.scale);
  else
    at::mm_out(to, p.a, p.b.values());
}

ProductChoice::Seconds trial_of(const Product& p) {
  const Tensor scratch = pooled_scratch(p.a.size(0), p.b.columns(), at::kFloat);
  const auto seconds = [](const auto& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  ProductChoice::Seconds least{1e9, 1e9};
  for (int round = 0; round < kTrialRounds; ++round) {
    least.own = std::min(least.own, seconds([&] { run_own(scratch, {}, std::span(&p, 1), Precision::Full); }));
    least.library = std::min(least.library, seconds([&] { run_in_library(scratch, {}, p); }));
  }
  return least;
}

// The one of these products that the library makes, or their number: the others are added to it.
std::size_t library_share(const Tensor& init, std::span<const Product> products) {
  ProductChoice* const choice = product_choice();
  for (std::size_t i = 0; choice && i < products.size(); ++i) {
    const Product& p = products[i];
    if (!library_can(p) || (!init.defined() && p.scale != 1)) continue;
    const Tensor& b = p.b.values();
    const ProductShape shape{.rows = static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(p.a.size(0)))), .in = b.size(0), .out = b.size(1),
                             .transposed = b.stride(0) == 1};
    if (choice->library(shape, [&] { return trial_of(p); })) return i;
  }
  return products.size();
}

void run_with_library(const Tensor& out, const Tensor& init, std::span<const Product> products, std::size_t library) {
  TORCH_CHECK(products.size() <= kMostProducts, "[engine.matmul] ", products.size(), " products");
  run_in_library(out, init, products[library]);
  std::array<Product, kMostProducts> others;
  std::size_t count = 0;
  for (std::size_t i = 0; i < products.size(); ++i)
    if (i != library && products[i].a.size(1) > 0) others.at(count++) = products[i];
  if (count > 0) run_own(out, out, std::span<const Product>(others.data(), count), Precision::Full);
}

// Not where several threads each make products of their own, as a start that decomposes the weights has it: the choice is of one thread, and a trial would
// time what the others do.
bool may_use_library(const Tensor& out, Precision precision) {
  return product_choice() && !at::in_parallel_region() && precision == Precision::Full && out.scalar_type() == at::kFloat;
}

}  // namespace

void sum_of_products(const Tensor& out, const Tensor& init, std::span<const Product> products, Precision precision) {
  if (may_use_library(out, precision))
    if (const std::size_t share = library_share(init, products); share < products.size()) return run_with_library(out, init, products, share);
  run_own(out, init, products, precision);
}

SumOfProducts::SumOfProducts(Tensor out_, Tensor init_, std::initializer_list<Product> products_) : out(std::move(out_)), init(std::move(init_)) {
  for (const auto& p : products_) products.at(count++) = p;
}

void sums_of_products(std::span<const SumOfProducts> sums, Precision precision) {
  if (sums.empty()) return;
  if (sums[0].out.scalar_type() == at::kDouble) return run<double>(sums, precision);
  const auto share_of = [](const SumOfProducts& sum) { return library_share(sum.init, std::span(sum.products.data(), sum.count)); };
  // most runs ask for nothing of the library: then no sum is copied
  if (!may_use_library(sums[0].out, precision) || std::none_of(sums.begin(), sums.end(), [&](const auto& sum) { return share_of(sum) < sum.count; }))
    return run<float>(sums, precision);
  std::vector<SumOfProducts> own;
  for (const auto& sum : sums) {
    if (const std::size_t share = share_of(sum); share < sum.count)
      run_with_library(sum.out, sum.init, std::span(sum.products.data(), sum.count), share);
    else
      own.push_back(sum);
  }
  if (!own.empty()) run<float>(std::span<const SumOfProducts>(own), precision);
}

Tensor product(const Tensor& a, const Matrix& b, double scale) {
  Tensor out = at::empty({a.size(0), b.columns()}, a.options());
  sum_of_products(out, {}, {{.a = a, .b = b, .scale = scale, .row_scale = {}, .column_scale = {}}});
  return out;
}

}  // namespace weft
