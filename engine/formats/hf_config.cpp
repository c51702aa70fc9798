// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/hf_config.h"

#include "engine/api/model_info.h"
#include "engine/core/text_util.h"
#include "engine/formats/model_parts.h"

namespace weft {
namespace {

// Reads typed keys; remembers the first that is missing or wrong. Null counts as absent, as in transformers.
class Fields {
 public:
  Fields(const Json& json, std::string place) : json_(json), place_(std::move(place)) {}

  const Json* find(const char* key) const {
    const auto found = json_.find(key);
    return found == json_.end() || found->is_null() ? nullptr : &*found;
  }

  std::int64_t integer(const char* key, std::int64_t fallback) {
    const Json* value = find(key);
    if (value == nullptr) return fallback;
    if (value->is_number_unsigned() && value->get<std::uint64_t>() < (std::uint64_t{1} << 62)) return value->get<std::int64_t>();
    if (value->is_number_integer() && !value->is_number_unsigned()) return value->get<std::int64_t>();
    wrong(key, "a whole number", *value);
    return fallback;
  }
  std::int64_t needed_integer(const char* key) {
    if (find(key) == nullptr) missing(key);
    return integer(key, 0);
  }
  double number(const char* key, double fallback) {
    const Json* value = find(key);
    if (value == nullptr) return fallback;
    if (value->is_number()) return value->get<double>();
    wrong(key, "a number", *value);
    return fallback;
  }
  bool flag(const char* key, bool fallback) {
    const Json* value = find(key);
    if (value == nullptr) return fallback;
    if (value->is_boolean()) return value->get<bool>();
    wrong(key, "true or false", *value);
    return fallback;
  }
  std::string text(const char* key, const std::string& fallback) {
    const Json* value = find(key);
    if (value == nullptr) return fallback;
    if (value->is_string()) return value->get<std::string>();
    wrong(key, "a text", *value);
    return fallback;
  }

  void wrong(const char* key, const char* kind, const Json& value) {
    fail(place_ + std::string(key) + " should be " + kind + ", but is " + quoted_excerpt(to_json_line(value), 40));
  }
  void missing(const char* key) { fail(place_ + std::string(key) + " is missing"); }
  void fail(std::string message) {
    if (status_.ok()) status_ = corrupt("config.json: " + std::move(message));
  }
  const Status& status() const { return status_; }

