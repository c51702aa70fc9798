// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/reading.h"

#include <ATen/ops/scaled_dot_product_attention.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "engine/adapter/strength.h"
#include "engine/model/ops.h"

namespace weft {
namespace {

Tensor rows_like(const Tensor& x, std::int64_t columns) { return at::empty({x.size(0), columns}, x.options()); }

}  // namespace

Reading::Reading(const Decoder& model, std::int64_t capacity, double strength) : model_(model), capacity_(capacity), strength_(strength) {
  const at::NoGradGuard no_grad;
  const ModelConfig& c = model.config();
  const auto options = at::TensorOptions(model.options().dtype);
  for (std::int64_t i = 0; i < c.layers; ++i)
    kept_.push_back({at::empty({capacity, c.kv_heads * c.head_size}, options), at::empty({capacity, c.kv_heads * c.head_size}, options)});
}

Tensor Reading::read(std::span<const std::int32_t> ids, const std::function<bool()>& cancelled) {
  const at::NoGradGuard no_grad;
  const auto count = static_cast<std::int64_t>(ids.size());
  TORCH_CHECK(count > 0 && length_ + count <= capacity_, "[model.reading] ", count, " tokens after ", length_, " do not fit into ", capacity_);
  const std::vector<std::int32_t> tokens(ids.begin(), ids.end());
  std::vector<std::int32_t> positions(ids.size());
  std::iota(positions.begin(), positions.end(), static_cast<std::int32_t>(length_));
  const std::vector<std::int64_t> segments{0, count};
  const auto batch = model_.context_of({tokens, positions, segments}, {}, {});
  Tensor h = model_.embedded({tokens, positions, segments}, batch);
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    if (cancelled && cancelled()) return {};
    const DecoderLayer& layer = model_.layers_[i];
    h = attention(h, layer, *batch, kept_[i]);
    h = mlp(h, layer);
  }
  length_ += count;
  return model_.logits(normed(h.narrow(0, count - 1, 1).contiguous(), model_.final_norm_)).view({-1});
}

Tensor Reading::normed(const Tensor& h, const Tensor& weight) const {
  Tensor y = rows_like(h, h.size(1));
  norm_forward(h, weight, model_.config().norm_eps, y, at::empty({h.size(0)}, h.options()));
  return y;
}

Tensor Reading::attention(const Tensor& h, const DecoderLayer& layer, const BatchContext& batch, const Kept& kept) const {
  const auto count = h.size(0);
  std::array<Tensor, 3> out;
  strength_forward(std::array{layer.q.adapted(), layer.k.adapted(), layer.v.adapted()}, normed(h, layer.input_norm), strength_, out);
  const auto turned = [&](const Tensor& x, const Tensor& weight, std::int64_t heads) {
    const Tensor y = weight.defined() ? normed(x.reshape({count * heads, batch.head_size}), weight).view({count, -1}) : x;
    rotate(y, batch.cosine, batch.sine, heads, 1, y);
    return y;
  };
  kept.k.narrow(0, length_, count).copy_(turned(out[1], layer.k_norm, batch.kv_heads));
  kept.v.narrow(0, length_, count).copy_(out[2]);
  std::array<Tensor, 1> y;
  strength_forward(std::array{layer.o.adapted()}, attend(turned(out[0], layer.q_norm, batch.heads), layer, batch, kept), strength_, y);
  return h + y[0];
}

// [n, heads * head] of the new tokens over all keys that they may see.
Tensor Reading::attend(const Tensor& q, const DecoderLayer& layer, const BatchContext& batch, const Kept& kept) const {
  const auto count = q.size(0), end = length_ + count;
  // a window hides keys from all of the new tokens: those are not read
  const std::int64_t first = layer.window > 0 ? std::max<std::int64_t>(0, length_ + 1 - layer.window) : 0;
  const auto by_head = [&](const Tensor& x, std::int64_t heads) { return x.view({x.size(0), heads, batch.head_size}).transpose(0, 1).unsqueeze(0); };
  const Tensor k = by_head(kept.k.narrow(0, first, end - first), batch.kv_heads), v = by_head(kept.v.narrow(0, first, end - first), batch.kv_heads);
  std::optional<Tensor> seen;
  if (count > 1) {
    const Tensor key = at::arange(first, end).unsqueeze(0), query = at::arange(length_, end).unsqueeze(1);
    Tensor mask = key.le(query);
    if (layer.window > 0) mask = mask.logical_and(key.gt(query - layer.window));
    seen = mask;
  }
  const Tensor y = at::scaled_dot_product_attention(by_head(q, batch.heads), k, v, seen, /*dropout_p=*/0, /*is_causal=*/false, /*scale=*/std::nullopt,
                                                    /*enable_gqa=*/batch.heads != batch.kv_heads);
  return y.squeeze(0).transpose(0, 1).reshape({count, -1});
}

Tensor Reading::mlp(const Tensor& h, const DecoderLayer& layer) const {
  std::array<Tensor, 2> out;
  strength_forward(std::array{layer.gate.adapted(), layer.up.adapted()}, normed(h, layer.post_norm), strength_, out);
  const Tensor inner = rows_like(h, out[0].size(1));
  swiglu(out[0], out[1], inner);
  std::array<Tensor, 1> y;
  strength_forward(std::array{layer.down.adapted()}, inner, strength_, y);
  return h + y[0];
}

}  // namespace weft
