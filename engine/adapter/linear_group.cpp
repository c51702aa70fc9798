// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/linear_group.h"

#include <ATen/Parallel.h>

#include <array>
#include <vector>

#include "engine/adapter/evaluation.h"
#include "engine/kernels/cpu/kernels.h"
#include "engine/tensor/buffer_pool.h"
#include "engine/tensor/drop.h"
#include "engine/tensor/matmul.h"
#include "engine/tensor/phase_clock.h"

namespace weft {
namespace {

constexpr double kLeastRowScale = 1e-6;    // below this y / d_r says too little of what d_r scaled
constexpr std::int64_t kColumnGrain = 64;  // columns a thread sums at least

bool has_update(const AdaptedLinear& layer) { return layer.factors && layer.factors->left.defined(); }
bool is_dense(const AdaptedLinear& layer) { return layer.factors && layer.factors->form; }
bool drops(const AdaptedLinear& layer) { return has_update(layer) && layer.drop.active(); }
// What R reads of x. Made again in the backward pass.
Tensor kept_of(const AdaptedLinear& layer, const Tensor& x) {
  if (!drops(layer)) return x;
  Tensor kept = pooled(x.size(0), x.size(1), x.scalar_type());
  drop_values(x, {}, *layer.segments, layer.drop, kept);
  return kept;
}
Tensor bias_of(const AdaptedLinear& layer) { return layer.bias ? *layer.bias : Tensor(); }
Tensor row_scale_of(const AdaptedLinear& layer) { return layer.factors ? layer.factors->row_scale : Tensor(); }
Tensor column_scale_of(const AdaptedLinear& layer) { return layer.factors ? layer.factors->column_scale : Tensor(); }

bool disturbed(const AdaptedLinear& layer) { return layer.factors && layer.factors->noise.active(); }
bool turns(const AdaptedLinear& layer) { return layer.factors && layer.factors->rotation.defined(); }
Tensor columns_of(const Tensor& u, std::int64_t begin, std::int64_t end) { return u.narrow(1, begin, end - begin); }
Tensor block_of(const Tensor& x, const Tensor& rotation, std::int64_t i) { return x.narrow(1, i * rotation.size(1), rotation.size(1)); }

// x, or x with its blocks turned. A block's product is small beside W's, so it is not rounded to bfloat16: a rotation is next to 1.
Tensor turned(const AdaptedLinear& layer, const Tensor& x) {
  if (!turns(layer)) return x;
  const Tensor &rotation = layer.factors->rotation, out = pooled(x.size(0), x.size(1), x.scalar_type());
  std::vector<SumOfProducts> sums;
  for (std::int64_t i = 0; i < rotation.size(0); ++i) sums.push_back({block_of(out, rotation, i), {}, {{block_of(x, rotation, i), rotation[i], 1, {}, {}}}});
  sums_of_products(sums);
  return out;
}

// What one layer of the group takes part with in a pass; undefined: not needed.
struct LayerPass {
  EvaluationOrder order;
  Tensor weight;    // [out, in]: W and noise, where there is some and `merged` is not formed
  Tensor low;       // [T, k]: forward R (d_c * x), backward s (d_r * gy) L
  Tensor merged;    // [out, in]: W + s L R
  Tensor whole;     // [out, in]: gy' x
  Tensor x;         // [T, in]: its input, turned where it has a rotation
  Tensor read;      // [T, in]: what R reads, that or less
};
using GroupPass = std::array<LayerPass, kMostGrouped>;
using Flags = std::array<bool, kMostGrouped>;

GroupPass orders_of(std::span<const AdaptedLinear> layers, std::int64_t tokens, bool input_gradient) {
  GroupPass pass;
  for (std::size_t i = 0; i < layers.size(); ++i)
    if (is_dense(layers[i]))
      pass.at(i).order = kDenseOrder;
    else if (has_update(layers[i]) && layers[i].factors->evaluation)
      pass.at(i).order = layers[i].factors->evaluation->order(layers[i], tokens, input_gradient);
  return pass;
}

Flags kept_layers(std::span<const AdaptedLinear> layers, const GroupPass& pass) {
  Flags kept{};
  for (std::size_t i = 0; i < layers.size(); ++i) kept.at(i) = has_update(layers[i]) && pass.at(i).order.kept();
  return kept;
}

// Where the columns of the layers that take part begin in a tensor that holds them side by side, and their number last.
std::array<std::int64_t, kMostGrouped + 1> offsets_of(std::span<const AdaptedLinear> layers, const Flags& part) {
  std::array<std::int64_t, kMostGrouped + 1> offsets{};
  for (std::size_t i = 0; i < layers.size(); ++i) offsets.at(i + 1) = offsets.at(i) + (part.at(i) ? layers[i].factors->right.size(0) : 0);
  for (std::size_t i = layers.size(); i < kMostGrouped; ++i) offsets.at(i + 1) = offsets.at(i);
  return offsets;
}

// The layers' R (or their gradients) as one [sum of k, in] where they lie behind each other in memory, as slots of the flat buffer do.
// Only where all are kept: other orders take the layers one by one.
Tensor stacked(std::span<const AdaptedLinear> layers, const GroupPass& pass, Tensor LinearFactors::*member) {
  if (layers.size() < 2) return {};
  for (const auto& layer : pass)
    if (!layer.order.kept()) return {};
  std::int64_t rows = 0;
  for (const auto& layer : layers) {
    if (!has_update(layer) || drops(layer) || layer.factors->column_scale.defined() || turns(layer)) return {};
    const Tensor& part = layer.factors->*member;
    const Tensor& first = layers[0].factors->*member;
    if (!part.defined() || !first.defined() || !part.is_contiguous() || part.size(1) != first.size(1) || !part.storage().is_alias_of(first.storage()) ||
        part.storage_offset() != first.storage_offset() + rows * first.size(1))
      return {};
    rows += part.size(0);
  }
  const Tensor& first = layers[0].factors->*member;
  return first.as_strided({rows, first.size(1)}, {first.size(1), 1});
}

// u = R (d_c * x)
SumOfProducts low_sum(const AdaptedLinear& layer, const Tensor& x, const Tensor& u) {
  return {u, {}, {{x, layer.factors->right.t(), 1, column_scale_of(layer), {}}}};
}

// W as numbers of its own, with the noise of the step.
Tensor copied_weight(const AdaptedLinear& layer) {
  const Matrix& weight = layer.base->weight();
  const Tensor copy = pooled_scratch(weight.rows(), weight.columns(), weight.type());
  weight.copy_to(copy);
  if (disturbed(layer)) add_noise(layer.factors->noise, copy);
  return copy;
}

// W + s L R, never in less than float32. Stored blocks are decoded first.
SumOfProducts merged_sum(const AdaptedLinear& layer, Tensor& merged) {
  const LinearFactors& f = *layer.factors;
  const bool copied = disturbed(layer);
  const Tensor weight = copied ? copied_weight(layer) : layer.base->dense();
  merged = copied || layer.base->weight().is_coded() ? weight : pooled_scratch(weight.size(0), weight.size(1), weight.scalar_type());
  return {merged, weight, {{f.left, f.right, f.scale, {}, {}}}};
}

// W + dW of an update with a form of its own. bfloat16 products round it as mixed-precision training rounds the weights it trains: the
// update itself is kept in full.
Tensor merged_dense(const AdaptedLinear& layer) {
  const Tensor merged = copied_weight(layer);
  layer.factors->form->add_to(merged, *layer.factors);
  return merged;
}

// whole [out, in] is gy' x, and is overwritten.
void add_dense_gradients(const AdaptedLinear& layer, Tensor whole) {
  const LinearFactors& f = *layer.factors;
  if (f.row_scale.defined()) whole.mul_(f.row_scale.unsqueeze(1));
  if (f.column_scale.defined()) whole.mul_(f.column_scale);
  f.form->add_gradients(whole, f);
}

Matrix weight_of(const AdaptedLinear& layer, const LayerPass& pass) { return pass.weight.defined() ? Matrix(pass.weight) : layer.base->weight(); }

// y = onto + b + d_r * (W (d_c * x) + s L u): scales are applied to panels of the weights, never to x or y.
SumOfProducts forward_sum(const AdaptedLinear& layer, const LayerPass& pass, const Tensor& y, const Tensor& onto) {
  const Tensor& x = pass.x;
  const Tensor rows = row_scale_of(layer), columns = column_scale_of(layer), bias = bias_of(layer);
  Tensor init = onto.defined() ? onto : bias;
  if (onto.defined() && bias.defined()) {
    Tensor sum = y;
    init = at::add_out(sum, onto, bias);
  }
  if (pass.merged.defined()) return {y, pass.order.forward == 4 ? Tensor() : init, {{x, pass.merged.t(), 1, columns, rows}}};
  const Product main{x, weight_of(layer, pass).t(), 1, columns, rows};
  if (!pass.low.defined()) return {y, init, {main}};
  const Product update{pass.low, layer.factors->left.t(), layer.factors->scale, {}, rows};
  if (pass.order.forward == 3) return {y, init, {update, main}};
  return {y, init, {main, update}};
}

// sum over the tokens of a * b, for each column; b may be what is kept of it in bfloat16
Tensor column_dots(const Tensor& a, const Tensor& b) {
  Tensor sum = at::empty({a.size(1)}, a.options());
  const auto rows = a.size(0), width = a.size(1);
  AT_DISPATCH_FLOATING_TYPES(a.scalar_type(), "column_dots", [&] {
    const auto* left = a.const_data_ptr<scalar_t>();
    const auto* kept = b.scalar_type() == at::kBFloat16 ? reinterpret_cast<const std::uint16_t*>(b.const_data_ptr<at::BFloat16>()) : nullptr;
    const auto* right = kept ? nullptr : b.const_data_ptr<scalar_t>();
    auto* out = sum.mutable_data_ptr<scalar_t>();
    const auto& kernels = cpu::kernels().of<scalar_t>().rows;
    at::parallel_for(0, width, kColumnGrain, [&](std::int64_t begin, std::int64_t end) {
      if (kept)
        kernels.column_dots_bf16(left, kept, rows, width, begin, end, out);
      else
        kernels.column_dots(left, right, rows, width, begin, end, out);
    });
  });
  return sum;
}

// Shares [T, in] of an input x: dots_i = sum over the tokens of share_i * x, for each column, returned; and gx = the sum of share_i * scale_i,
// or onto it, where gx is defined. One pass over all.
std::vector<Tensor> column_dots_scaled(std::span<const Tensor> shares, std::span<const Tensor> scales, const Tensor& x, const Tensor& gx, bool onto) {
  std::vector<Tensor> dots;
  const auto rows = x.size(0), width = x.size(1);
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "column_dots_scaled", [&] {
    std::vector<cpu::ScaledColumns<scalar_t>> all;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      dots.push_back(at::empty({width}, x.options()));
      all.push_back({shares[i].const_data_ptr<scalar_t>(), scales[i].const_data_ptr<scalar_t>(), dots[i].mutable_data_ptr<scalar_t>()});
    }
    const auto* input = x.const_data_ptr<scalar_t>();
    auto* to = gx.defined() ? gx.mutable_data_ptr<scalar_t>() : nullptr;
    at::parallel_for(0, width, kColumnGrain, [&](std::int64_t begin, std::int64_t end) {
      cpu::kernels().of<scalar_t>().rows.column_dots_scaled(all.data(), static_cast<std::int64_t>(all.size()), input, onto ? to : nullptr, rows, width, begin, end, to);
    });
  });
  return dots;
}

