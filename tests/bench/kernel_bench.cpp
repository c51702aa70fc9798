// SPDX-License-Identifier: GPL-3.0-or-later
// Every kernel of the token path at the shapes of SmolLM2-135M, on one thread, for each kind of processor that this one can be; LibTorch's
// products beside ours. `error` is the distance from the same computed in float64, relative to its norm (Frobenius).
// ninja kernel_bench && bin/kernel_bench --benchmark_filter=gemm
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>

#include <cmath>
#include <string>
#include <vector>

#include "engine/api/engine_loader.h"
#include "engine/kernels/cpu/kernels.h"
#include "engine/tensor/matmul.h"
#include "engine/tensor/tensor.h"

namespace weft {
namespace {

constexpr std::int64_t kTokens = 1024, kWidth = 576, kFeedForward = 1536, kHeads = 9, kHeadSize = 64;

Tensor random(std::vector<std::int64_t> sizes, std::uint64_t seed) { return at::randn(sizes, make_generator(seed), at::TensorOptions(at::kFloat)); }
Tensor wide(const Tensor& t) { return t.to(at::kDouble); }

void report(benchmark::State& state, double flops, double bytes, const Tensor& got, const Tensor& expected) {
  const auto runs = static_cast<double>(state.iterations());
  state.counters["error"] = ((wide(got) - expected).norm() / expected.norm()).item<double>();
  if (flops > 0) state.counters["FLOP/s"] = benchmark::Counter(flops * runs, benchmark::Counter::kIsRate);
  if (bytes > 0) state.counters["B/s"] = benchmark::Counter(bytes * runs, benchmark::Counter::kIsRate);
}

struct Shape {
  const char* what;
  std::int64_t m, n, k;
  enum { Weight, WeightT, Factor } b;   // W: dX = dY W; W': Y = X W'; a thin matrix
};
constexpr Shape kShapes[] = {
    {"q", kTokens, kWidth, kWidth, Shape::WeightT},           {"k", kTokens, 192, kWidth, Shape::WeightT},
    {"gate", kTokens, kFeedForward, kWidth, Shape::WeightT},  {"down", kTokens, kWidth, kFeedForward, Shape::WeightT},
    {"q_dx", kTokens, kWidth, kWidth, Shape::Weight},         {"gate_dx", kTokens, kWidth, kFeedForward, Shape::Weight},
    {"down_dx", kTokens, kFeedForward, kWidth, Shape::Weight}, {"head_tile", 64, 49152, kWidth, Shape::WeightT},
    {"xa_r8", kTokens, 8, kWidth, Shape::WeightT},            {"xa_r16", kTokens, 16, kWidth, Shape::WeightT},
    {"ub_r8", kTokens, kWidth, 8, Shape::WeightT},            {"ub_r16", kTokens, kFeedForward, 16, Shape::WeightT},
    {"da_r8", 8, kWidth, kTokens, Shape::Factor},             {"db_r16", 16, kFeedForward, kTokens, Shape::Factor},
    {"one_row", 1, kWidth, kWidth, Shape::WeightT},           {"odd", 33, 77, 129, Shape::Weight},
};

struct Operands {
  Tensor a, b;
  explicit Operands(const Shape& s)
      : a(s.b == Shape::Factor ? random({s.k, s.m}, 1).t() : random({s.m, s.k}, 1)), b(s.b == Shape::WeightT ? random({s.n, s.k}, 2).t() : random({s.k, s.n}, 2)) {}
};

void gemm(benchmark::State& state, const cpu::Kernels* set, const Shape& s) {
  const Operands o(s);
  const Tensor c = at::full({s.m, s.n}, NAN);
  cpu::GemmTerm<float> term;
  term.a = o.a.const_data_ptr<float>(), term.a_row = o.a.stride(0), term.a_column = o.a.stride(1);
  term.b = o.b.const_data_ptr<float>(), term.b_row = o.b.stride(0), term.b_column = o.b.stride(1);
  term.k = s.k;
  cpu::GemmOutput<float> out;
  out.c = c.mutable_data_ptr<float>(), out.c_row = s.n;
  alignas(64) static std::byte panel[cpu::kGemmPanelBytes];
  constexpr std::int64_t kRows = 512;   // as engine/tensor/matmul.cpp splits
  for (auto _ : state)
    for (std::int64_t column = 0; column < s.n; column += set->f32.tile_columns)
      for (std::int64_t row = 0; row < s.m; row += kRows)
        set->f32.gemm(&term, 1, out, {row, std::min(s.m, row + kRows), column, std::min(s.n, column + set->f32.tile_columns)}, panel);
  report(state, 2.0 * static_cast<double>(s.m * s.n * s.k), 0, c, wide(o.a).mm(wide(o.b)));
}

// As the engine calls it: all threads of the process, and LibTorch's mm with the same.
void gemm_threads(benchmark::State& state, bool own, const Shape& s) {
  const Operands o(s);
  Tensor c;
  at::set_num_threads(static_cast<int>(state.range(0)));
  for (auto _ : state) c = own ? product(o.a, o.b) : o.a.mm(o.b);
  at::set_num_threads(1);
  report(state, 2.0 * static_cast<double>(s.m * s.n * s.k), 0, c, wide(o.a).mm(wide(o.b)));
}

void rms_norm(benchmark::State& state, const cpu::Kernels* set) {
  const Tensor x = random({kTokens, kWidth}, 1), w = random({kWidth}, 2), y = at::full_like(x, NAN), rstd = at::full({kTokens}, NAN);
  for (auto _ : state)
    set->f32.rows.rms_norm(x.const_data_ptr<float>(), w.const_data_ptr<float>(), 1e-5F, 0, kTokens, kWidth, y.mutable_data_ptr<float>(),
                           rstd.mutable_data_ptr<float>());
  report(state, 0, 8.0 * static_cast<double>(x.numel()), y, wide(x) * (wide(x).square().mean(1, true) + 1e-5).rsqrt() * wide(w));
}

void rms_norm_backward(benchmark::State& state, const cpu::Kernels* set) {
  const Tensor x = random({kTokens, kWidth}, 1), w = random({kWidth}, 2), gy = random({kTokens, kWidth}, 3), gx = at::full_like(x, NAN);
  const Tensor rstd = (wide(x).square().mean(1) + 1e-5).rsqrt().to(at::kFloat);
  for (auto _ : state)
    set->f32.rows.rms_norm_backward(x.const_data_ptr<float>(), w.const_data_ptr<float>(), rstd.const_data_ptr<float>(), gy.const_data_ptr<float>(), nullptr,
                                    0, kTokens, kWidth, gx.mutable_data_ptr<float>());
  const Tensor r = wide(rstd).unsqueeze(1), hat = wide(x) * r, g = wide(gy) * wide(w);
  report(state, 0, 12.0 * static_cast<double>(x.numel()), gx, r * (g - hat * (g * hat).mean(1, true)));
}

void rotate(benchmark::State& state, const cpu::Kernels* set) {
  const Tensor x = random({kTokens, kWidth}, 1), angle = random({kTokens, kHeadSize / 2}, 2), cosine = angle.cos(), sine = angle.sin(), y = at::full_like(x, NAN);
  for (auto _ : state)
    set->f32.rows.rotate(x.const_data_ptr<float>(), cosine.const_data_ptr<float>(), sine.const_data_ptr<float>(), 1, 0, kTokens, kHeads, kHeadSize,
                         y.mutable_data_ptr<float>());
  const Tensor halves = wide(x).view({kTokens, kHeads, 2, kHeadSize / 2}), a = halves.select(2, 0), b = halves.select(2, 1);
  const Tensor c = wide(cosine).unsqueeze(1), s = wide(sine).unsqueeze(1);
  report(state, 0, 8.0 * static_cast<double>(x.numel()), y, at::stack({a * c - b * s, b * c + a * s}, 2).view({kTokens, kWidth}));
}

void swiglu(benchmark::State& state, const cpu::Kernels* set) {
  const Tensor gate = random({kTokens, kFeedForward}, 1), up = random({kTokens, kFeedForward}, 2), y = at::full_like(gate, NAN);
  for (auto _ : state) set->f32.rows.swiglu(gate.const_data_ptr<float>(), up.const_data_ptr<float>(), 0, gate.numel(), y.mutable_data_ptr<float>());
  report(state, 0, 12.0 * static_cast<double>(gate.numel()), y, wide(gate) * wide(gate).sigmoid() * wide(up));
}

void swiglu_backward(benchmark::State& state, const cpu::Kernels* set) {
  const Tensor gate = random({kTokens, kFeedForward}, 1), up = random({kTokens, kFeedForward}, 2), gy = random({kTokens, kFeedForward}, 3);
  const Tensor g_gate = at::full_like(gate, NAN), g_up = at::full_like(gate, NAN);
  for (auto _ : state)
    set->f32.rows.swiglu_backward(gate.const_data_ptr<float>(), up.const_data_ptr<float>(), gy.const_data_ptr<float>(), 0, gate.numel(),
                                  g_gate.mutable_data_ptr<float>(), g_up.mutable_data_ptr<float>());
  const Tensor g = wide(gate), s = g.sigmoid();
  report(state, 0, 20.0 * static_cast<double>(gate.numel()), at::cat({g_gate, g_up}), at::cat({wide(gy) * wide(up) * s * (1 + g * (1 - s)), wide(gy) * g * s}));
}

// One head over one segment.
struct AttentionCase {
  Tensor q, k, v, gy, k_t, v_t, y, log_sum, gq, gk, gv, scratch;
  Tensor expected, expected_gradients;
  cpu::AttentionHead<float> head;
  cpu::AttentionGradient<float> gradient;

