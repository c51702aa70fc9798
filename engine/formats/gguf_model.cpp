// SPDX-License-Identifier: GPL-3.0-or-later
// GGUF file -> configuration and weights. Keys and name map: formats.md 2.9 and 2.10.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>

#include "engine/api/model_info.h"
#include "engine/core/text_util.h"
#include "engine/formats/model_parts.h"
#include "engine/quant/gguf_blocks.h"

namespace weft {
namespace {

constexpr std::uint64_t kLongestRawArray = 64;
constexpr double kLlama3LowFactor = 1, kLlama3HighFactor = 4;
constexpr std::int64_t kLlama3OriginalContext = 8192;

// Metadata under the architecture's prefix; remembers the first key that is missing or wrong.
class Keys {
 public:
  Keys(const GgufFile& file, std::string prefix, bool strict) : file_(file), prefix_(std::move(prefix) + "."), strict_(strict) {}

  const GgufValue* find(const char* key) const { return file_.find(prefix_ + key); }

  std::int64_t integer(const char* key, std::int64_t fallback) {
    const GgufValue* value = find(key);
    if (value == nullptr) return fallback;
    if (const auto number = value->as_i64()) return *number;
    wrong(key, "a whole number", *value);
    return fallback;
  }
  std::int64_t needed_integer(const char* key) {
    if (find(key) == nullptr) fail("the metadata key " + prefix_ + key + " is missing");
    return integer(key, 0);
  }
  // float32 values read as the shortest decimal that means them: 1e-05, not 9.99999974737875e-06.
  double number(const char* key, double fallback) {
    const GgufValue* value = find(key);
    if (value == nullptr) return fallback;
    const auto number = value->as_f64();
    if (!number) wrong(key, "a number", *value);
    if (!number || value->type() != GgufType::F32) return number.value_or(fallback);
    char text[64];
    const auto end = std::to_chars(text, text + sizeof text, static_cast<float>(*number)).ptr;
    double exact = *number;
    std::from_chars(text, end, exact);
    return exact;
  }

  void wrong(const char* key, const char* kind, const GgufValue& value) {
    fail("the metadata key " + prefix_ + key + " should be " + kind + ", but is " + value.describe());
  }
  void fail(std::string message) {
    if (strict_ && status_.ok()) status_ = corrupt(std::move(message));
  }
  const Status& status() const { return status_; }