// d(loss)/d(d_r) = sum over the tokens of gy * (y - b) / d_r: what d_r scaled is found from y where that is safe.
// u: as group_forward returned it, undefined where the order keeps none.
void add_row_scale_gradient(const AdaptedLinear& layer, const Tensor& x, const Tensor& u, const Tensor& gy, const Tensor& y) {
  const LinearFactors& f = *layer.factors;
  const Tensor bias = bias_of(layer);
  if (f.row_scale.abs().min().item<double>() < kLeastRowScale) {
    const Tensor unscaled = pooled(gy.size(0), gy.size(1), gy.scalar_type());
    LinearFactors plain = f;
    plain.row_scale = Tensor();
    LayerPass pass;
    pass.low = u;
    pass.x = turned(layer, x);
    if (is_dense(layer))
      pass.merged = merged_dense(layer);
    else if (disturbed(layer))
      pass.weight = copied_weight(layer);
    if (has_update(layer) && !is_dense(layer) && !u.defined()) {
      pass.low = pooled(x.size(0), f.right.size(0), x.scalar_type());
      sums_of_products(std::array{low_sum(layer, kept_of(layer, pass.x), pass.low)}, layer.base->precision());
    }
    sums_of_products(std::array{forward_sum({layer.base, nullptr, &plain}, pass, unscaled, {})}, layer.base->precision());
    f.row_scale_grad.add_(column_dots(gy, unscaled));
    return;
  }
  Tensor dots = column_dots(gy, y);
  if (bias.defined()) dots = dots - gy.sum(0) * bias;
  f.row_scale_grad.add_(dots / f.row_scale);
}

