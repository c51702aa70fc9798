// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/ops.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <cmath>

#include "engine/kernels/cpu/kernels.h"
#include "engine/tensor/buffer_pool.h"
#include "engine/tensor/phase_clock.h"

namespace weft {
namespace {

constexpr std::int64_t kRowGrain = 16;       // rows a task: below this a thread is not worth waking
constexpr std::int64_t kElementGrain = 1 << 14;

template <typename T>
const cpu::RowKernels<T>& row_kernels() {
  return cpu::kernels().of<T>().rows;
}

// The heads of every segment, each taken by the next thread of the engine that is free.
template <typename T>
struct AttentionTasks {
  const AttentionShape& shape;
  const Tensor &q, &k, &v, &y, &log_sum;
  const Tensor k_t, v_t;                     // v_t for the backward pass only
  const std::int64_t tokens = q.size(0), size = q.size(1) / shape.heads;

  [[nodiscard]] cpu::AttentionHead<T> head(std::size_t segment, std::int64_t h) const {
    const auto begin = shape.segments[segment], kv = h / (shape.heads / shape.kv_heads) * size;
    cpu::AttentionHead<T> one;
    one.length = shape.segments[segment + 1] - begin;
    one.size = size;
    one.window = shape.window;
    one.scale = static_cast<T>(1 / std::sqrt(static_cast<double>(size)));
    one.q_row = q.size(1);
    one.kv_row = k.size(1);
    one.t_row = tokens;
    one.q = q.const_data_ptr<T>() + begin * one.q_row + h * size;
    one.k = k.const_data_ptr<T>() + begin * one.kv_row + kv;
    one.v = v.const_data_ptr<T>() + begin * one.kv_row + kv;
    one.k_t = k_t.const_data_ptr<T>() + kv * tokens + begin;
    one.v_t = v_t.defined() ? v_t.const_data_ptr<T>() + kv * tokens + begin : nullptr;
    one.y = y.mutable_data_ptr<T>() + begin * one.q_row + h * size;
    one.log_sum = log_sum.mutable_data_ptr<T>() + h * tokens + begin;
    return one;
  }

  // work(segment, head, scratch)
  template <typename Work>
  void run(const Work& work) const {
    std::int64_t longest = 0;
    for (std::size_t s = 0; s + 1 < shape.segments.size(); ++s) longest = std::max(longest, shape.segments[s + 1] - shape.segments[s]);
    const auto tasks = static_cast<std::int64_t>(shape.segments.size() - 1) * shape.heads;
    const auto threads = std::min<std::int64_t>(at::get_num_threads(), tasks), scratch_size = 2 * cpu::kAttentionRows * cpu::attention_scratch_row(longest);
    const Tensor scratch = pooled_scratch(threads, scratch_size, q.scalar_type());
    std::atomic<std::int64_t> next{0}, worker{0};
    at::parallel_for(0, threads, 1, [&](std::int64_t, std::int64_t) {
      T* own = scratch.mutable_data_ptr<T>() + worker++ * scratch_size;
      for (auto task = next++; task < tasks; task = next++) work(static_cast<std::size_t>(task / shape.heads), task % shape.heads, own);
    });
  }
};

// [T, C] -> [C, T]
Tensor transposed(const Tensor& x) {
  Tensor y = pooled(x.size(0), x.size(1), x.scalar_type()).view({x.size(1), x.size(0)});
  y.copy_(x.t());
  return y;
}

void check_attention(const AttentionShape& shape, const Tensor& q, const Tensor& k) {
  TORCH_CHECK(!shape.segments.empty() && shape.segments.back() == q.size(0), "[model.attention] segments end at ",
              shape.segments.empty() ? 0 : shape.segments.back(), ", rows at ", q.size(0));
  TORCH_CHECK(q.size(1) * shape.kv_heads == k.size(1) * shape.heads, "[model.attention] ", q.sizes(), " and ", k.sizes(), " for ", shape.heads, " and ",
              shape.kv_heads, " heads");
}

}  // namespace

void norm_forward(const Tensor& x, const Tensor& weight, double eps, const Tensor& y, const Tensor& rstd) {
  const PhaseScope phase(Phase::Elementwise);
  const auto width = x.size(1);
  TORCH_CHECK(width == weight.size(0), "[model.norm] rows of ", width, " values, weight of ", weight.size(0));
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "norm_forward", [&] {
    const auto *in = x.const_data_ptr<scalar_t>(), *w = weight.const_data_ptr<scalar_t>();
    auto *out = y.mutable_data_ptr<scalar_t>(), *r = rstd.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, x.size(0), kRowGrain, [&](std::int64_t begin, std::int64_t end) {
      row_kernels<scalar_t>().rms_norm(in, w, static_cast<scalar_t>(eps), begin, end, width, out, r);
    });
  });
}

