// SPDX-License-Identifier: GPL-3.0-or-later
// The two halves of a decoder layer as one node of the autograd graph each, forward and backward by hand. Kept for the backward pass by
// Activations::Cheap: block input, q, k, v, attention output, middle residual, gate, up, row scales of the norms, log-sum-exp, and the
// low-rank projections; norms, rotations and SwiGLU are computed again. Keep adds the norms' outputs, q and k after a head norm and SwiGLU's output;
// Drop forms gate and up again, Checkpoint the whole half from its input (and the projection of its last layer). All give the same bits.
// Engine thread only.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/adapter/linear_group.h"
#include "engine/api/activations.h"
#include "engine/api/dropout.h"
#include "engine/api/method_catalogue.h"

namespace weft {

struct ModelLinear {
  AdapterSite site;
  std::unique_ptr<Base> base;
  Tensor bias;                              // [out] or undefined
  const LinearFactors* factors = nullptr;   // the adapter's; not owned
  [[nodiscard]] AdaptedLinear adapted() const { return {base.get(), &bias, factors}; }
};

struct DecoderLayer {
  Tensor input_norm, post_norm;             // [C]
  Tensor q_norm, k_norm;                    // [head] or undefined: RMSNorm over each head before rotation
  ModelLinear q, k, v, o, gate, up, down;
  std::int64_t window = 0;                  // sliding attention; 0: all keys
  std::int64_t index = 0;                   // in the model
  Activations activations = Activations::Cheap;
};

// What the layers of one pass share. Held by the graph's nodes until their backward pass is over.
struct BatchContext {
  Tensor cosine, sine;                      // [T, head/2]
  std::vector<std::int64_t> segments;       // [S+1]
  std::int64_t heads = 0, kv_heads = 0, head_size = 0;
  double norm_eps = 0;
  Tensor anchor;                            // any tensor that requires a gradient: makes outputs differentiable where h is not
  std::function<void(const ModelLinear&, const Tensor& x, const Tensor& y)> watch;  // hears each linear layer; may be empty
  DropPass drop;                            // its masks are made again wherever they are needed
  std::int64_t layers = 0;                  // of the model
  [[nodiscard]] DropPlace drop_place(DropPosition position, std::int64_t layer) const { return drop.place(position, layer, layers); }
};

// h [T, C] -> h + o(attention(norm(h)))
[[nodiscard]] Tensor attention_block(const Tensor& h, const DecoderLayer& layer, const std::shared_ptr<const BatchContext>& batch);
// h [T, C] -> h + down(silu(gate(norm(h))) * up(norm(h)))
[[nodiscard]] Tensor mlp_block(const Tensor& h, const DecoderLayer& layer, const std::shared_ptr<const BatchContext>& batch);
// x [T, C] with what the place drops left out, as a node; x itself where it drops nothing
[[nodiscard]] Tensor dropped(const Tensor& x, const DropPlace& place, const std::shared_ptr<const BatchContext>& batch);
// RMSNorm as a node
[[nodiscard]] Tensor rms_norm(const Tensor& x, const Tensor& weight, double eps);

}  // namespace weft