// transposed [k, out]: u' gy
void add_left_gradient(const LinearFactors& f, const Tensor& transposed) {
  Tensor gradient = transposed.t();
  if (f.row_scale.defined()) gradient = gradient * f.row_scale.unsqueeze(1);
  f.left_grad.add_(gradient, f.scale);
}

// all: s (d_r * gy) L of the layers side by side
void add_right_gradients(std::span<const AdaptedLinear> layers, const GroupPass& pass, const Tensor& all) {
  const Precision precision = layers[0].base->precision();
  if (const Tensor together = stacked(layers, pass, &LinearFactors::right_grad); together.defined()) {
    sum_of_products(together, together, {{all.t(), pass[0].x, 1, {}, {}}}, precision);
    return;
  }
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (!has_update(layers[i]) || !layers[i].factors->right_grad.defined()) continue;
    const LinearFactors& f = *layers[i].factors;
    if (is_dense(layers[i])) continue;
    if (backward_parts(pass.at(i).order).right_whole) {
      sum_of_products(f.right_grad, f.right_grad, {{f.left.t(), pass.at(i).whole, f.scale, f.row_scale, f.column_scale}});
      continue;
    }
    sum_of_products(f.right_grad, f.right_grad, {{pass.at(i).low.t(), pass.at(i).read, 1, {}, f.column_scale}}, precision);
  }
}

