// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/linear_group.h"

#include <ATen/Parallel.h>

#include <array>
#include <vector>

#include "engine/kernels/cpu/kernels.h"
#include "engine/tensor/buffer_pool.h"
#include "engine/tensor/matmul.h"
#include "engine/tensor/phase_clock.h"

namespace weft {
namespace {

constexpr double kLeastRowScale = 1e-6;    // below this y / d_r says too little of what d_r scaled
constexpr std::int64_t kColumnGrain = 64;  // columns a thread sums at least

bool has_update(const AdaptedLinear& layer) { return layer.factors && layer.factors->left.defined(); }
Tensor bias_of(const AdaptedLinear& layer) { return layer.bias ? *layer.bias : Tensor(); }
Tensor row_scale_of(const AdaptedLinear& layer) { return layer.factors ? layer.factors->row_scale : Tensor(); }
Tensor column_scale_of(const AdaptedLinear& layer) { return layer.factors ? layer.factors->column_scale : Tensor(); }

// Where the layers' columns of u begin, and their number last.
std::array<std::int64_t, kMostGrouped + 1> offsets_of(std::span<const AdaptedLinear> layers) {
  std::array<std::int64_t, kMostGrouped + 1> offsets{};
  for (std::size_t i = 0; i < layers.size(); ++i) offsets.at(i + 1) = offsets.at(i) + (has_update(layers[i]) ? layers[i].factors->right.size(0) : 0);
  for (std::size_t i = layers.size(); i < kMostGrouped; ++i) offsets.at(i + 1) = offsets.at(i);
  return offsets;
}

// The layers' R (or their gradients) as one [sum of k, in] where they lie behind each other in memory, as slots of the flat buffer do.
Tensor stacked(std::span<const AdaptedLinear> layers, Tensor LinearFactors::*member) {
  if (layers.size() < 2) return {};
  std::int64_t rows = 0;
  for (const auto& layer : layers) {
    if (!has_update(layer) || layer.factors->column_scale.defined()) return {};
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

Tensor columns_of(const Tensor& u, std::int64_t begin, std::int64_t end) { return u.narrow(1, begin, end - begin); }

// y = onto + b + d_r * (W (d_c * x) + s L u): scales are applied to panels of the weights, never to x or y.
SumOfProducts forward_sum(const AdaptedLinear& layer, const Tensor& x, const Tensor& u, const Tensor& y, const Tensor& onto) {
  const Tensor rows = row_scale_of(layer), bias = bias_of(layer);
  Tensor init = onto.defined() ? onto : bias;
  if (onto.defined() && bias.defined()) {
    Tensor sum = y;
    init = at::add_out(sum, onto, bias);
  }
  const Product main{x, layer.base->weight().t(), 1, column_scale_of(layer), rows};
  if (u.defined()) return {y, init, {main, {u, layer.factors->left.t(), layer.factors->scale, {}, rows}}};
  return {y, init, {main}};
}

// sum over the tokens of a * b, for each column
Tensor column_dots(const Tensor& a, const Tensor& b) {
  Tensor sum = at::empty({a.size(1)}, a.options());
  const auto rows = a.size(0), width = a.size(1);
  AT_DISPATCH_FLOATING_TYPES(a.scalar_type(), "column_dots", [&] {
    const auto *left = a.const_data_ptr<scalar_t>(), *right = b.const_data_ptr<scalar_t>();
    auto* out = sum.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, width, kColumnGrain, [&](std::int64_t begin, std::int64_t end) {
      cpu::kernels().of<scalar_t>().rows.column_dots(left, right, rows, width, begin, end, out);
    });
  });
  return sum;
}

// d(loss)/d(d_r) = sum over the tokens of gy * (y - b) / d_r: what d_r scaled is found from y where that is safe.
void add_row_scale_gradient(const AdaptedLinear& layer, const Tensor& x, const Tensor& u, const Tensor& gy, const Tensor& y) {
  const LinearFactors& f = *layer.factors;
  const Tensor bias = bias_of(layer);
  if (f.row_scale.abs().min().item<double>() < kLeastRowScale) {
    const Tensor unscaled = pooled(gy.size(0), gy.size(1), gy.scalar_type());
    LinearFactors plain = f;
    plain.row_scale = Tensor();
    sums_of_products(std::array{forward_sum({layer.base, nullptr, &plain}, x, u, unscaled, {})}, layer.base->precision());
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

void add_right_gradients(std::span<const AdaptedLinear> layers, const Tensor& x, const Tensor& gu) {
  const Precision precision = layers[0].base->precision();
  const Tensor all = stacked(layers, &LinearFactors::right_grad);
  if (all.defined()) {
    sum_of_products(all, all, {{gu.t(), x, 1, {}, {}}}, precision);
    return;
  }
  const auto at = offsets_of(layers);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (!has_update(layers[i]) || !layers[i].factors->right_grad.defined()) continue;
    const LinearFactors& f = *layers[i].factors;
    const Tensor part = columns_of(gu, at[i], at[i + 1]).t();
    if (f.column_scale.defined())
      f.right_grad.add_(product(part, x) * f.column_scale);
    else
      sum_of_products(f.right_grad, f.right_grad, {{part, x, 1, {}, {}}}, precision);
  }
}

// Of one layer whose d_c is trained: its share of the input gradient, before and after d_c.
void add_column_scaled(const AdaptedLinear& layer, const Tensor& x, const Tensor& gu, const Tensor& gy, const Tensor& gx, bool onto) {
  const LinearFactors& f = *layer.factors;
  const Tensor share = pooled(gy.size(0), layer.base->in(), gy.scalar_type());
  const Product main{gy, layer.base->weight(), 1, f.row_scale, {}};
  if (gu.defined())
    sum_of_products(share, {}, {main, {gu, f.right, 1, {}, {}}}, layer.base->precision());
  else
    sum_of_products(share, {}, {main}, layer.base->precision());
  f.column_scale_grad.add_(column_dots(share, x));
  if (!gx.defined()) return;
  if (onto)
    const_cast<Tensor&>(gx).addcmul_(share, f.column_scale.unsqueeze(0).expand_as(share));
  else
    at::mul_out(const_cast<Tensor&>(gx), share, f.column_scale);
}

}  // namespace

bool needs_output(const AdaptedLinear& layer) { return layer.factors && layer.factors->row_scale_grad.defined(); }

Tensor group_forward(std::span<const AdaptedLinear> layers, const Tensor& x, std::span<Tensor> y, const Tensor& onto) {
  const PhaseScope phase(Phase::Linears);
  TORCH_CHECK(!layers.empty() && layers.size() <= kMostGrouped && y.size() == layers.size(), "[model.linear] ", layers.size(), " layers, ", y.size(),
              " outputs");
  TORCH_CHECK(!onto.defined() || layers.size() == 1, "[model.linear] a residual belongs to one layer");
  for (const auto& layer : layers)
    TORCH_CHECK(x.dim() == 2 && x.is_contiguous() && x.size(1) == layer.base->in(), "[model.linear] input ", x.sizes(), " does not fit a weight of [",
                layer.base->out(), ", ", layer.base->in(), "]");
  const auto at = offsets_of(layers);
  const Precision precision = layers[0].base->precision();
  Tensor u;
  std::vector<SumOfProducts> sums;
  if (at.back() > 0) {
    u = pooled(x.size(0), at.back(), x.scalar_type());
    const Tensor all = stacked(layers, &LinearFactors::right);
    if (all.defined())
      sums.push_back({u, {}, {{x, all.t(), 1, {}, {}}}});
    else
      for (std::size_t i = 0; i < layers.size(); ++i)
        if (has_update(layers[i])) sums.push_back({columns_of(u, at[i], at[i + 1]), {}, {{x, layers[i].factors->right.t(), 1, column_scale_of(layers[i]), {}}}});
    sums_of_products(sums, precision);
    sums.clear();
  }
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (!y[i].defined()) y[i] = pooled(x.size(0), layers[i].base->out(), x.scalar_type());
    sums.push_back(forward_sum(layers[i], x, has_update(layers[i]) ? columns_of(u, at[i], at[i + 1]) : Tensor(), y[i], onto));
  }
  sums_of_products(sums, precision);
  return u;
}

void group_backward(std::span<const AdaptedLinear> layers, const GroupGradients& g, const Tensor& gx) {
  const PhaseScope phase(Phase::Linears);
  const auto at = offsets_of(layers);
  const Precision precision = layers[0].base->precision();
  const auto part = [&](const Tensor& whole, std::size_t i) { return has_update(layers[i]) ? columns_of(whole, at[i], at[i + 1]) : Tensor(); };
  const Tensor gu = at.back() > 0 ? pooled(g.x.size(0), at.back(), g.x.scalar_type()) : Tensor();  // s (d_r * gy) L
  std::vector<SumOfProducts> sums;
  std::array<Tensor, kMostGrouped> left_gradients;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (needs_output(layers[i])) add_row_scale_gradient(layers[i], g.x, part(g.u, i), g.gy[i], g.y[i]);
    if (!has_update(layers[i])) continue;
    const LinearFactors& f = *layers[i].factors;
    sums.push_back({part(gu, i), {}, {{g.gy[i], f.left, f.scale, f.row_scale, {}}}});
    if (!f.left_grad.defined()) continue;
    // u' gy rather than gy' u: its few rows are held in registers while gy is read once
    left_gradients.at(i) = at::empty({f.left.size(1), f.left.size(0)}, f.left.options());
    sums.push_back({left_gradients.at(i), {}, {{part(g.u, i).t(), g.gy[i], 1, {}, {}}}});
  }
  sums_of_products(sums, precision);
  for (std::size_t i = 0; i < layers.size(); ++i)
    if (left_gradients.at(i).defined()) add_left_gradient(*layers[i].factors, left_gradients.at(i));
  if (gu.defined()) add_right_gradients(layers, g.x, gu);

  std::array<Product, kMostProducts> products;
  std::size_t count = 0;
  const Tensor all = gx.defined() ? stacked(layers, &LinearFactors::right) : Tensor();
  for (std::size_t i = 0; gx.defined() && i < layers.size(); ++i) {
    if (layers[i].factors && layers[i].factors->column_scale_grad.defined()) continue;
    const Tensor columns = column_scale_of(layers[i]);
    products.at(count++) = {g.gy[i], layers[i].base->weight(), 1, row_scale_of(layers[i]), columns};
    if (has_update(layers[i]) && !all.defined()) products.at(count++) = {part(gu, i), layers[i].factors->right, 1, {}, columns};
  }
  if (all.defined()) products.at(count++) = {gu, all, 1, {}, {}};
  if (count > 0) sum_of_products(gx, {}, std::span(products.data(), count), precision);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (!layers[i].factors || !layers[i].factors->column_scale_grad.defined()) continue;
    add_column_scaled(layers[i], g.x, part(gu, i), g.gy[i], gx, count > 0);
    ++count;
  }
}

}  // namespace weft
