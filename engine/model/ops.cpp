// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/ops.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>

#include "engine/kernels/cpu/kernels.h"

namespace weft {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr std::int64_t kRowGrain = 16;       // rows a task: below this a thread is not worth waking
constexpr std::int64_t kElementGrain = 1 << 14;

struct RmsNorm : torch::autograd::Function<RmsNorm> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, const Tensor& weight, double eps) {
    const Tensor rows = x.contiguous();
    Tensor y = at::empty_like(rows), rstd = at::empty({rows.size(0)}, rows.options());
    const auto width = rows.size(1);
    AT_DISPATCH_FLOATING_TYPES(rows.scalar_type(), "rms_norm", [&] {
      const auto* in = rows.const_data_ptr<scalar_t>();
      const auto* w = weight.const_data_ptr<scalar_t>();
      auto* out = y.mutable_data_ptr<scalar_t>();
      auto* r = rstd.mutable_data_ptr<scalar_t>();
      at::parallel_for(0, rows.size(0), kRowGrain, [&](std::int64_t begin, std::int64_t end) {
        cpu::kernels().of<scalar_t>().rows.rms_norm(in, w, static_cast<scalar_t>(eps), begin, end, width, out, r);
      });
    });
    ctx->save_for_backward({rows, weight, rstd});
    return y;
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto saved = ctx->get_saved_variables();
    const Tensor &x = saved[0], &weight = saved[1], &rstd = saved[2];
    const Tensor gy = grads[0].contiguous();
    Tensor gx = at::empty_like(x);
    const auto width = x.size(1);
    AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "rms_norm_backward", [&] {
      const auto* in = x.const_data_ptr<scalar_t>();
      const auto* w = weight.const_data_ptr<scalar_t>();
      const auto* r = rstd.const_data_ptr<scalar_t>();
      const auto* g = gy.const_data_ptr<scalar_t>();
      auto* out = gx.mutable_data_ptr<scalar_t>();
      at::parallel_for(0, x.size(0), kRowGrain, [&](std::int64_t begin, std::int64_t end) {
        cpu::kernels().of<scalar_t>().rows.rms_norm_backward(in, w, r, g, begin, end, width, out);
      });
    });
    return {gx, Tensor(), Tensor()};
  }
};

Tensor turn(const Tensor& x, const Tensor& cosine, const Tensor& sine, std::int64_t heads, int direction) {
  const Tensor rows = x.contiguous();
  Tensor y = at::empty_like(rows);
  const auto head_size = rows.size(1) / heads;
  AT_DISPATCH_FLOATING_TYPES(rows.scalar_type(), "rotate", [&] {
    const auto* in = rows.const_data_ptr<scalar_t>();
    const auto* c = cosine.const_data_ptr<scalar_t>();
    const auto* s = sine.const_data_ptr<scalar_t>();
    auto* out = y.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, rows.size(0), kRowGrain, [&](std::int64_t begin, std::int64_t end) {
      cpu::kernels().of<scalar_t>().rows.rotate(in, c, s, static_cast<scalar_t>(direction), begin, end, heads, head_size, out);
    });
  });
  return y;
}

struct Rotate : torch::autograd::Function<Rotate> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, const Tensor& cosine, const Tensor& sine, std::int64_t heads) {
    ctx->save_for_backward({cosine, sine});
    ctx->saved_data["heads"] = heads;
    return turn(x, cosine, sine, heads, 1);
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto saved = ctx->get_saved_variables();
    return {turn(grads[0], saved[0], saved[1], ctx->saved_data["heads"].toInt(), -1), Tensor(), Tensor(), Tensor()};
  }
};