// The terms of a layer's input gradient before d_c; returns their number.
std::size_t input_terms(const AdaptedLinear& layer, const LayerPass& pass, const Tensor& gy, const Tensor& columns, std::span<Product> terms) {
  terms[0] = {gy, pass.merged.defined() ? Matrix(pass.merged) : weight_of(layer, pass), 1, row_scale_of(layer), columns};
  if (!pass.low.defined() || pass.merged.defined() || drops(layer)) return 1;
  terms[1] = {pass.low, layer.factors->right, 1, {}, columns};
  return 2;
}

// What came back through R of a layer with a drop, which input_terms() leaves out, onto its input's gradient.
void add_dropped_share(const AdaptedLinear& layer, const LayerPass& pass, const Tensor& columns, const Tensor& onto) {
  if (!drops(layer) || !pass.low.defined()) return;
  const Tensor share = pooled(onto.size(0), onto.size(1), onto.scalar_type());
  sum_of_products(share, {}, {{pass.low, layer.factors->right, 1, {}, columns}}, layer.base->precision());
  drop_values(share, onto, *layer.segments, layer.drop, onto);
}

// Whether a layer's share of the input gradient is read before it is added to those of the others.
bool reads_own_share(const AdaptedLinear& layer) { return layer.factors && (layer.factors->column_scale_grad.defined() || turns(layer)); }

