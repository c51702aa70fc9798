// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/blocks.h"

#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <array>

#include "engine/model/ops.h"
#include "engine/tensor/buffer_pool.h"
#include "engine/tensor/drop.h"

namespace weft {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

using Batch = std::shared_ptr<const BatchContext>;

Tensor pooled_like(const Tensor& x, std::int64_t columns) { return pooled(x.size(0), columns, x.scalar_type()); }
Tensor pooled_rows(const Tensor& x) { return pooled(x.size(0), 1, x.scalar_type()).view({x.size(0)}); }

// What a node keeps between its passes; given back as soon as its backward pass is over.
template <typename State>
void keep(AutogradContext* ctx, c10::intrusive_ptr<State> state) {
  ctx->saved_data["state"] = c10::IValue::make_capsule(std::move(state));
}
template <typename State>
c10::intrusive_ptr<State> take(AutogradContext* ctx) {
  const auto found = ctx->saved_data.find("state");
  TORCH_CHECK(found != ctx->saved_data.end(), "[model.block] a second backward pass through the same step");
  auto state = c10::static_intrusive_pointer_cast<State>(found->second.toCapsule());
  ctx->saved_data.erase("state");
  return state;
}

void watch(const BatchContext& batch, const ModelLinear& linear, const Tensor& x, const Tensor& y) {
  if (batch.watch) batch.watch(linear, x, y);
}

// With what the batch leaves out of an adapter's input: each matrix of a layer has a mask of its own, as PEFT's have.
AdaptedLinear adapted(const ModelLinear& linear, const DecoderLayer& layer, const BatchContext& batch) {
  AdaptedLinear with = linear.adapted();
  if (!linear.factors || !batch.drop.dropout.adapter.active()) return with;
  const std::array all{&layer.q, &layer.k, &layer.v, &layer.o, &layer.gate, &layer.up, &layer.down};
  with.drop = batch.drop.place(DropPosition::Adapter, layer.index, batch.layers, std::find(all.begin(), all.end(), &linear) - all.begin());
  with.segments = &batch.segments;
  return with;
}

// residual + linear(x), less what `drop` leaves out of linear(x). `own_output`: what the layer alone gave, where its backward pass reads that.
Tensor add_linear(const AdaptedLinear& linear, const Tensor& x, const Tensor& residual, Tensor& u, Tensor& own_output, const BatchContext& batch,
                  const DropPlace& drop = {}) {
  const std::array layers{linear};
  std::array<Tensor, 1> y;
  const bool kept = needs_output(layers[0]);
  if (!kept && !drop.active()) {
    u = group_forward(layers, x, y, residual);
    return y[0];
  }
  u = group_forward(layers, x, y);
  if (kept) own_output = y[0];
  Tensor sum = kept ? pooled_like(residual, residual.size(1)) : y[0];
  if (!drop.active()) return at::add_out(sum, residual, own_output);
  drop_values(y[0], residual, batch.segments, drop, sum);
  return sum;
}

// What let_go() of a half took from its last layer, where the backward pass reads that.
void form_output_again(const AdaptedLinear& linear, const Tensor& x, Tensor& u, Tensor& own_output) {
  const std::array layers{linear};
  if (!needs_output(layers[0])) return;
  std::array<Tensor, 1> y;
  u = group_forward(layers, x, y);
  own_output = y[0];
}

// A half layer's forward pass from its input to where its own part begins.
template <typename State>
c10::intrusive_ptr<State> begun(const Tensor& h, const DecoderLayer* layer, const Batch* batch) {
  auto s = c10::make_intrusive<State>();
  s->layer = layer;
  s->batch = *batch;
  s->h = h.contiguous();
  s->run(/*listens=*/true);
  return s;
}

// Back through the layers that read norm(h), and through the norm; g is what came past them. Undefined where it is not needed.
template <typename State>
Tensor input_gradient(State& s, const Tensor& norm, std::span<const AdaptedLinear> layers, std::span<const Tensor> gradients,
                      std::span<const Tensor> outputs, const Tensor& g, bool needed) {
  if (!s.a.defined()) norm_forward(s.h, norm, s.batch->norm_eps, s.a = pooled_like(g, g.size(1)), s.rstd);
  const Tensor gx = needed ? pooled_like(g, g.size(1)) : Tensor();
  group_backward(layers, {s.a, s.u, gradients, outputs}, gx);
  if (needed) norm_backward(s.h, norm, s.rstd, gx, g, gx);
  return gx;
}

struct AttentionState : torch::CustomClassHolder {
  const DecoderLayer* layer = nullptr;
  Batch batch;
  Tensor h, rstd, u, q, k, v;      // q, k: rotated; before their norms where the layer has such
  Tensor q_rstd, k_rstd;           // [T*heads]
  Tensor y, log_sum, u_o, o_output;
  Tensor a, turned_q, turned_k;    // what the first norm, and norm and rotation of q and k, gave; kept by Activations::Keep alone

