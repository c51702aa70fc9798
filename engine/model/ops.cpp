// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/ops.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>
#include <limits>

#include "engine/kernels/cpu/rows.h"

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
        cpu::rms_norm_rows<scalar_t>(in, w, static_cast<scalar_t>(eps), begin, end, width, out, r);
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
        cpu::rms_norm_backward_rows<scalar_t>(in, w, r, g, begin, end, width, out);
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
      cpu::rope_rows<scalar_t>(in, c, s, static_cast<scalar_t>(direction), begin, end, heads, head_size, out);
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
                       [&](std::int64_t begin, std::int64_t end) { cpu::swiglu_range<scalar_t>(g, u, begin, end, out); });
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
        cpu::swiglu_backward_range<scalar_t>(g, u, d, begin, end, og, ou);
      });
    });
    return {g_gate, g_up};
  }
};


// [T, heads*D] -> [1, heads, L, D] of rows [begin, begin+L), without a copy
Tensor heads_of(const Tensor& x, std::int64_t begin, std::int64_t length, std::int64_t heads) {
  return x.narrow(0, begin, length).view({1, length, heads, x.size(1) / heads}).transpose(1, 2);
}

// Sliding windows need a mask; null where the window covers the whole segment.
std::optional<Tensor> window_mask(std::int64_t length, std::int64_t window, const at::TensorOptions& options) {
  if (window <= 0 || window >= length) return std::nullopt;
  const Tensor age = at::arange(length, at::kLong).unsqueeze(1) - at::arange(length, at::kLong).unsqueeze(0);
  return at::zeros({length, length}, options).masked_fill_(age.lt(0).logical_or(age.ge(window)), -std::numeric_limits<double>::infinity());
}

struct Attention : torch::autograd::Function<Attention> {
  static Tensor forward(AutogradContext* ctx, const Tensor& q, const Tensor& k, const Tensor& v, const std::vector<std::int64_t>& segments,
                        std::int64_t heads, std::int64_t kv_heads, std::int64_t window) {
    Tensor y = at::empty_like(q);
    variable_list saved{q, k, v, y};
    for (std::size_t s = 0; s + 1 < segments.size(); ++s) {
      const auto begin = segments[s], length = segments[s + 1] - begin;
      const Tensor qs = heads_of(q, begin, length, heads);
      const Tensor ks = heads_of(k, begin, length, kv_heads).repeat_interleave(heads / kv_heads, 1);
      const Tensor vs = heads_of(v, begin, length, kv_heads).repeat_interleave(heads / kv_heads, 1);
      const auto mask = window_mask(length, window, q.options());
      auto [out, log_sum] = at::_scaled_dot_product_flash_attention_for_cpu(qs, ks, vs, 0.0, /*is_causal=*/!mask.has_value(), mask);
      heads_of(y, begin, length, heads).copy_(out);
      saved.push_back(log_sum);
    }
    ctx->saved_data["segments"] = segments;
    ctx->saved_data["heads"] = heads;
    ctx->saved_data["kv_heads"] = kv_heads;
    ctx->saved_data["window"] = window;
    ctx->save_for_backward(saved);
    return y;
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto saved = ctx->get_saved_variables();
    const Tensor &q = saved[0], &k = saved[1], &v = saved[2], &y = saved[3];
    const auto segments = ctx->saved_data["segments"].toIntVector();
    const auto heads = ctx->saved_data["heads"].toInt(), kv_heads = ctx->saved_data["kv_heads"].toInt();
    const auto window = ctx->saved_data["window"].toInt(), group = heads / kv_heads, size = q.size(1) / heads;
    const Tensor gy = grads[0].contiguous();
    Tensor gq = at::empty_like(q), gk = at::empty_like(k), gv = at::empty_like(v);
    for (std::size_t s = 0; s + 1 < segments.size(); ++s) {
      const auto begin = segments[s], length = segments[s + 1] - begin;
      const auto mask = window_mask(length, window, q.options());
      auto [dq, dk, dv] = at::_scaled_dot_product_flash_attention_for_cpu_backward(
          heads_of(gy, begin, length, heads), heads_of(q, begin, length, heads),
          heads_of(k, begin, length, kv_heads).repeat_interleave(group, 1), heads_of(v, begin, length, kv_heads).repeat_interleave(group, 1),
          heads_of(y, begin, length, heads), saved[4 + s], 0.0, /*is_causal=*/!mask.has_value(), mask);
      heads_of(gq, begin, length, heads).copy_(dq);
      heads_of(gk, begin, length, kv_heads).copy_(dk.view({1, kv_heads, group, length, size}).sum(2));
      heads_of(gv, begin, length, kv_heads).copy_(dv.view({1, kv_heads, group, length, size}).sum(2));
    }
    return {gq, gk, gv, Tensor(), Tensor(), Tensor(), Tensor()};
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