 private:
  const Json& json_;
  std::string place_;
  Status status_;
};

// v4: rope_theta beside rope_scaling {type or rope_type, ...}; v5: all of it in rope_parameters.
Status read_rope(Fields& fields, ModelConfig& config, Status& usable) {
  config.rope_theta = fields.number("rope_theta", 10000);
  const Json* block = fields.find("rope_parameters");
  if (block == nullptr) block = fields.find("rope_scaling");
  if (block == nullptr) return {};
  if (!block->is_object()) {
    fields.wrong("rope_parameters", "an object", *block);
    return {};
  }
  if (block->contains("full_attention") || block->contains("sliding_attention")) {
    if (usable.ok()) usable = unsupported("its layers use different rotary embeddings (rope_parameters per layer type), which is not supported");
    return {};
  }
  Fields rope(*block, "rope_parameters.");
  config.rope_theta = rope.number("rope_theta", config.rope_theta);
  config.rope.type = rope.text("rope_type", rope.text("type", "default"));
  config.rope.factor = rope.number("factor", 1);
  config.rope.low_freq_factor = rope.number("low_freq_factor", 1);
  config.rope.high_freq_factor = rope.number("high_freq_factor", 4);
  config.rope.original_context = rope.integer("original_max_position_embeddings", config.context);
  if (rope.number("partial_rotary_factor", 1) != 1 && usable.ok())
    usable = unsupported("it rotates only a part of each head (partial_rotary_factor), which is not supported");
  if (!(config.rope.factor > 0)) rope.fail("rope factor must be above 0");
  if (config.rope.type == "llama3" && !(config.rope.high_freq_factor > config.rope.low_freq_factor && config.rope.low_freq_factor > 0))
    rope.fail("rope high_freq_factor must be above low_freq_factor");
  return rope.status();
}

// layer_types wins over max_window_layers, use_sliding_window over sliding_window.
void read_window(Fields& fields, const ModelFamily& family, const Json& json, ModelConfig& config) {
  if (!family.slides) return;
  const std::int64_t fallback = json.contains("sliding_window") ? 0 : family.sliding_window;
  config.sliding_window = fields.integer("sliding_window", fallback);
  if (config.sliding_window < 0) fields.fail("sliding_window must not be negative");
  if (family.window_by_switch && !fields.flag("use_sliding_window", false)) config.sliding_window = 0;
  if (config.sliding_window == 0) return;
  const auto layers = static_cast<std::size_t>(std::max<std::int64_t>(0, std::min<std::int64_t>(config.layers, 100000)));
  if (const Json* types = fields.find("layer_types")) {
    if (!types->is_array() || types->size() != layers) return fields.wrong("layer_types", "a list with an entry per layer", *types);
    for (const auto& type : *types) {
      if (type != "sliding_attention" && type != "full_attention")
        return fields.wrong("layer_types", "made of sliding_attention and full_attention", type);
      config.sliding_layers.push_back(type == "sliding_attention");
    }
  } else if (family.window_by_switch) {
    const std::int64_t first = fields.integer("max_window_layers", 28);
    for (std::size_t i = 0; i < layers; ++i) config.sliding_layers.push_back(static_cast<std::int64_t>(i) >= first);
  }
}

std::string first_class(const Json& json) {
  const auto found = json.find("architectures");
  if (found == json.end() || !found->is_array() || found->empty() || !found->front().is_string()) return "";
  return found->front().get<std::string>();
}

Status check_usable(Fields& fields, const HfConfig& hf) {
  const ModelConfig& config = hf.config;
  if (hf.family == nullptr)
    return unsupported("the architecture " + quoted_excerpt(config.hf_class.empty() ? config.architecture : config.hf_class) +
                       " cannot be trained yet; supported are " + supported_families());
  if (!config.hf_class.empty() && config.hf_class != hf.family->hf_class)
    return unsupported("it is a " + quoted_excerpt(config.hf_class) + "; of this family only " + hf.family->hf_class + " can be trained");
  if (const Json* quantised = fields.find("quantization_config")) {
    const Json method = quantised->is_object() ? quantised->value("quant_method", Json("unknown")) : Json("unknown");
    return unsupported("its weights are quantised by " + quoted_excerpt(method.is_string() ? method.get<std::string>() : "unknown") +
                       ", which cannot be decoded; use the original checkpoint or a GGUF file");
  }
  if (config.activation != "silu" && config.activation != "swish")
    return unsupported("the activation " + quoted_excerpt(config.activation) + " is not supported by " + std::string(hf.family->name));
  return {};
}

}  // namespace

Result<HfConfig> parse_hf_config(const Json& json) {
  if (!json.is_object()) return corrupt("config.json does not hold an object");
  HfConfig hf;
  ModelConfig& config = hf.config;
  Fields fields(json, "");
  config.architecture = fields.text("model_type", "");
  config.hf_class = first_class(json);
  if (config.architecture.empty() && config.hf_class.empty()) fields.missing("model_type");
  hf.family = family_of_hf(config.architecture);
  WEFT_RETURN_IF_ERROR(fields.status());

  if (hf.family == nullptr) {  // say what can be said; other families spell their keys differently
    Fields loose(json, "");
    config.layers = loose.integer("num_hidden_layers", loose.integer("n_layer", 0));
    config.width = loose.integer("hidden_size", loose.integer("n_embd", 0));
    config.heads = loose.integer("num_attention_heads", loose.integer("n_head", 0));
    config.kv_heads = loose.integer("num_key_value_heads", config.heads);
    config.head_size = loose.integer("head_dim", config.heads > 0 ? config.width / config.heads : 0);
    config.feed_forward = loose.integer("intermediate_size", 0);
    config.vocabulary = loose.integer("vocab_size", 0);
    config.context = loose.integer("max_position_embeddings", loose.integer("n_positions", 0));
    config.norm_eps = loose.number("rms_norm_eps", loose.number("layer_norm_eps", 0));
    config.rope_theta = loose.number("rope_theta", 0);
    config.tied_embeddings = loose.flag("tie_word_embeddings", false);
    config.raw = json;
    hf.usable = check_usable(fields, hf);
    return hf;
  }
  config.layers = fields.needed_integer("num_hidden_layers");
  config.width = fields.needed_integer("hidden_size");
  config.feed_forward = fields.needed_integer("intermediate_size");
  config.heads = fields.needed_integer("num_attention_heads");
  config.kv_heads = fields.integer("num_key_value_heads", config.heads);
  const std::int64_t split = config.heads > 0 ? config.width / config.heads : 0;
  config.head_size = fields.integer("head_dim", hf.family->head_size > 0 ? hf.family->head_size : split);
  config.vocabulary = fields.needed_integer("vocab_size");
  config.context = fields.integer("max_position_embeddings", 2048);
  config.norm_eps = fields.number("rms_norm_eps", 1e-6);
  config.tied_embeddings = fields.flag("tie_word_embeddings", false);
  config.attention_bias = hf.family->attention_bias || fields.flag("attention_bias", false);
  config.mlp_bias = fields.flag("mlp_bias", false);
  config.activation = fields.text("hidden_act", "silu");
  WEFT_RETURN_IF_ERROR(read_rope(fields, config, hf.usable));
  read_window(fields, *hf.family, json, config);
  WEFT_RETURN_IF_ERROR(fields.status());
  WEFT_RETURN_IF_ERROR(check_config(config).with_context("config.json"));
  if (hf.usable.ok()) hf.usable = check_usable(fields, hf);
  if (config.hf_class.empty()) config.hf_class = hf.family->hf_class;
  config.raw = json;
  return hf;
}

}  // namespace weft
