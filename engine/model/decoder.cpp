// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/decoder.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/model/ops.h"
#include "engine/model/rotary.h"

namespace weft {

Result<std::unique_ptr<Decoder>> Decoder::load(std::shared_ptr<const ModelSource> source, at::ScalarType dtype) {
  const at::NoGradGuard no_grad;
  const ModelConfig& config = source->config();
  WEFT_ASSIGN_OR_RETURN(const DecoderFamily* family, find_decoder_family(config.architecture));
  if (config.activation != "silu")
    return unsupported("[model] activation \"" + config.activation + "\" is not supported for " + config.architecture + " models; silu is");
  if (config.heads < 1 || config.kv_heads < 1 || config.heads % config.kv_heads != 0 || config.head_size < 2 || config.head_size % 2 != 0)
    return corrupt(fmt::format("[model] {} heads, {} key/value heads and head size {} do not fit together", config.heads, config.kv_heads,
                               config.head_size));
  std::unique_ptr<Decoder> model(new Decoder(std::move(source)));
  model->traits_ = family->traits(config);
  model->anchor_ = at::zeros({1}, at::TensorOptions(dtype)).set_requires_grad(true);
  WEFT_RETURN_IF_ERROR(model->load_weights(dtype));
  return model;
}

Status Decoder::load_weights(at::ScalarType dtype) {
  const ModelConfig& c = config();
  WEFT_ASSIGN_OR_RETURN(inverse_frequency_, inverse_frequencies(c));
  WEFT_ASSIGN_OR_RETURN(embedding_, weight("model.embed_tokens.weight", {c.vocabulary, c.width}, dtype));
  WEFT_ASSIGN_OR_RETURN(final_norm_, weight("model.norm.weight", {c.width}, dtype));
  if (c.tied_embeddings && !source_->find("lm_head.weight")) {
    output_ = embedding_;
  } else {
    WEFT_ASSIGN_OR_RETURN(output_, weight("lm_head.weight", {c.vocabulary, c.width}, dtype));
  }
  layers_.resize(static_cast<std::size_t>(c.layers));
  const auto q_size = c.heads * c.head_size, kv_size = c.kv_heads * c.head_size;
  for (int i = 0; i < static_cast<int>(c.layers); ++i) {
    Layer& layer = layers_[static_cast<std::size_t>(i)];
    const std::string prefix = "model.layers." + std::to_string(i) + ".";
    WEFT_ASSIGN_OR_RETURN(layer.input_norm, weight(prefix + "input_layernorm.weight", {c.width}, dtype));
    WEFT_ASSIGN_OR_RETURN(layer.post_norm, weight(prefix + "post_attention_layernorm.weight", {c.width}, dtype));
    if (traits_.qk_norm) {
      WEFT_ASSIGN_OR_RETURN(layer.q_norm, weight(prefix + "self_attn.q_norm.weight", {c.head_size}, dtype));
      WEFT_ASSIGN_OR_RETURN(layer.k_norm, weight(prefix + "self_attn.k_norm.weight", {c.head_size}, dtype));
    }
    WEFT_RETURN_IF_ERROR(load_linear(layer.q, i, prefix + "self_attn.q_proj", q_size, c.width, traits_.qkv_bias, dtype));
    WEFT_RETURN_IF_ERROR(load_linear(layer.k, i, prefix + "self_attn.k_proj", kv_size, c.width, traits_.qkv_bias, dtype));
    WEFT_RETURN_IF_ERROR(load_linear(layer.v, i, prefix + "self_attn.v_proj", kv_size, c.width, traits_.qkv_bias, dtype));
    WEFT_RETURN_IF_ERROR(load_linear(layer.o, i, prefix + "self_attn.o_proj", c.width, q_size, traits_.output_bias, dtype));
    WEFT_RETURN_IF_ERROR(load_linear(layer.gate, i, prefix + "mlp.gate_proj", c.feed_forward, c.width, traits_.mlp_bias, dtype));
    WEFT_RETURN_IF_ERROR(load_linear(layer.up, i, prefix + "mlp.up_proj", c.feed_forward, c.width, traits_.mlp_bias, dtype));
    WEFT_RETURN_IF_ERROR(load_linear(layer.down, i, prefix + "mlp.down_proj", c.width, c.feed_forward, traits_.mlp_bias, dtype));
    const bool slides = c.sliding_window > 0 && (c.sliding_layers.empty() || c.sliding_layers[static_cast<std::size_t>(i)]);
    layer.window = slides ? c.sliding_window : 0;
  }
  return {};
}

Result<Tensor> Decoder::weight(const std::string& name, const std::vector<std::int64_t>& shape, at::ScalarType dtype) {
  const Weight* stored = source_->find(name);
  if (!stored) return corrupt(fmt::format("{} has no weight {}", source_->path(), name));
  if (stored->shape != shape)
    return corrupt(fmt::format("{}: weight {} has shape [{}], its configuration says [{}]", source_->path(), stored->stored_name,
                               fmt::join(stored->shape, ", "), fmt::join(shape, ", ")));
  parameters_ += stored->elements();
  const bool as_it_lies = stored->type == WeightType::F32 && stored->rope_heads == 0 && reinterpret_cast<std::uintptr_t>(stored->data) % 4 == 0;
  Tensor out;
  if (as_it_lies) {
    out = at::from_blob(const_cast<std::byte*>(stored->data), shape, at::TensorOptions(at::kFloat));  // source_ keeps the map
  } else {
    out = at::empty(shape, at::TensorOptions(at::kFloat));
    if (Status status = decode_weight(*stored, out.mutable_data_ptr<float>()); !status.ok())
      return status.with_context(source_->path() + ": weight " + stored->stored_name);
  }
  return dtype == at::kFloat ? out : out.to(dtype);
}

Status Decoder::load_linear(Linear& linear, int layer, const std::string& path, std::int64_t out, std::int64_t in, bool bias, at::ScalarType dtype) {
  WEFT_ASSIGN_OR_RETURN(Tensor matrix, weight(path + ".weight", {out, in}, dtype));
  linear.site = {path, path.substr(path.rfind('.') + 1), layer, out, in};
  linear.base = std::make_unique<DenseBase>(std::move(matrix));
  if (bias) {
    WEFT_ASSIGN_OR_RETURN(linear.bias, weight(path + ".bias", {out}, dtype));
  }
  return {};
}

Tensor Decoder::apply(const Linear& linear, const Tensor& x) const {
  Tensor y = fused_linear(x, anchor_, *linear.base, linear.bias, linear.factors);
  if (watch_ && watch_->empty() && !at::isfinite(y.sum()).item<bool>()) *watch_ = linear.site.path;
  return y;
}

std::string Decoder::find_non_finite(const TokenBatch& batch) const {
  const at::NoGradGuard no_grad;
  std::string site;
  watch_ = &site;
  (void)hidden(batch);
  watch_ = nullptr;
  return site;
}

Tensor Decoder::block(const Layer& layer, const Tensor& h, const Tensor& cosine, const Tensor& sine,
                      const std::vector<std::int64_t>& segments) const {
  const ModelConfig& c = config();
  const Tensor a = rms_norm(h, layer.input_norm, c.norm_eps);
  Tensor q = apply(layer.q, a), k = apply(layer.k, a);
  const Tensor v = apply(layer.v, a);
  if (traits_.qk_norm) {
    q = rms_norm(q.view({-1, c.head_size}), layer.q_norm, c.norm_eps).view(q.sizes());
    k = rms_norm(k.view({-1, c.head_size}), layer.k_norm, c.norm_eps).view(k.sizes());
  }
  q = rotate(q, cosine, sine, c.heads);
  k = rotate(k, cosine, sine, c.kv_heads);
  const Tensor middle = h + apply(layer.o, segmented_attention(q, k, v, segments, c.heads, c.kv_heads, layer.window));
  const Tensor b = rms_norm(middle, layer.post_norm, c.norm_eps);
  return middle + apply(layer.down, swiglu(apply(layer.gate, b), apply(layer.up, b)));
}

Tensor Decoder::hidden(const TokenBatch& batch) const {
  const auto tokens = static_cast<std::int64_t>(batch.ids.size());
  const auto options = at::TensorOptions(at::kInt);
  const Tensor ids = at::from_blob(const_cast<std::int32_t*>(batch.ids.data()), {tokens}, options);
  const Tensor positions = at::from_blob(const_cast<std::int32_t*>(batch.positions.data()), {tokens}, options);
  const Tensor angles = positions.to(at::kFloat).unsqueeze(1) * inverse_frequency_.unsqueeze(0);  // [T, head/2] float32, as the reference has it
  const Tensor cosine = angles.cos().to(embedding_.scalar_type()), sine = angles.sin().to(embedding_.scalar_type());
  Tensor h = embedding_.index_select(0, ids);
  for (const auto& layer : layers_) h = block(layer, h, cosine, sine, batch.segments);
  return rms_norm(h, final_norm_, config().norm_eps);
}

Tensor Decoder::logits(const Tensor& hidden_rows) const { return hidden_rows.matmul(output_.t()).to(at::kFloat); }

std::vector<Decoder::Linear*> Decoder::linears() {
  std::vector<Linear*> all;
  for (auto& l : layers_)
    for (Linear* linear : {&l.q, &l.k, &l.v, &l.o, &l.gate, &l.up, &l.down}) all.push_back(linear);
  return all;
}

void Decoder::attach(const std::string& site_path, const LinearFactors* factors) {
  for (Linear* linear : linears())
    if (linear->site.path == site_path) linear->factors = factors;
}

}  // namespace weft
