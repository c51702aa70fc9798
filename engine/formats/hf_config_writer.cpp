// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/hf_config_writer.h"

#include "engine/formats/gguf.h"

namespace weft {
namespace {

Json config_from(const ModelConfig& c, const GgufFile& file) {
  Json json = {{"architectures", Json::array({c.hf_class})},
               {"model_type", c.architecture},
               {"hidden_size", c.width},
               {"intermediate_size", c.feed_forward},
               {"num_hidden_layers", c.layers},
               {"num_attention_heads", c.heads},
               {"num_key_value_heads", c.kv_heads},
               {"head_dim", c.head_size},
               {"vocab_size", c.vocabulary},
               {"max_position_embeddings", c.context},
               {"rms_norm_eps", c.norm_eps},
               {"rope_theta", c.rope_theta},
               {"hidden_act", c.activation},
               {"attention_bias", c.attention_bias},
               {"tie_word_embeddings", c.tied_embeddings},
               {"use_cache", true}};
  if (c.architecture == "llama") json["mlp_bias"] = c.mlp_bias;
  if (c.sliding_window > 0) {
    json["sliding_window"] = c.sliding_window;
    json["use_sliding_window"] = true;
  }
  if (c.rope.type == "linear") json["rope_scaling"] = {{"rope_type", "linear"}, {"factor", c.rope.factor}};
  if (c.rope.type == "llama3")
    json["rope_scaling"] = {{"rope_type", "llama3"},
                            {"factor", c.rope.factor},
                            {"low_freq_factor", c.rope.low_freq_factor},
                            {"high_freq_factor", c.rope.high_freq_factor},
                            {"original_max_position_embeddings", c.rope.original_context}};
  for (const auto& [key, name] : {std::pair{"tokenizer.ggml.bos_token_id", "bos_token_id"}, {"tokenizer.ggml.eos_token_id", "eos_token_id"},
                                  {"tokenizer.ggml.padding_token_id", "pad_token_id"}})
    if (const GgufValue* value = file.find(key); value && value->as_u64()) json[name] = *value->as_u64();
  return json;
}

}  // namespace

std::string write_hf_config(const ModelSource& source, const std::string& torch_dtype) {
  Json json = source.gguf() ? config_from(source.config(), *source.gguf()) : source.config().raw;
  json.erase("quantization_config");
  json.erase("dtype");
  json["torch_dtype"] = torch_dtype;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace weft