// Q_i += x_i' share_i, and gx_i = share_i Q_i' or onto it
void add_turned_back(const LinearFactors& f, const Tensor& x, const Tensor& share, const Tensor& gx, bool onto) {
  std::vector<SumOfProducts> sums;
  for (std::int64_t i = 0; i < f.rotation.size(0); ++i) {
    const Tensor part = block_of(share, f.rotation, i);
    if (f.rotation_grad.defined()) sums.push_back({f.rotation_grad[i], f.rotation_grad[i], {{block_of(x, f.rotation, i).t(), part, 1, {}, {}}}});
    if (!gx.defined()) continue;
    const Tensor to = block_of(gx, f.rotation, i);
    sums.push_back({to, onto ? to : Tensor(), {{part, f.rotation[i].t(), 1, {}, {}}}});
  }
  sums_of_products(sums);
}

// Of the layers whose d_c is trained or that turn their input: their shares of the input gradient, before and after both.
void add_own_shares(std::span<const AdaptedLinear> layers, const GroupPass& pass, const GroupGradients& g, const Tensor& gx, bool onto) {
  std::array<Tensor, kMostGrouped> shares;
  std::vector<SumOfProducts> sums;
  const auto scale_trained = [&](std::size_t i) { return layers[i].factors->column_scale_grad.defined(); };
  const auto scale_before = [&](std::size_t i) { return scale_trained(i) ? Tensor() : layers[i].factors->column_scale; };
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (!reads_own_share(layers[i])) continue;
    shares.at(i) = pooled(g.x.size(0), layers[i].base->in(), g.x.scalar_type());
    SumOfProducts sum(shares.at(i), {}, {});
    sum.count = input_terms(layers[i], pass.at(i), g.gy[i], scale_before(i), sum.products);
    sums.push_back(sum);
  }
  if (sums.empty()) return;
  sums_of_products(sums, layers[0].base->precision());
  // those that are only scaled have one input, that of the group
  std::vector<Tensor> scaled, scales;
  std::vector<std::size_t> at;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (!shares.at(i).defined()) continue;
    const LinearFactors& f = *layers[i].factors;
    add_dropped_share(layers[i], pass.at(i), scale_before(i), shares.at(i));
    if (!turns(layers[i])) {
      scaled.push_back(shares.at(i));
      scales.push_back(f.column_scale.contiguous());
      at.push_back(i);
      continue;
    }
    if (scale_trained(i)) {
      f.column_scale_grad.add_(column_dots(shares.at(i), pass.at(i).x.defined() ? pass.at(i).x : turned(layers[i], g.x)));
      shares.at(i).mul_(f.column_scale);
    }
    add_turned_back(f, g.x, shares.at(i), gx, onto);
    onto = true;
  }
  if (scaled.empty()) return;
  const auto dots = column_dots_scaled(scaled, scales, g.x, gx, onto);
  for (std::size_t i = 0; i < at.size(); ++i) layers[at[i]].factors->column_scale_grad.add_(dots[i]);
}

// What the backward pass of the layers forms before any gradient, by their orders. Returns `low` of all side by side.
Tensor form_backward_parts(std::span<const AdaptedLinear> layers, const GroupGradients& g, bool input_gradient, GroupPass& pass,
                           std::vector<SumOfProducts>& sums) {
  Flags wanted{};
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (!layers[i].factors) continue;
    const LinearFactors& f = *layers[i].factors;
    const BackwardParts parts = backward_parts(pass.at(i).order);
    const bool input = input_gradient || f.column_scale_grad.defined() || f.rotation_grad.defined();
    if (input && disturbed(layers[i]) && !(has_update(layers[i]) && (is_dense(layers[i]) || parts.input_merged))) pass.at(i).weight = copied_weight(layers[i]);
    if (!has_update(layers[i])) continue;
    pass.at(i).x = turned(layers[i], g.x);
    pass.at(i).read = kept_of(layers[i], pass.at(i).x);
    wanted.at(i) = (f.right_grad.defined() && !parts.right_whole) || (input && !parts.input_merged);
    if ((f.right_grad.defined() && parts.right_whole) || (f.left_grad.defined() && parts.left_whole)) {
      pass.at(i).whole = pooled_scratch(layers[i].base->out(), layers[i].base->in(), g.x.scalar_type());
      sums.push_back({pass.at(i).whole, {}, {{g.gy[i].t(), pass.at(i).read, 1, {}, {}}}});
    }
    if (input && is_dense(layers[i]))
      pass.at(i).merged = merged_dense(layers[i]);
    else if (input && parts.input_merged)
      sums.push_back(merged_sum(layers[i], pass.at(i).merged));
  }
  const auto at = offsets_of(layers, wanted);
  const Tensor all = at.back() > 0 ? pooled(g.x.size(0), at.back(), g.x.scalar_type()) : Tensor();
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (!wanted.at(i)) continue;
    const LinearFactors& f = *layers[i].factors;
    pass.at(i).low = columns_of(all, at.at(i), at.at(i + 1));
    sums.push_back({pass.at(i).low, {}, {{g.gy[i], f.left, f.scale, f.row_scale, {}}}});
  }
  return all;
}