struct SwiGlu : torch::autograd::Function<SwiGlu> {
  static Tensor forward(AutogradContext* ctx, const Tensor& gate, const Tensor& up) {
    Tensor y = at::empty_like(gate);
    AT_DISPATCH_FLOATING_TYPES(gate.scalar_type(), "swiglu", [&] {
      const auto* g = gate.const_data_ptr<scalar_t>();
      const auto* u = up.const_data_ptr<scalar_t>();
      auto* out = y.mutable_data_ptr<scalar_t>();
      at::parallel_for(0, gate.numel(), kElementGrain,
                       [&](std::int64_t begin, std::int64_t end) { cpu::kernels().of<scalar_t>().rows.swiglu(g, u, begin, end, out); });
    });
    ctx->save_for_backward({gate, up});
    return y;
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto saved = ctx->get_saved_variables();
    const Tensor &gate = saved[0], &up = saved[1];
    const Tensor gy = grads[0].contiguous();
    Tensor g_gate = at::empty_like(gate), g_up = at::empty_like(up);
    AT_DISPATCH_FLOATING_TYPES(gate.scalar_type(), "swiglu_backward", [&] {
      const auto* g = gate.const_data_ptr<scalar_t>();
      const auto* u = up.const_data_ptr<scalar_t>();
      const auto* d = gy.const_data_ptr<scalar_t>();
      auto* og = g_gate.mutable_data_ptr<scalar_t>();
      auto* ou = g_up.mutable_data_ptr<scalar_t>();
      at::parallel_for(0, gate.numel(), kElementGrain, [&](std::int64_t begin, std::int64_t end) {
        cpu::kernels().of<scalar_t>().rows.swiglu_backward(g, u, d, begin, end, og, ou);
      });
    });
    return {g_gate, g_up};
  }
};


// The heads of every segment, longest work first come first served by the engine's threads.
template <typename T>
struct AttentionTasks {
  const std::vector<std::int64_t>& segments;
  std::int64_t heads, kv_heads, window, size;

  AttentionTasks(const Tensor& q, const std::vector<std::int64_t>& ends, std::int64_t query_heads, std::int64_t key_heads, std::int64_t limit)
      : segments(ends), heads(query_heads), kv_heads(key_heads), window(limit), size(q.size(1) / query_heads) {}

  [[nodiscard]] cpu::AttentionHead<T> head(std::size_t segment, std::int64_t h, const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& k_t,
                                           const Tensor& v_t, const Tensor& y, const Tensor& log_sum) const {
    const auto begin = segments[segment], kv = h / (heads / kv_heads) * size, tokens = q.size(0);
    cpu::AttentionHead<T> one;
    one.length = segments[segment + 1] - begin;
    one.size = size;
    one.window = window;
    one.scale = static_cast<T>(1 / std::sqrt(static_cast<double>(size)));
    one.q_row = q.size(1);
    one.kv_row = k.size(1);
    one.t_row = tokens;
    one.q = q.const_data_ptr<T>() + begin * one.q_row + h * size;
    one.k = k.const_data_ptr<T>() + begin * one.kv_row + kv;
    one.v = v.const_data_ptr<T>() + begin * one.kv_row + kv;
    one.k_t = k_t.const_data_ptr<T>() + kv * tokens + begin;
    one.v_t = v_t.defined() ? v_t.const_data_ptr<T>() + kv * tokens + begin : nullptr;
    one.y = const_cast<T*>(y.const_data_ptr<T>()) + begin * one.q_row + h * size;
    one.log_sum = const_cast<T*>(log_sum.const_data_ptr<T>()) + h * tokens + begin;
    return one;
  }

  // work(segment, head, scratch)
  void run(const std::function<void(std::size_t, std::int64_t, T*)>& work) const {
    std::int64_t longest = 0;
    for (std::size_t s = 0; s + 1 < segments.size(); ++s) longest = std::max(longest, segments[s + 1] - segments[s]);
    const auto tasks = static_cast<std::int64_t>(segments.size() - 1) * heads;
    std::atomic<std::int64_t> next{0};
    at::parallel_for(0, std::min<std::int64_t>(at::get_num_threads(), tasks), 1, [&](std::int64_t, std::int64_t) {
      std::vector<T> scratch(static_cast<std::size_t>(2 * cpu::kAttentionRows * cpu::attention_scratch_row(longest)));
      for (auto task = next++; task < tasks; task = next++) work(static_cast<std::size_t>(task / heads), task % heads, scratch.data());
    });
  }
};

