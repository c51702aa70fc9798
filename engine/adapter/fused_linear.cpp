// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/fused_linear.h"

#include <torch/csrc/autograd/custom_function.h>

namespace weft {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct FusedLinear : torch::autograd::Function<FusedLinear> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, const Tensor& anchor, const Base* base, const Tensor* bias,
                        const LinearFactors* f) {
    (void)anchor;
    ctx->saved_data["base"] = reinterpret_cast<std::int64_t>(base);
    ctx->saved_data["factors"] = reinterpret_cast<std::int64_t>(f);
    if (!f) {
      Tensor y = base->forward(x);
      return bias->defined() ? y.add_(*bias) : y;
    }
    const Tensor scaled = f->column_scale.defined() ? x * f->column_scale : x;
    Tensor y = base->forward(scaled);
    Tensor u;  // R x, [T, k]: small, kept for the gradient of L
    if (f->left.defined()) {
      u = scaled.matmul(f->right.t());
      y.addmm_(u, f->left.t(), 1, f->scale);
    }
    Tensor z;  // what d_r scales; needed for its gradient
    if (f->row_scale.defined()) {
      z = y;
      y = z * f->row_scale;
    }
    if (bias->defined()) y.add_(*bias);
    variable_list saved{x};  // autograd keeps no undefined tensors: u and z follow in this order where they exist
    if (u.defined()) saved.push_back(u);
    if (z.defined()) saved.push_back(z);
    ctx->save_for_backward(saved);
    return y;
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto* base = reinterpret_cast<const Base*>(ctx->saved_data["base"].toInt());
    const auto* f = reinterpret_cast<const LinearFactors*>(ctx->saved_data["factors"].toInt());
    const bool input_needed = ctx->needs_input_grad(0);
    const Tensor gy = grads[0].contiguous();
    if (!f) return {input_needed ? base->backward(gy) : Tensor(), Tensor(), Tensor(), Tensor(), Tensor()};

    const auto saved = ctx->get_saved_variables();
    const Tensor x = saved[0], u = f->left.defined() ? saved[1] : Tensor(), z = f->row_scale.defined() ? saved.back() : Tensor();
    Tensor gz = gy;
    if (f->row_scale.defined()) {
      if (f->row_scale_grad.defined()) f->row_scale_grad.add_((gy * z).sum(0));
      gz = gy * f->row_scale;
    }
    Tensor gu;
    if (f->left.defined()) {
      gu = gz.matmul(f->left).mul_(f->scale);
      if (f->left_grad.defined()) f->left_grad.addmm_(gz.t(), u, 1, f->scale);
      if (f->right_grad.defined()) {
        const Tensor scaled = f->column_scale.defined() ? x * f->column_scale : x;
        f->right_grad.addmm_(gu.t(), scaled);
      }
    }
    Tensor gx;
    if (input_needed || f->column_scale_grad.defined()) {
      gx = base->backward(gz);
      if (gu.defined()) gx.addmm_(gu, f->right);
      if (f->column_scale.defined()) {
        if (f->column_scale_grad.defined()) f->column_scale_grad.add_((gx * x).sum(0));
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
  return FusedLinear::apply(x, anchor, &base, &bias, factors);
}

}  // namespace weft