 private:
  const GgufFile& file_;
  const std::string prefix_;
  const bool strict_;  // false: an unknown family, nothing is needed
  Status status_;
};

// "SmolLM2-135M-Instruct.Q4_1.gguf" -> "SmolLM2-135M-Instruct"
std::string name_of_file(const std::string& path) {
  std::string stem = std::filesystem::path(path).stem().string();
  const auto dot = stem.find_last_of(".-");
  if (dot == std::string::npos || dot == 0) return stem;
  std::string tail = stem.substr(dot + 1);
  std::transform(tail.begin(), tail.end(), tail.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  for (const char* suffix : {"_S", "_M", "_L"})
    if (tail.ends_with(suffix)) tail.resize(tail.size() - 2);
  return gguf_block_format(tail.c_str()) ? stem.substr(0, dot) : stem;
}

Json raw_metadata(const GgufFile& file) {
  // Keys are known to differ, so they are appended without the ordered map's linear search.
  Json::object_t raw;
  for (const auto& [key, value] : file.metadata())
    static_cast<Json::object_t::Container&>(raw).emplace_back(valid_utf8(key), value.to_json(kLongestRawArray));
  return raw;
}

std::vector<Weight> stored_weights(const GgufFile& file) {
  std::vector<Weight> weights;
  weights.reserve(file.tensors().size());
  for (const auto& tensor : file.tensors()) {
    Weight weight;
    weight.name = weight.stored_name = valid_utf8(tensor.name);
    weight.stored_type = tensor.type_name;
    weight.type = weight_type_of(weight.stored_type);
    weight.shape = tensor.shape;
    weight.data = tensor.data;
    weight.bytes = tensor.bytes;
    weights.push_back(std::move(weight));
  }
  return weights;
}

// Llama 3 files keep the divisors of the rotary frequencies as a tensor instead of the numbers they came from. Finds those
// numbers again: llama.cpp's converter only writes low 1 and high 4, and mostly 8192.
Status read_rope_divisors(const GgufTensor& tensor, std::int64_t stated_context, ModelConfig& config) {
  const auto half = config.head_size / 2;
  if (std::string_view(tensor.type_name) != "F32" || tensor.elements() != half)
    return corrupt("rope_freqs.weight is " + std::string(tensor.type_name) + " " + shape_text(tensor.shape) + ", but F32 [" +
                   std::to_string(half) + "] is needed");
  std::vector<float> divisors(static_cast<std::size_t>(half));
  gguf_block_format(tensor.type_id)->decode(tensor.data, divisors.data(), divisors.size());
  const double factor = divisors.back();
  if (std::all_of(divisors.begin(), divisors.end(), [](float d) { return d == 1.0F; })) return {};
  const auto matches = [&](double context) {
    for (std::int64_t i = 0; i < half; ++i) {
      const double wavelength = 2 * M_PI * std::pow(config.rope_theta, 2.0 * static_cast<double>(i) / static_cast<double>(config.head_size));
      double expected = factor;
      if (wavelength < context / kLlama3HighFactor) {
        expected = 1;
      } else if (wavelength <= context / kLlama3LowFactor) {
        const double smooth = (context / wavelength - kLlama3LowFactor) / (kLlama3HighFactor - kLlama3LowFactor);
        expected = 1 / ((1 - smooth) / factor + smooth);
      }
      if (!(std::abs(divisors[static_cast<std::size_t>(i)] - expected) <= 1e-3 * expected)) return false;
    }
    return true;
  };
  for (const std::int64_t context : {kLlama3OriginalContext, stated_context}) {
    if (!(factor >= 1) || context <= 0 || !matches(static_cast<double>(context))) continue;
    config.rope = {"llama3", factor, kLlama3LowFactor, kLlama3HighFactor, context};
    return {};
  }
  return unsupported("its rotary frequencies (rope_freqs.weight) do not follow the formula of Llama 3; they cannot be honoured");
}

void read_rope_scaling(Keys& keys, ModelConfig& config) {
  const GgufValue* type = keys.find("rope.scaling.type");
  const auto text = type ? type->as_string() : std::nullopt;
  const double factor = keys.number("rope.scaling.factor", keys.number("rope.scale_linear", 1));
  if (text && *text != "none" && *text != "linear") {
    config.rope.type = valid_utf8(*text);
    config.rope.original_context = keys.integer("rope.scaling.original_context_length", config.context);
  } else if (factor != 1 && factor > 0 && !(text && *text == "none")) {
    config.rope.type = "linear";
  }
  config.rope.factor = factor;
}

void read_config(const GgufFile& file, const std::string& architecture, ModelConfig& config, Keys& keys) {
  config.architecture = architecture;
  config.layers = keys.needed_integer("block_count");
  config.width = keys.needed_integer("embedding_length");
  config.feed_forward = keys.needed_integer("feed_forward_length");
  config.heads = keys.needed_integer("attention.head_count");
  config.kv_heads = keys.integer("attention.head_count_kv", config.heads);
  config.head_size = keys.integer("attention.key_length", config.heads > 0 ? config.width / config.heads : 0);
  config.context = keys.needed_integer("context_length");
  config.norm_eps = keys.number("attention.layer_norm_rms_epsilon", keys.number("attention.layer_norm_epsilon", 0));
  config.rope_theta = keys.number("rope.freq_base", 10000);
  const GgufTensor* embedding = file.find_tensor("token_embd.weight");
  const GgufValue* tokens = file.find("tokenizer.ggml.tokens");
  config.vocabulary = embedding && embedding->shape.size() == 2 ? embedding->shape[0]
                      : keys.find("vocab_size")                 ? keys.integer("vocab_size", 0)
                      : tokens && tokens->is_array()            ? static_cast<std::int64_t>(tokens->count())
                                                                : 0;
  config.tied_embeddings = embedding != nullptr && file.find_tensor("output.weight") == nullptr;
  config.attention_bias = file.find_tensor("blk.0.attn_q.bias") != nullptr;
  config.mlp_bias = file.find_tensor("blk.0.ffn_gate.bias") != nullptr;
  read_rope_scaling(keys, config);
}

// What the metadata can ask for beyond the family's forward pass.
Status check_usable(const GgufFile& file, const ModelFamily* family, Keys& keys, ModelConfig& config) {
  const auto type = file.get_string("general.type");
  if (type && *type != "model") return unsupported("it is a GGUF file of type " + quoted_excerpt(*type) + ", not a model");
  if (family == nullptr)
    return unsupported("the architecture " + quoted_excerpt(config.architecture) + " cannot be trained yet; supported are " +
                       supported_families());
  if (file.tensors().empty()) return unsupported("it holds a tokenizer but no weights (a vocabulary-only file)");
  if (keys.integer("expert_count", 0) > 0)
    return unsupported("it is a mixture of " + std::to_string(keys.integer("expert_count", 0)) + " experts, which is not supported");
  if (keys.integer("attention.value_length", config.head_size) != config.head_size)
    return unsupported("its values have another size than its keys (" + std::to_string(keys.integer("attention.value_length", 0)) + " and " +
                       std::to_string(config.head_size) + "), which is not supported");
  if (keys.integer("rope.dimension_count", config.head_size) != config.head_size)
    return unsupported("it rotates " + std::to_string(keys.integer("rope.dimension_count", 0)) + " of " +
                       std::to_string(config.head_size) + " elements of each head, which is not supported");
  if (family->slides) config.sliding_window = keys.integer("attention.sliding_window", 0);
  if (config.sliding_window < 0) return corrupt("the sliding window has " + std::to_string(config.sliding_window) + " tokens");
  if (family->window_by_switch && config.sliding_window > 0)
    return unsupported("it slides in some of its layers and the file does not say in which");
  return {};
}

}  // namespace

Result<ModelParts> read_gguf_model(const std::string& path) {
  ModelParts parts;
  parts.path = path;
  WEFT_ASSIGN_OR_RETURN(parts.gguf, GgufFile::open(path));
  const GgufFile& file = *parts.gguf;
  parts.format = "GGUF v" + std::to_string(file.version());
  const auto architecture = file.get_string("general.architecture");
  if (!architecture) return corrupt(path + ": the metadata key general.architecture is missing; this file holds no model");
  parts.family = family_of_gguf(*architecture);
  parts.weights = stored_weights(file);

  ModelConfig& config = parts.config;
  Keys keys(file, std::string(*architecture), /*strict=*/parts.family != nullptr && !file.tensors().empty());
  read_config(file, parts.family ? parts.family->name : valid_utf8(*architecture), config, keys);
  config.name = name_of_file(path);
  config.raw = raw_metadata(file);
  if (parts.family) config.hf_class = parts.family->hf_class;
  parts.usable = check_usable(file, parts.family, keys, config);
  if (!keys.status().ok()) return keys.status().with_context(path);
  if (parts.usable.code() == ErrorCode::Corrupt) return parts.usable.with_context(path);
  if (!parts.usable.ok()) return parts;

  if (Status status = check_config(config); !status.ok()) return status.with_context(path);
  if (const GgufTensor* divisors = file.find_tensor("rope_freqs.weight"))
    parts.usable = read_rope_divisors(*divisors, keys.integer("rope.scaling.original_context_length", 0), config);
  if (parts.usable.ok()) parts.usable = bind_weights(parts);
  if (parts.usable.code() == ErrorCode::Corrupt) return parts.usable.with_context(path);
  return parts;
}

}  // namespace weft