void norm_backward(const Tensor& x, const Tensor& weight, const Tensor& rstd, const Tensor& gy, const Tensor& init, const Tensor& gx) {
  const PhaseScope phase(Phase::Elementwise);
  const auto width = x.size(1);
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "norm_backward", [&] {
    const auto *in = x.const_data_ptr<scalar_t>(), *w = weight.const_data_ptr<scalar_t>(), *r = rstd.const_data_ptr<scalar_t>(), *g = gy.const_data_ptr<scalar_t>();
    const auto* start = init.defined() ? init.const_data_ptr<scalar_t>() : nullptr;
    auto* out = gx.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, x.size(0), kRowGrain, [&](std::int64_t begin, std::int64_t end) {
      row_kernels<scalar_t>().rms_norm_backward(in, w, r, g, start, begin, end, width, out);
    });
  });
}

void rotate(const Tensor& x, const Tensor& cosine, const Tensor& sine, std::int64_t heads, int direction, const Tensor& y) {
  const PhaseScope phase(Phase::Elementwise);
  const auto head_size = x.size(1) / heads;
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "rotate", [&] {
    const auto *in = x.const_data_ptr<scalar_t>(), *c = cosine.const_data_ptr<scalar_t>(), *s = sine.const_data_ptr<scalar_t>();
    auto* out = y.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, x.size(0), kRowGrain, [&](std::int64_t begin, std::int64_t end) {
      row_kernels<scalar_t>().rotate(in, c, s, static_cast<scalar_t>(direction), begin, end, heads, head_size, out);
    });
  });
}

void swiglu(const Tensor& gate, const Tensor& up, const Tensor& y) {
  const PhaseScope phase(Phase::Elementwise);
  AT_DISPATCH_FLOATING_TYPES(gate.scalar_type(), "swiglu", [&] {
    const auto *g = gate.const_data_ptr<scalar_t>(), *u = up.const_data_ptr<scalar_t>();
    auto* out = y.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, gate.numel(), kElementGrain, [&](std::int64_t begin, std::int64_t end) { row_kernels<scalar_t>().swiglu(g, u, begin, end, out); });
  });
}

void swiglu_backward(const Tensor& gate, const Tensor& up, const Tensor& gy, const Tensor& g_gate, const Tensor& g_up) {
  const PhaseScope phase(Phase::Elementwise);
  AT_DISPATCH_FLOATING_TYPES(gate.scalar_type(), "swiglu_backward", [&] {
    const auto *g = gate.const_data_ptr<scalar_t>(), *u = up.const_data_ptr<scalar_t>(), *d = gy.const_data_ptr<scalar_t>();
    auto *og = g_gate.mutable_data_ptr<scalar_t>(), *ou = g_up.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, gate.numel(), kElementGrain,
                     [&](std::int64_t begin, std::int64_t end) { row_kernels<scalar_t>().swiglu_backward(g, u, d, begin, end, og, ou); });
  });
}

void attention_forward(const AttentionShape& shape, const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& y, const Tensor& log_sum) {
  const PhaseScope phase(Phase::Attention);
  check_attention(shape, q, k);
  AT_DISPATCH_FLOATING_TYPES(q.scalar_type(), "attention", [&] {
    const AttentionTasks<scalar_t> tasks{shape, q, k, v, y, log_sum, transposed(k), {}};
    tasks.run([&](std::size_t segment, std::int64_t h, scalar_t* scratch) { cpu::kernels().of<scalar_t>().attention(tasks.head(segment, h), scratch); });
  });
}

void attention_backward(const AttentionShape& shape, const AttentionTensors& at, const Tensor& gy, const Tensor& gq, const Tensor& gk, const Tensor& gv) {
  const PhaseScope phase(Phase::Attention);
  check_attention(shape, at.q, at.k);
  const auto tokens = at.q.size(0), size = at.q.size(1) / shape.heads;
  // of each query head; the heads that share a key head are added up below
  const Tensor each_k = pooled(tokens, at.q.size(1), at.q.scalar_type()), each_v = pooled(tokens, at.q.size(1), at.q.scalar_type());
  AT_DISPATCH_FLOATING_TYPES(at.q.scalar_type(), "attention_backward", [&] {
    const AttentionTasks<scalar_t> tasks{shape, at.q, at.k, at.v, at.y, at.log_sum, transposed(at.k), transposed(at.v)};
    const auto* g = gy.const_data_ptr<scalar_t>();
    auto *oq = gq.mutable_data_ptr<scalar_t>(), *ok = each_k.mutable_data_ptr<scalar_t>(), *ov = each_v.mutable_data_ptr<scalar_t>();
    tasks.run([&](std::size_t segment, std::int64_t h, scalar_t* scratch) {
      const auto begin = shape.segments[segment], at_query = begin * at.q.size(1) + h * size, at_key = (h * tokens + begin) * size;
      cpu::kernels().of<scalar_t>().attention_backward(tasks.head(segment, h), {g + at_query, oq + at_query, ok + at_key, ov + at_key}, scratch);
    });
    for (const auto& [each, sum] : {std::pair(&each_k, &gk), std::pair(&each_v, &gv)}) {
      const auto* from = each->template const_data_ptr<scalar_t>();
      auto* to = sum->template mutable_data_ptr<scalar_t>();
      at::parallel_for(0, tokens, kRowGrain, [&](std::int64_t begin, std::int64_t end) {
        row_kernels<scalar_t>().sum_heads(from, tokens, shape.heads, shape.kv_heads, size, begin, end, to);
      });
    }
  });
}

}  // namespace weft