// Of the layers that kept no u: R (d_c * x) is formed again, or gy' x is used; of those with a form of their own, all gradients.
void add_ordered_left_gradients(std::span<const AdaptedLinear> layers, const GroupGradients& g, const GroupPass& pass) {
  const Precision precision = layers[0].base->precision();
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (is_dense(layers[i])) {
      if (pass.at(i).whole.defined()) add_dense_gradients(layers[i], pass.at(i).whole);
      continue;
    }
    if (!has_update(layers[i]) || pass.at(i).order.kept() || !layers[i].factors->left_grad.defined()) continue;
    const LinearFactors& f = *layers[i].factors;
    const Tensor transposed = at::empty({f.left.size(1), f.left.size(0)}, f.left.options());
    if (backward_parts(pass.at(i).order).left_whole) {
      sum_of_products(transposed, {}, {{f.right, pass.at(i).whole.t(), 1, f.column_scale, {}}});
    } else {
      const Tensor u = pooled(g.x.size(0), f.right.size(0), g.x.scalar_type());
      sums_of_products(std::array{low_sum(layers[i], pass.at(i).read, u)}, precision);
      sum_of_products(transposed, {}, {{u.t(), g.gy[i], 1, {}, {}}}, precision);
    }
    add_left_gradient(f, transposed);
  }
}

}  // namespace

void turn_back(const Tensor& rotation, Tensor& w) {
  const auto blocks = w.view({w.size(0), rotation.size(0), rotation.size(1)});
  blocks.copy_(at::bmm(blocks.transpose(0, 1), rotation.transpose(1, 2)).transpose(0, 1));
}

bool needs_output(const AdaptedLinear& layer) { return layer.factors && layer.factors->row_scale_grad.defined(); }

Tensor group_forward(std::span<const AdaptedLinear> layers, const Tensor& x, std::span<Tensor> y, const Tensor& onto) {
  const PhaseScope phase(Phase::Linears);
  TORCH_CHECK(!layers.empty() && layers.size() <= kMostGrouped && y.size() == layers.size(), "[model.linear] ", layers.size(), " layers, ", y.size(),
              " outputs");
  TORCH_CHECK(!onto.defined() || layers.size() == 1, "[model.linear] a residual belongs to one layer");
  for (const auto& layer : layers)
    TORCH_CHECK(x.dim() == 2 && x.is_contiguous() && x.size(1) == layer.base->in(), "[model.linear] input ", x.sizes(), " does not fit a weight of [",
                layer.base->out(), ", ", layer.base->in(), "]");
  const Precision precision = layers[0].base->precision();
  GroupPass pass = orders_of(layers, x.size(0), /*input_gradient=*/true);
  for (std::size_t i = 0; i < layers.size(); ++i) pass.at(i).x = turned(layers[i], x);
  const Flags kept = kept_layers(layers, pass);
  const auto at = offsets_of(layers, kept);
  Tensor u;
  std::vector<SumOfProducts> sums;
  if (at.back() > 0) u = pooled(x.size(0), at.back(), x.scalar_type());
  const Tensor together = at.back() > 0 ? stacked(layers, pass, &LinearFactors::right) : Tensor();
  if (together.defined()) sums.push_back({u, {}, {{x, together.t(), 1, {}, {}}}});
  for (std::size_t i = 0; i < layers.size(); ++i) {
    LayerPass& own = pass.at(i);
    if (disturbed(layers[i]) && !(has_update(layers[i]) && (is_dense(layers[i]) || own.order.merges_forward()))) own.weight = copied_weight(layers[i]);
    if (!has_update(layers[i])) continue;
    if (is_dense(layers[i])) {
      own.merged = merged_dense(layers[i]);
      continue;
    }
    if (own.order.merges_forward()) {
      sums.push_back(merged_sum(layers[i], own.merged));
      continue;
    }
    own.low = kept.at(i) ? columns_of(u, at.at(i), at.at(i + 1)) : pooled(x.size(0), layers[i].factors->right.size(0), x.scalar_type());
    own.read = kept_of(layers[i], own.x);
    if (!together.defined()) sums.push_back(low_sum(layers[i], own.read, own.low));
  }
  sums_of_products(sums, precision);
  sums.clear();
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (!y[i].defined()) y[i] = pooled(x.size(0), layers[i].base->out(), x.scalar_type());
    sums.push_back(forward_sum(layers[i], pass.at(i), y[i], onto));
  }
  sums_of_products(sums, precision);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (pass.at(i).order.forward != 4) continue;   // F4 adds what F2 begins with
    if (const Tensor bias = bias_of(layers[i]); bias.defined()) y[i].add_(bias);
    if (onto.defined()) y[i].add_(onto);
  }
  return u;
}