struct Attention : torch::autograd::Function<Attention> {
  static Tensor forward(AutogradContext* ctx, const Tensor& q, const Tensor& k, const Tensor& v, const std::vector<std::int64_t>& segments,
                        std::int64_t heads, std::int64_t kv_heads, std::int64_t window) {
    Tensor y = at::empty_like(q), log_sum = at::empty({heads, q.size(0)}, q.options());
    const Tensor k_t = k.t().contiguous();
    AT_DISPATCH_FLOATING_TYPES(q.scalar_type(), "attention", [&] {
      const AttentionTasks<scalar_t> tasks(q, segments, heads, kv_heads, window);
      tasks.run([&](std::size_t segment, std::int64_t h, scalar_t* scratch) {
        cpu::kernels().of<scalar_t>().attention(tasks.head(segment, h, q, k, v, k_t, {}, y, log_sum), scratch);
      });
    });
    ctx->saved_data["segments"] = segments;
    ctx->saved_data["heads"] = heads;
    ctx->saved_data["kv_heads"] = kv_heads;
    ctx->saved_data["window"] = window;
    ctx->save_for_backward({q, k, v, y, log_sum});
    return y;
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto saved = ctx->get_saved_variables();
    const Tensor &q = saved[0], &k = saved[1], &v = saved[2], &y = saved[3], &log_sum = saved[4];
    const auto segments = ctx->saved_data["segments"].toIntVector();
    const auto heads = ctx->saved_data["heads"].toInt(), kv_heads = ctx->saved_data["kv_heads"].toInt(), tokens = q.size(0);
    const Tensor gy = grads[0].contiguous(), k_t = k.t().contiguous(), v_t = v.t().contiguous();
    Tensor gq = at::empty_like(q);
    // of each query head; the group that shares a key head is summed below
    const auto size = q.size(1) / heads;
    Tensor gk = at::empty({heads, tokens, size}, q.options()), gv = at::empty_like(gk);
    AT_DISPATCH_FLOATING_TYPES(q.scalar_type(), "attention_backward", [&] {
      const AttentionTasks<scalar_t> tasks(q, segments, heads, kv_heads, ctx->saved_data["window"].toInt());
      const auto* g = gy.const_data_ptr<scalar_t>();
      auto *oq = gq.mutable_data_ptr<scalar_t>(), *ok = gk.mutable_data_ptr<scalar_t>(), *ov = gv.mutable_data_ptr<scalar_t>();
      tasks.run([&](std::size_t segment, std::int64_t h, scalar_t* scratch) {
        const auto begin = segments[segment], at_query = begin * q.size(1) + h * size, at_key = (h * tokens + begin) * size;
        cpu::kernels().of<scalar_t>().attention_backward(tasks.head(segment, h, q, k, v, k_t, v_t, y, log_sum),
                                                         {g + at_query, oq + at_query, ok + at_key, ov + at_key}, scratch);
      });
    });
    const auto of_keys = [&](const Tensor& each) {  // [heads, T, D] -> [T, kv_heads*D]
      return each.view({kv_heads, heads / kv_heads, tokens, size}).sum(1).transpose(0, 1).reshape({tokens, kv_heads * size});
    };
    return {gq, of_keys(gk), of_keys(gv), Tensor(), Tensor(), Tensor(), Tensor()};
  }
};

}  // namespace

Tensor rms_norm(const Tensor& x, const Tensor& weight, double eps) {
  TORCH_CHECK(x.size(1) == weight.size(0), "[model.norm] rows of ", x.size(1), " values, weight of ", weight.size(0));
  return RmsNorm::apply(x, weight, eps);
}

Tensor rotate(const Tensor& x, const Tensor& cosine, const Tensor& sine, std::int64_t heads) {
  return Rotate::apply(x, cosine, sine, heads);
}

Tensor swiglu(const Tensor& gate, const Tensor& up) { return SwiGlu::apply(gate.contiguous(), up.contiguous()); }

Tensor segmented_attention(const Tensor& q, const Tensor& k, const Tensor& v, const std::vector<std::int64_t>& segments, std::int64_t heads,
                           std::int64_t kv_heads, std::int64_t window) {
  TORCH_CHECK(!segments.empty() && segments.back() == q.size(0), "[model.attention] segments end at ",
              segments.empty() ? 0 : segments.back(), ", rows at ", q.size(0));
  return Attention::apply(q.contiguous(), k.contiguous(), v.contiguous(), segments, heads, kv_heads, window);
}

}  // namespace weft
