// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/decoder.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/core/files.h"
#include "engine/model/rotary.h"
#include "engine/tensor/matmul.h"

namespace weft {

Result<std::unique_ptr<Decoder>> Decoder::load(std::shared_ptr<const ModelSource> source, const DecoderOptions& options) {
  const at::NoGradGuard no_grad;
  const ModelConfig& config = source->config();
  WEFT_ASSIGN_OR_RETURN(const DecoderFamily* family, find_decoder_family(config.architecture));
  if (config.activation != "silu")
    return unsupported("[model] activation \"" + config.activation + "\" is not supported for " + config.architecture + " models; silu is");
  if (config.heads < 1 || config.kv_heads < 1 || config.heads % config.kv_heads != 0 || config.head_size < 2 || config.head_size % 2 != 0)
    return corrupt(fmt::format("[model] {} heads, {} key/value heads and head size {} do not fit together", config.heads, config.kv_heads,
                               config.head_size));
  std::unique_ptr<Decoder> model(new Decoder(std::move(source), options));
  model->traits_ = family->traits(config);
  model->anchor_ = at::zeros({1}, at::TensorOptions(options.dtype)).set_requires_grad(true);
  WEFT_RETURN_IF_ERROR(model->load_weights());
  return model;
}

Status Decoder::load_weights() {
  const ModelConfig& c = config();
  WEFT_ASSIGN_OR_RETURN(inverse_frequency_, inverse_frequencies(c));
  WEFT_ASSIGN_OR_RETURN(embedding_, matrix("model.embed_tokens.weight", c.vocabulary, c.width));
  WEFT_ASSIGN_OR_RETURN(final_norm_, vector("model.norm.weight", c.width));
  if (c.tied_embeddings && !source_->find("lm_head.weight")) {
    output_ = embedding_;
  } else {
    WEFT_ASSIGN_OR_RETURN(output_, matrix("lm_head.weight", c.vocabulary, c.width));
  }
  layers_.resize(static_cast<std::size_t>(c.layers));
  const auto q_size = c.heads * c.head_size, kv_size = c.kv_heads * c.head_size;
  for (int i = 0; i < static_cast<int>(c.layers); ++i) {
    DecoderLayer& layer = layers_[static_cast<std::size_t>(i)];
    layer.index = i;
    const std::string prefix = "model.layers." + std::to_string(i) + ".";
    WEFT_ASSIGN_OR_RETURN(layer.input_norm, vector(prefix + "input_layernorm.weight", c.width));
    WEFT_ASSIGN_OR_RETURN(layer.post_norm, vector(prefix + "post_attention_layernorm.weight", c.width));
    if (traits_.qk_norm) {
      WEFT_ASSIGN_OR_RETURN(layer.q_norm, vector(prefix + "self_attn.q_norm.weight", c.head_size));
      WEFT_ASSIGN_OR_RETURN(layer.k_norm, vector(prefix + "self_attn.k_norm.weight", c.head_size));
    }
    WEFT_RETURN_IF_ERROR(load_linear(layer.q, i, prefix + "self_attn.q_proj", q_size, c.width, traits_.qkv_bias));
    WEFT_RETURN_IF_ERROR(load_linear(layer.k, i, prefix + "self_attn.k_proj", kv_size, c.width, traits_.qkv_bias));
    WEFT_RETURN_IF_ERROR(load_linear(layer.v, i, prefix + "self_attn.v_proj", kv_size, c.width, traits_.qkv_bias));
    WEFT_RETURN_IF_ERROR(load_linear(layer.o, i, prefix + "self_attn.o_proj", c.width, q_size, traits_.output_bias));
    WEFT_RETURN_IF_ERROR(load_linear(layer.gate, i, prefix + "mlp.gate_proj", c.feed_forward, c.width, traits_.mlp_bias));
    WEFT_RETURN_IF_ERROR(load_linear(layer.up, i, prefix + "mlp.up_proj", c.feed_forward, c.width, traits_.mlp_bias));
    WEFT_RETURN_IF_ERROR(load_linear(layer.down, i, prefix + "mlp.down_proj", c.width, c.feed_forward, traits_.mlp_bias));
    const bool slides = c.sliding_window > 0 && (c.sliding_layers.empty() || c.sliding_layers[static_cast<std::size_t>(i)]);
    layer.window = slides ? c.sliding_window : 0;
  }
  return {};
}

Result<Matrix> Decoder::matrix(const std::string& name, std::int64_t rows, std::int64_t columns) {
  WEFT_ASSIGN_OR_RETURN(const Weight* stored, find_weight(*source_, name, {rows, columns}));
  parameters_ += stored->elements();
  return stored_matrix(*source_, *stored, options_.dtype, options_.storage);
}

Result<Tensor> Decoder::vector(const std::string& name, std::int64_t size) {
  WEFT_ASSIGN_OR_RETURN(const Weight* stored, find_weight(*source_, name, {size}));
  parameters_ += stored->elements();
  return decoded_weight(*source_, *stored, options_.dtype);
}

Status Decoder::load_linear(ModelLinear& linear, int layer, const std::string& path, std::int64_t out, std::int64_t in, bool bias) {
  WEFT_ASSIGN_OR_RETURN(Matrix weight, matrix(path + ".weight", out, in));
  linear.site = {path, path.substr(path.rfind('.') + 1), layer, out, in, path.find(".self_attn.") == std::string::npos ? 0 : source_->config().head_size};
  Base::Rounding rounding;
  if (options_.storage == Storage::Nf4 || options_.storage == Storage::NestedNf4) {
    rounding.original = [source = source_, name = path + ".weight", dtype = options_.dtype] {
      const Weight* stored = source->find(name);
      TORCH_CHECK(stored, "[model] ", source->path(), " has no weight ", name);
      const auto values = decoded_weight(*source, *stored, dtype);
      TORCH_CHECK(values.ok(), values.status().message());
      const Tensor copy = values->clone();
      release_pages({stored->data, stored->bytes});  // not looked at again
      return copy;
    };
    rounding.rounded = [options = options_](const Tensor& w) { return rounded_matrix(w, options.dtype, options.storage); };
  }
  linear.base = std::make_unique<Base>(std::move(weight), options_.precision, std::move(rounding));
  if (bias) {
    WEFT_ASSIGN_OR_RETURN(linear.bias, vector(path + ".bias", out));
  }
  return {};
}

std::string Decoder::find_non_finite(const TokenBatch& batch) const {
  const at::NoGradGuard no_grad;
  std::string site;
  (void)hidden(batch, [&site](const ModelLinear& linear, const Tensor&, const Tensor& y) {
    if (site.empty() && !at::isfinite(y.sum()).item<bool>()) site = linear.site.path;
  });
  return site;
}

Decoder::Context Decoder::context_of(const TokenBatch& batch, Watch watch, const DropPass& drop) const {
  const ModelConfig& c = config();
  const Tensor positions = at::from_blob(const_cast<std::int32_t*>(batch.positions.data()), {static_cast<std::int64_t>(batch.ids.size())}, at::TensorOptions(at::kInt));
  const Tensor angles = positions.to(at::kFloat).unsqueeze(1) * inverse_frequency_.unsqueeze(0);  // [T, head/2] float32, as the reference has it
  return std::make_shared<const BatchContext>(
      BatchContext{.cosine = angles.cos().to(embedding_.type()), .sine = angles.sin().to(embedding_.type()), .segments = batch.segments,
                   .heads = c.heads, .kv_heads = c.kv_heads, .head_size = c.head_size, .norm_eps = c.norm_eps, .anchor = anchor_,
                   .watch = std::move(watch), .drop = drop, .layers = c.layers});
}

Tensor Decoder::embedded(const TokenBatch& batch, const Context& context) const {
  const Tensor ids = at::from_blob(const_cast<std::int32_t*>(batch.ids.data()), {static_cast<std::int64_t>(batch.ids.size())}, at::TensorOptions(at::kInt));
  return dropped(embedding_.select_rows(ids), context->drop_place(DropPosition::Input, 0), context);
}

Tensor Decoder::through(Tensor h, std::int64_t first, std::int64_t end, const Context& context) const {
  for (auto i = first; i < end; ++i) {
    const DecoderLayer& layer = layers_[static_cast<std::size_t>(i)];
    h = mlp_block(attention_block(h, layer, context), layer, context);
  }
  return h;
}

Tensor Decoder::finished(const Tensor& h, const Context& context) const {
  return dropped(rms_norm(h, final_norm_, config().norm_eps), context->drop_place(DropPosition::Output, 0), context);
}

Tensor Decoder::hidden(const TokenBatch& batch, Watch watch, const DropPass& drop) const {
  const Context context = context_of(batch, std::move(watch), drop);
  return finished(through(embedded(batch, context), 0, config().layers, context), context);
}

void Decoder::hidden_states(const TokenBatch& batch, const std::function<void(std::size_t number, const Tensor& h)>& hear) const {
  const at::NoGradGuard no_grad;
  const Context context = context_of(batch, {}, {});
  Tensor h = embedded(batch, context);
  hear(0, h);
  for (std::int64_t i = 0; i < config().layers; ++i) {
    h = through(h, i, i + 1, context);
    hear(static_cast<std::size_t>(i) + 1, h);
  }
}

std::array<Tensor, 2> Decoder::hidden_twice(const TokenBatch& batch, const DropPass& first, const DropPass& second, bool second_gradient) const {
  const std::int64_t layers = config().layers, shared = first.dropout.shared_layers(layers);
  const Context one = context_of(batch, {}, first), other = context_of(batch, {}, second);
  // where nothing is shared the second begins with its own embedding, which may be dropped too
  const Tensor together = through(embedded(batch, one), 0, shared, one);
  const Tensor result = finished(through(together, shared, layers, one), one);
  const at::AutoGradMode mode(second_gradient && at::GradMode::is_enabled());
  return {result, finished(through(shared > 0 ? together : embedded(batch, other), shared, layers, other), other)};
}

Tensor Decoder::logits(const Tensor& hidden_rows) const { return product(hidden_rows.contiguous(), output_.t()).to(at::kFloat); }

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

void Decoder::set_activations(const ActivationPolicy& policy) {
  std::size_t first = layers_.size();
  for (std::size_t i = layers_.size(); i-- > 0;)
    for (const Linear* linear : {&layers_[i].q, &layers_[i].k, &layers_[i].v, &layers_[i].o, &layers_[i].gate, &layers_[i].up, &layers_[i].down})
      if (linear->factors) first = i;
  const std::size_t end = policy.layers > 0 ? std::min(layers_.size(), first + static_cast<std::size_t>(policy.layers)) : layers_.size();
  for (std::size_t i = 0; i < layers_.size(); ++i) layers_[i].activations = i < end ? policy.level : Activations::Cheap;
}

}  // namespace weft