  explicit AttentionCase(std::int64_t length) {
    const auto blank = [&](std::int64_t columns) { return at::full({length, columns}, NAN); };
    q = random({length, kHeadSize}, 1), k = random({length, kHeadSize}, 2), v = random({length, kHeadSize}, 3), gy = random({length, kHeadSize}, 4);
    k_t = k.t().contiguous(), v_t = v.t().contiguous();
    y = blank(kHeadSize), log_sum = blank(1), gq = blank(kHeadSize), gk = blank(kHeadSize), gv = blank(kHeadSize);
    scratch = at::full({2 * cpu::kAttentionRows * cpu::attention_scratch_row(length)}, NAN);
    std::vector<Tensor> in;
    for (const auto& t : {q, k, v}) in.push_back(wide(t).set_requires_grad(true));
    const Tensor hidden = at::ones({length, length}, at::kBool).triu(1);
    expected = at::softmax((in[0].mm(in[1].t()) / std::sqrt(static_cast<double>(kHeadSize))).masked_fill(hidden, -INFINITY), 1).mm(in[2]);
    (expected * wide(gy)).sum().backward();
    expected = expected.detach();
    expected_gradients = at::cat({in[0].grad(), in[1].grad(), in[2].grad()});
    head.length = length, head.size = kHeadSize, head.scale = 1 / std::sqrt(static_cast<float>(kHeadSize));
    head.q = q.const_data_ptr<float>(), head.k = k.const_data_ptr<float>(), head.v = v.const_data_ptr<float>();
    head.k_t = k_t.const_data_ptr<float>(), head.v_t = v_t.const_data_ptr<float>();
    head.q_row = head.kv_row = kHeadSize, head.t_row = length;
    head.y = y.mutable_data_ptr<float>(), head.log_sum = log_sum.mutable_data_ptr<float>();
    gradient.gy = gy.const_data_ptr<float>();
    gradient.gq = gq.mutable_data_ptr<float>(), gradient.gk = gk.mutable_data_ptr<float>(), gradient.gv = gv.mutable_data_ptr<float>();
  }
};

void attention(benchmark::State& state, const cpu::Kernels* set) {
  const auto length = state.range(0);
  AttentionCase c(length);
  for (auto _ : state) set->f32.attention(c.head, c.scratch.mutable_data_ptr<float>());
  report(state, 2.0 * static_cast<double>(length * length * kHeadSize), 0, c.y, c.expected);
}

void attention_backward(benchmark::State& state, const cpu::Kernels* set) {
  const auto length = state.range(0);
  AttentionCase c(length);
  set->f32.attention(c.head, c.scratch.mutable_data_ptr<float>());
  for (auto _ : state) set->f32.attention_backward(c.head, c.gradient, c.scratch.mutable_data_ptr<float>());
  report(state, 5.0 * static_cast<double>(length * length * kHeadSize), 0, at::cat({c.gq, c.gk, c.gv}), c.expected_gradients);
}

struct Named {
  const char* what;
  void (*run)(benchmark::State&, const cpu::Kernels*);
};
constexpr Named kRowKernels[] = {
    {"rms_norm", rms_norm}, {"rms_norm_backward", rms_norm_backward}, {"rotate", rotate}, {"swiglu", swiglu}, {"swiglu_backward", swiglu_backward}};
constexpr Named kAttention[] = {{"attention", attention}, {"attention_backward", attention_backward}};

void add_all(int threads) {
  for (const auto* set : cpu::all_kernels()) {
    const std::string name = set->name;
    for (const Shape& s : kShapes)
      benchmark::RegisterBenchmark(("gemm/" + name + "/" + s.what).c_str(), gemm, set, s)->Unit(benchmark::kMicrosecond);
    for (const auto& [what, run] : kRowKernels)
      benchmark::RegisterBenchmark((what + ("/" + name)).c_str(), run, set)->Unit(benchmark::kMicrosecond);
    for (const auto& [what, run] : kAttention)
      benchmark::RegisterBenchmark((what + ("/" + name)).c_str(), run, set)->Arg(64)->Arg(256)->Arg(512)->Unit(benchmark::kMicrosecond);
  }
  for (const Shape& s : kShapes)
    for (const bool own : {true, false})
      benchmark::RegisterBenchmark((std::string(own ? "product/own/" : "product/torch/") + s.what).c_str(), gemm_threads, own, s)
          ->Arg(1)->Arg(threads)->Unit(benchmark::kMicrosecond)->UseRealTime();
}

}  // namespace
}  // namespace weft

int main(int argc, char** argv) {
  weft::ensure_quiet_openmp(argv);
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  weft::add_all(threads);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