  [[nodiscard]] AttentionShape shape() const {
    return {batch->segments, batch->heads, batch->kv_heads, layer->window, batch->drop_place(DropPosition::Key, layer->index),
            batch->drop_place(DropPosition::Attention, layer->index), batch->drop.dropout.keep_first_key};
  }
  // Of q or k: norm over heads where there is one, then rotation. In place without a norm.
  [[nodiscard]] Tensor turned(const Tensor& x, const Tensor& weight, Tensor& row_scales, std::int64_t heads) const {
    Tensor y_ = x;
    if (weight.defined()) {
      y_ = pooled_like(x, x.size(1));
      const std::vector<std::int64_t> by_head{x.size(0) * heads, batch->head_size};
      if (!row_scales.defined()) row_scales = at::empty({by_head[0]}, x.options());
      norm_forward(x.view(by_head), weight, batch->norm_eps, y_.view(by_head), row_scales);
    }
    rotate(y_, batch->cosine, batch->sine, heads, 1, y_);
    return y_;
  }
  // Back through turned(), in place.
  void turn_back(const Tensor& gradient, const Tensor& x, const Tensor& weight, const Tensor& row_scales, std::int64_t heads) const {
    rotate(gradient, batch->cosine, batch->sine, heads, -1, gradient);
    if (!weight.defined()) return;
    const std::vector<std::int64_t> by_head{x.size(0) * heads, batch->head_size};
    norm_backward(x.view(by_head), weight, row_scales, gradient.view(by_head), {}, gradient.view(by_head));
  }
  // What the q or k layer gave, for its own backward pass.
  [[nodiscard]] Tensor output_of(const ModelLinear& linear, const Tensor& x, const Tensor& weight, std::int64_t heads) const {
    if (!needs_output(linear.adapted()) || weight.defined()) return x;
    Tensor y_ = pooled_like(x, x.size(1));
    rotate(x, batch->cosine, batch->sine, heads, -1, y_);
    return y_;
  }

  // From h to y. `listens`: the batch's watch hears the linear layers.
  void run(bool listens) {
    const BatchContext& b = *batch;
    rstd = pooled_rows(h);
    a = pooled_like(h, h.size(1));
    norm_forward(h, layer->input_norm, b.norm_eps, a, rstd);
    const std::array layers{adapted(layer->q, *layer, b), adapted(layer->k, *layer, b), adapted(layer->v, *layer, b)};
    std::array<Tensor, 3> out;
    u = group_forward(layers, a, out);
    if (listens) {
      watch(b, layer->q, a, out[0]);
      watch(b, layer->k, a, out[1]);
      watch(b, layer->v, a, out[2]);
    }
    q = out[0];
    k = out[1];
    v = out[2];
    turned_q = turned(q, layer->q_norm, q_rstd, b.heads);
    turned_k = turned(k, layer->k_norm, k_rstd, b.kv_heads);
    y = pooled_like(h, q.size(1));
    log_sum = pooled_like(h, b.heads);
    attention_forward(shape(), turned_q, turned_k, v, y, log_sum, layer->q.base->precision());
  }
  // After the forward pass.
  void let_go() {
    if (layer->activations == Activations::Keep) return;
    for (Tensor* t : {&a, &turned_q, &turned_k}) t->reset();
    if (layer->activations != Activations::Checkpoint) return;
    for (Tensor* t : {&rstd, &u, &q, &k, &v, &q_rstd, &k_rstd, &y, &log_sum}) t->reset();
    // the projection is small and spares the product with o's matrix, unless that is wanted anyway
    if (o_output.defined()) u_o.reset();
    o_output.reset();
  }
  // Before the backward pass.
  void form_again() {
    if (!y.defined()) {
      run(/*listens=*/false);
      form_output_again(adapted(layer->o, *layer, *batch), y, u_o, o_output);
    }
    if (!turned_q.defined()) turned_q = layer->q_norm.defined() ? turned(q, layer->q_norm, q_rstd, batch->heads) : q;
    if (!turned_k.defined()) turned_k = layer->k_norm.defined() ? turned(k, layer->k_norm, k_rstd, batch->kv_heads) : k;
  }
};

struct AttentionBlock : torch::autograd::Function<AttentionBlock> {
  static Tensor forward(AutogradContext* ctx, const Tensor& h, const Tensor& anchor, const DecoderLayer* layer, const Batch* batch) {
    (void)anchor;
    auto s = begun<AttentionState>(h, layer, batch);
    Tensor middle = add_linear(adapted(layer->o, *layer, **batch), s->y, s->h, s->u_o, s->o_output, **batch);
    watch(**batch, layer->o, s->y, middle);
    s->let_go();
    keep(ctx, std::move(s));
    return middle;
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto s = take<AttentionState>(ctx);
    const DecoderLayer& layer = *s->layer;
    const BatchContext& b = *s->batch;
    const Tensor g = grads[0].contiguous();
    s->form_again();
    const std::array o_layer{adapted(layer.o, layer, b)};
    const Tensor gy = pooled_like(g, s->y.size(1));
    group_backward(o_layer, {s->y, s->u_o, std::array{g}, std::array{s->o_output}}, gy);

    const Tensor gq = pooled_like(g, s->q.size(1)), gk = pooled_like(g, s->k.size(1)), gv = pooled_like(g, s->v.size(1));
    attention_backward(s->shape(), {s->turned_q, s->turned_k, s->v, s->y, s->log_sum}, gy, gq, gk, gv, layer.q.base->precision());
    if (layer.q_norm.defined()) s->turned_q.reset();
    if (layer.k_norm.defined()) s->turned_k.reset();
    s->turn_back(gq, s->q, layer.q_norm, s->q_rstd, b.heads);
    s->turn_back(gk, s->k, layer.k_norm, s->k_rstd, b.kv_heads);

    const std::array layers{adapted(layer.q, layer, b), adapted(layer.k, layer, b), adapted(layer.v, layer, b)};
    const std::array outputs{s->output_of(layer.q, s->q, layer.q_norm, b.heads), s->output_of(layer.k, s->k, layer.k_norm, b.kv_heads), s->v};
    return {input_gradient(*s, layer.input_norm, layers, std::array{gq, gk, gv}, outputs, g, ctx->needs_input_grad(0)), Tensor(), Tensor(), Tensor()};
  }
};

struct MlpState : torch::CustomClassHolder {
  const DecoderLayer* layer = nullptr;
  Batch batch;
  Tensor h, rstd, u, gate, up, u_down, down_output;
  Tensor a, y;                     // what norm and SwiGLU gave; kept by Activations::Keep alone

