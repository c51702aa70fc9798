// SPDX-License-Identifier: GPL-3.0-or-later
// One adapted linear layer as a node of the autograd graph, so that tests can differentiate through it.
#pragma once

#include <torch/csrc/autograd/custom_function.h>

#include <array>

#include "engine/adapter/linear_group.h"

namespace weft {

struct LinearNode : torch::autograd::Function<LinearNode> {
  static Tensor forward(torch::autograd::AutogradContext* ctx, const Tensor& x, const Tensor& anchor, AdaptedLinear layer) {
    (void)anchor;
    std::array<Tensor, 1> y;
    const Tensor u = group_forward(std::array{layer}, x, y);
    ctx->save_for_backward({x, u, y[0]});
    ctx->saved_data["base"] = reinterpret_cast<std::int64_t>(layer.base);
    ctx->saved_data["bias"] = reinterpret_cast<std::int64_t>(layer.bias);
    ctx->saved_data["factors"] = reinterpret_cast<std::int64_t>(layer.factors);
    return y[0];
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* ctx, torch::autograd::variable_list grads) {
    const auto saved = ctx->get_saved_variables();
    const AdaptedLinear layer{reinterpret_cast<const Base*>(ctx->saved_data["base"].toInt()), reinterpret_cast<const Tensor*>(ctx->saved_data["bias"].toInt()),
                              reinterpret_cast<const LinearFactors*>(ctx->saved_data["factors"].toInt())};
    const Tensor gx = ctx->needs_input_grad(0) ? at::empty_like(saved[0]) : Tensor();
    group_backward(std::array{layer}, {saved[0], saved[1], std::array{grads[0].contiguous()}, std::array{saved[2]}}, gx);
    return {gx, Tensor(), Tensor()};
  }
};

// anchor: any tensor that requires a gradient.
inline Tensor linear_node(const Tensor& x, const Tensor& anchor, const Base& base, const Tensor& bias, const LinearFactors* factors) {
  return LinearNode::apply(x, anchor, AdaptedLinear{&base, &bias, factors});
}

}  // namespace weft
