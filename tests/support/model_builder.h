// SPDX-License-Identifier: GPL-3.0-or-later
// Tiny random models of every supported family as a Hugging Face folder and as the GGUF file that llama.cpp's converter
// would make of it (names, transposed rotary rows of Llama), from the same numbers.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/core/json.h"
#include "engine/formats/families/family.h"
#include "engine/formats/safetensors.h"
#include "tests/support/gguf_builder.h"
#include "tests/support/test_files.h"

namespace weft::test {

struct TinyModel {
  const ModelFamily* family = nullptr;
  ModelConfig config;
  std::map<std::string, std::vector<std::int64_t>> shapes;   // by Hugging Face name
  std::map<std::string, std::vector<float>> values;
  std::map<std::string, std::string> gguf_names;
  std::map<std::string, std::int64_t> rotary_heads;          // rows that GGUF stores pairwise

  explicit TinyModel(const char* name, bool attention_bias = false, bool tied = false) : family(family_of_hf(name)) {
    config.layers = 2, config.width = 16, config.feed_forward = 24, config.heads = 4, config.kv_heads = 2;
    config.head_size = family->head_size > 0 ? 8 : 4;
    config.vocabulary = 20, config.context = 64, config.norm_eps = 1e-6, config.rope_theta = 5000;
    config.attention_bias = attention_bias || family->attention_bias;
    config.tied_embeddings = tied;
    float next = 0;
    for (const auto& kind : family->weights) {
      const bool left_out = (kind.need == Need::AttentionBias && !config.attention_bias) || kind.need == Need::MlpBias ||
                            (kind.need == Need::UntiedHead && tied);
      if (left_out) continue;
      for (std::int64_t layer = 0; layer < (is_layered(kind) ? config.layers : 1); ++layer) {
        const std::string hf = layer_name(kind.hf, layer);
        shapes[hf] = {dim_size(kind.rows, config)};
        if (kind.cols != Dim::None) shapes[hf].push_back(dim_size(kind.cols, config));
        std::int64_t elements = 1;
        for (const auto size : shapes[hf]) elements *= size;
        for (std::int64_t i = 0; i < elements; ++i) values[hf].push_back(next += 0.25F);
        gguf_names[hf] = layer_name(kind.gguf, layer);
        if (kind.rotary && family->gguf_interleaved) rotary_heads[hf] = kind.rows == Dim::Query ? config.heads : config.kv_heads;
      }
    }
  }

  [[nodiscard]] Json hf_config() const {
    Json json = {{"architectures", {family->hf_class}}, {"model_type", family->hf_model_type}, {"hidden_size", config.width}};
    json["num_hidden_layers"] = config.layers, json["intermediate_size"] = config.feed_forward;
    json["num_attention_heads"] = config.heads, json["num_key_value_heads"] = config.kv_heads, json["head_dim"] = config.head_size;
    json["vocab_size"] = config.vocabulary, json["max_position_embeddings"] = config.context;
    json["rms_norm_eps"] = config.norm_eps, json["rope_theta"] = config.rope_theta, json["hidden_act"] = "silu";
    json["tie_word_embeddings"] = config.tied_embeddings, json["attention_bias"] = config.attention_bias;
    json["sliding_window"] = nullptr;
    return json;
  }

  [[nodiscard]] SafeTensorSource source(const std::string& name) const {
    return {name, "F32", shapes.at(name), [numbers = values.at(name)](std::byte* out, std::uint64_t bytes) {
              std::memcpy(out, numbers.data(), bytes);
              return Status();
            }};
  }

  // config.json and one model.safetensors with the tensors that `keep` wants.
  void write_hf(const TemporaryFolder& folder, const Json& json, const std::function<bool(const std::string&)>& keep = {},
                const std::string& file = "model.safetensors") const {
    folder.write("config.json", json.dump());
    std::vector<SafeTensorSource> sources;
    for (const auto& [name, shape] : shapes)
      if (!keep || keep(name)) sources.push_back(source(name));
    ASSERT_TRUE(write_safetensors(folder.file(file), sources).ok());
  }

  [[nodiscard]] GgufBuilder gguf() const {
    const std::string prefix = std::string(*family->gguf_architecture ? family->gguf_architecture : "llama");
    const auto u = [](std::int64_t value) { return static_cast<std::uint32_t>(value); };
    GgufBuilder builder;
    builder.text("general.architecture", prefix).u32(prefix + ".block_count", u(config.layers));
    builder.u32(prefix + ".embedding_length", u(config.width)).u32(prefix + ".feed_forward_length", u(config.feed_forward));
    builder.u32(prefix + ".attention.head_count", u(config.heads)).u32(prefix + ".attention.head_count_kv", u(config.kv_heads));
    builder.u32(prefix + ".attention.key_length", u(config.head_size)).u32(prefix + ".attention.value_length", u(config.head_size));
    builder.u32(prefix + ".context_length", u(config.context));
    builder.f32(prefix + ".attention.layer_norm_rms_epsilon", static_cast<float>(config.norm_eps));
    builder.f32(prefix + ".rope.freq_base", static_cast<float>(config.rope_theta));
    return builder;
  }
  void add_tensors(GgufBuilder& builder, const std::function<bool(const std::string&)>& keep = {}) const {
    for (const auto& [name, shape] : shapes)
      if (!keep || keep(name)) builder.tensor(gguf_names.at(name), {shape.begin(), shape.end()}, stored(name));
  }

  // As the converter writes them: reshape(heads, 2, half, columns).swapaxes(1, 2).
  [[nodiscard]] std::vector<float> stored(const std::string& name) const {
    const auto& numbers = values.at(name);
    const auto heads = rotary_heads.find(name);
    if (heads == rotary_heads.end()) return numbers;
    const std::int64_t rows = shapes.at(name)[0], columns = static_cast<std::int64_t>(numbers.size()) / rows;
    const std::int64_t half = rows / heads->second / 2;
    std::vector<float> out;
    for (std::int64_t head = 0; head < heads->second; ++head)
      for (std::int64_t i = 0; i < half; ++i)
        for (std::int64_t side = 0; side < 2; ++side)
          for (std::int64_t c = 0; c < columns; ++c)
            out.push_back(numbers[static_cast<std::size_t>(((head * 2 + side) * half + i) * columns + c)]);
    return out;
  }
};

}  // namespace weft::test
