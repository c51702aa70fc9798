// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/fused_linear.h"

#include <torch/csrc/autograd/custom_function.h>

#include "engine/tensor/matmul.h"

namespace weft {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr double kLeastRowScale = 1e-6;  // below this y / d_r says too little of what d_r scaled

// W (d_c * x) + s L u, times d_r, plus b: scales are applied to panels of the weights, never to x or y.
Tensor forward_pass(const Tensor& x, const Tensor& u, const Base& base, const Tensor& bias, const LinearFactors& f, bool scale_rows) {
  Tensor y = at::empty({x.size(0), base.out()}, x.options());
  const Tensor rows = scale_rows ? f.row_scale : Tensor();
  const Product main{x, base.dense().t(), 1, f.column_scale, rows};
  if (u.defined())
    sum_of_products(y, bias, {main, {u, f.left.t(), f.scale, {}, rows}});
  else
    sum_of_products(y, bias, {main});
  return y;
}

// What d_r scaled, from y where that is safe.
Tensor unscaled(const Tensor& x, const Tensor& u, const Tensor& y, const Base& base, const Tensor& bias, const LinearFactors& f) {
  if (f.row_scale.abs().min().item<double>() < kLeastRowScale) return forward_pass(x, u, base, {}, f, /*scale_rows=*/false);
  return (bias.defined() ? y - bias : y) / f.row_scale;
}

struct FusedLinear : torch::autograd::Function<FusedLinear> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, const Tensor& anchor, const Base* base, const Tensor* bias,
                        const LinearFactors* f) {
    (void)anchor;
    ctx->saved_data["base"] = reinterpret_cast<std::int64_t>(base);
    ctx->saved_data["bias"] = reinterpret_cast<std::int64_t>(bias);
    ctx->saved_data["factors"] = reinterpret_cast<std::int64_t>(f);
    const LinearFactors plain;
    if (!f) return forward_pass(x, {}, *base, *bias, plain, false);
    Tensor u;  // R (d_c * x), [T, k]: small, kept for the gradient of L
    if (f->left.defined()) {
      u = at::empty({x.size(0), f->right.size(0)}, x.options());
      sum_of_products(u, {}, {{x, f->right.t(), 1, f->column_scale, {}}});
    }
    Tensor y = forward_pass(x, u, *base, *bias, *f, /*scale_rows=*/true);
    variable_list saved{x};  // autograd keeps no undefined tensors: u and y follow in this order where they are needed
    if (u.defined()) saved.push_back(u);
    if (f->row_scale_grad.defined()) saved.push_back(y);
    ctx->save_for_backward(saved);
    return y;
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto* base = reinterpret_cast<const Base*>(ctx->saved_data["base"].toInt());
    const auto* bias = reinterpret_cast<const Tensor*>(ctx->saved_data["bias"].toInt());
    const auto* f = reinterpret_cast<const LinearFactors*>(ctx->saved_data["factors"].toInt());
    const bool input_needed = ctx->needs_input_grad(0);
    const Tensor gy = grads[0].contiguous();
    if (!f) return {input_needed ? product(gy, base->dense()) : Tensor(), Tensor(), Tensor(), Tensor(), Tensor()};

    const auto saved = ctx->get_saved_variables();
    const Tensor x = saved[0], u = f->left.defined() ? saved[1] : Tensor();
    if (f->row_scale_grad.defined()) f->row_scale_grad.add_((gy * unscaled(x, u, saved.back(), *base, *bias, *f)).sum(0));
    Tensor gu;  // s (d_r * gy) L
    if (f->left.defined()) {
      gu = at::empty_like(u);
      sum_of_products(gu, {}, {{gy, f->left, f->scale, f->row_scale, {}}});
      if (f->left_grad.defined()) {
        // u' gy rather than gy' u: its few rows are held in registers while gy is read once
        Tensor gradient = product(u.t(), gy).t();
        if (f->row_scale.defined()) gradient = gradient * f->row_scale.unsqueeze(1);
        f->left_grad.add_(gradient, f->scale);
      }
      if (f->right_grad.defined()) {
        if (f->column_scale.defined())
          f->right_grad.add_(product(gu.t(), x) * f->column_scale);
        else
          sum_of_products(f->right_grad, f->right_grad, {{gu.t(), x, 1, {}, {}}});
      }
    }
    Tensor gx;
    if (input_needed || f->column_scale_grad.defined()) {
      gx = at::empty({gy.size(0), base->in()}, gy.options());
      const Tensor columns = f->column_scale_grad.defined() ? Tensor() : f->column_scale;
      const Product main{gy, base->dense(), 1, f->row_scale, columns};
      if (gu.defined())
        sum_of_products(gx, {}, {main, {gu, f->right, 1, {}, columns}});
      else
        sum_of_products(gx, {}, {main});
      if (f->column_scale_grad.defined()) {
        f->column_scale_grad.add_((gx * x).sum(0));
        gx.mul_(f->column_scale);
      }
    }
    return {gx, Tensor(), Tensor(), Tensor(), Tensor()};
  }
};

}  // namespace

Tensor fused_linear(const Tensor& x, const Tensor& anchor, const Base& base, const Tensor& bias, const LinearFactors* factors) {
  TORCH_CHECK(x.dim() == 2 && x.size(1) == base.in(), "[model.linear] input ", x.sizes(), " does not fit a weight of [", base.out(), ", ",
              base.in(), "]");
  return FusedLinear::apply(x.contiguous(), anchor, &base, &bias, factors);
}

}  // namespace weft