  // In bf16 gate and up are kept in bfloat16, and everything after them is of what is kept.
  [[nodiscard]] bool keeps_bf16() const { return layer->gate.base->precision() == Precision::Bf16; }
  // From h to gate and up. `listens`: the batch's watch hears the linear layers.
  void run(bool listens) {
    rstd = pooled_rows(h);
    a = pooled_like(h, h.size(1));
    norm_forward(h, layer->post_norm, batch->norm_eps, a, rstd);
    const std::array layers{adapted(layer->gate, *layer, *batch), adapted(layer->up, *layer, *batch)};
    std::array<Tensor, 2> out;
    u = group_forward(layers, a, out);
    gate = out[0];
    up = out[1];
    if (!listens) return;
    watch(*batch, layer->gate, a, gate);
    watch(*batch, layer->up, a, up);
  }
  // HiddenCut on what down reads, and on what it gives.
  [[nodiscard]] DropPlace inner_drop() const { return batch->drop.dropout.inner_hidden ? batch->drop_place(DropPosition::Hidden, layer->index) : DropPlace(); }
  [[nodiscard]] DropPlace output_drop() const { return batch->drop.dropout.inner_hidden ? DropPlace() : batch->drop_place(DropPosition::Hidden, layer->index); }
  void drop_inner(const Tensor& values) const {
    if (const DropPlace drop = inner_drop(); drop.active()) drop_values(values, {}, batch->segments, drop, values);
  }
  void gate_forward() {
    y = pooled_like(h, gate.size(1));
    form_gated();
    drop_inner(y);
  }
  void form_gated() {
    if (!keeps_bf16() || gate.scalar_type() == at::kBFloat16) {
      swiglu(gate, up, y);
      return;
    }
    const auto kept = [](const Tensor& x) { return pooled(x.size(0), x.size(1), at::kBFloat16); };
    const Tensor gate_kept = kept(gate), up_kept = kept(up);
    swiglu_kept(gate, up, gate_kept, up_kept, y);
    gate = gate_kept;
    up = up_kept;
  }
  // After the forward pass.
  void let_go() {
    if (layer->activations == Activations::Keep) return;
    for (Tensor* t : {&a, &y}) t->reset();
    if (layer->activations == Activations::Cheap) return;
    for (Tensor* t : {&rstd, &u, &gate, &up}) t->reset();
    if (layer->activations != Activations::Checkpoint) return;
    if (down_output.defined()) u_down.reset();   // as for o
    down_output.reset();
  }
  // Before the backward pass.
  void form_again() {
    const bool again = !gate.defined();
    if (again) run(/*listens=*/false);
    if (again || !y.defined()) gate_forward();
    if (needs_output(layer->down.adapted()) && !down_output.defined()) form_output_again(adapted(layer->down, *layer, *batch), y, u_down, down_output);
  }
};

struct MlpBlock : torch::autograd::Function<MlpBlock> {
  static Tensor forward(AutogradContext* ctx, const Tensor& h, const Tensor& anchor, const DecoderLayer* layer, const Batch* batch) {
    (void)anchor;
    auto s = begun<MlpState>(h, layer, batch);
    s->gate_forward();
    Tensor out_h = add_linear(adapted(layer->down, *layer, **batch), s->y, s->h, s->u_down, s->down_output, **batch, s->output_drop());
    watch(**batch, layer->down, s->y, out_h);
    s->let_go();
    keep(ctx, std::move(s));
    return out_h;
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto s = take<MlpState>(ctx);
    const DecoderLayer& layer = *s->layer;
    const Tensor g = grads[0].contiguous();
    s->form_again();
    const auto width = s->gate.size(1);
    const Tensor gy = pooled_like(g, width);
    const std::array down{adapted(layer.down, layer, *s->batch)};
    Tensor g_down = g;   // of what down gave
    if (const DropPlace drop = s->output_drop(); drop.active()) drop_values(g, {}, s->batch->segments, drop, g_down = pooled_like(g, g.size(1)));
    group_backward(down, {s->y, s->u_down, std::array{g_down}, std::array{s->down_output}}, gy);
    g_down.reset();
    s->drop_inner(gy);
    s->y.reset();
    const Tensor g_gate = pooled_like(g, width), g_up = pooled_like(g, width);
    swiglu_backward(s->gate, s->up, gy, g_gate, g_up);
    const std::array layers{adapted(layer.gate, layer, *s->batch), adapted(layer.up, layer, *s->batch)};
    const std::array outputs{s->gate, s->up};
    return {input_gradient(*s, layer.post_norm, layers, std::array{g_gate, g_up}, outputs, g, ctx->needs_input_grad(0)), Tensor(), Tensor(), Tensor()};
  }
};

struct Dropped : torch::autograd::Function<Dropped> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, const DropPlace* place, const Batch* batch) {
    ctx->saved_data["batch"] = c10::IValue::make_capsule(c10::make_intrusive<State>(*place, *batch));
    return made(x.contiguous(), *place, **batch);
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto s = c10::static_intrusive_pointer_cast<State>(ctx->saved_data.at("batch").toCapsule());
    return {made(grads[0].contiguous(), s->place, *s->batch), Tensor(), Tensor()};
  }

 private:
  struct State : torch::CustomClassHolder {
    State(const DropPlace& place_, Batch batch_) : place(place_), batch(std::move(batch_)) {}
    const DropPlace place;
    const Batch batch;
  };
  static Tensor made(const Tensor& x, const DropPlace& place, const BatchContext& batch) {
    Tensor y = pooled_like(x, x.size(1));
    drop_values(x, {}, batch.segments, place, y);
    return y;
  }
};