void group_backward(std::span<const AdaptedLinear> layers, const GroupGradients& g, const Tensor& gx) {
  const PhaseScope phase(Phase::Linears);
  const Precision precision = layers[0].base->precision();
  GroupPass pass = orders_of(layers, g.x.size(0), gx.defined());
  const Flags kept = kept_layers(layers, pass);
  const auto at = offsets_of(layers, kept);
  std::vector<SumOfProducts> sums;
  const Tensor low = form_backward_parts(layers, g, gx.defined(), pass, sums);
  std::array<Tensor, kMostGrouped> left_gradients;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const Tensor u = kept.at(i) ? columns_of(g.u, at.at(i), at.at(i + 1)) : Tensor();
    if (needs_output(layers[i])) add_row_scale_gradient(layers[i], g.x, u, g.gy[i], g.y[i]);
    if (!kept.at(i) || !layers[i].factors->left_grad.defined()) continue;
    const LinearFactors& f = *layers[i].factors;
    // u' gy rather than gy' u: its few rows are held in registers while gy is read once
    left_gradients.at(i) = at::empty({f.left.size(1), f.left.size(0)}, f.left.options());
    sums.push_back({left_gradients.at(i), {}, {{u.t(), g.gy[i], 1, {}, {}}}});
  }
  sums_of_products(sums, precision);
  for (std::size_t i = 0; i < layers.size(); ++i)
    if (left_gradients.at(i).defined()) add_left_gradient(*layers[i].factors, left_gradients.at(i));
  add_ordered_left_gradients(layers, g, pass);
  add_right_gradients(layers, pass, low);

  std::array<Product, kMostProducts> products;
  std::size_t count = 0;
  const Tensor together = gx.defined() ? stacked(layers, pass, &LinearFactors::right) : Tensor();
  for (std::size_t i = 0; gx.defined() && i < layers.size(); ++i) {
    if (reads_own_share(layers[i])) continue;
    LayerPass alone = pass.at(i);
    if (together.defined()) alone.low = Tensor();
    count += input_terms(layers[i], alone, g.gy[i], column_scale_of(layers[i]), std::span(products).subspan(count));
  }
  if (together.defined()) products.at(count++) = {low, together, 1, {}, {}};
  if (count > 0) sum_of_products(gx, {}, std::span(products.data(), count), precision);
  for (std::size_t i = 0; gx.defined() && i < layers.size(); ++i)
    if (drops(layers[i]) && !reads_own_share(layers[i])) add_dropped_share(layers[i], pass.at(i), column_scale_of(layers[i]), gx);
  add_own_shares(layers, pass, g, gx, count > 0);
}

}  // namespace weft