struct RmsNorm : torch::autograd::Function<RmsNorm> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, const Tensor& weight, double eps) {
    const Tensor rows = x.contiguous(), rstd = pooled_rows(rows);
    Tensor y = pooled_like(rows, rows.size(1));
    norm_forward(rows, weight, eps, y, rstd);
    ctx->save_for_backward({rows, weight, rstd});
    return y;
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto saved = ctx->get_saved_variables();
    const Tensor gy = grads[0].contiguous();
    Tensor gx = pooled_like(gy, gy.size(1));
    norm_backward(saved[0], saved[1], saved[2], gy, {}, gx);
    return {gx, Tensor(), Tensor()};
  }
};

bool has_factors(std::initializer_list<const ModelLinear*> linears) {
  return std::any_of(linears.begin(), linears.end(), [](const ModelLinear* linear) { return linear->factors != nullptr; });
}

}  // namespace

// A block without adapters below the lowest adapted one is a constant: no anchor (the norm needs no gradient), no node, no backward pass.
Tensor attention_block(const Tensor& h, const DecoderLayer& layer, const Batch& batch) {
  return AttentionBlock::apply(h, has_factors({&layer.q, &layer.k, &layer.v, &layer.o}) ? batch->anchor : layer.input_norm, &layer, &batch);
}

Tensor mlp_block(const Tensor& h, const DecoderLayer& layer, const Batch& batch) {
  return MlpBlock::apply(h, has_factors({&layer.gate, &layer.up, &layer.down}) ? batch->anchor : layer.post_norm, &layer, &batch);
}

Tensor dropped(const Tensor& x, const DropPlace& place, const Batch& batch) { return place.active() ? Dropped::apply(x, &place, &batch) : x; }

Tensor rms_norm(const Tensor& x, const Tensor& weight, double eps) { return RmsNorm::apply(x, weight, eps); }

}  // namespace weft
