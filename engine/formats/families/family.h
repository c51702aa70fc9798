// SPDX-License-Identifier: GPL-3.0-or-later
// What the formats know of a model family: which tensors it has, under which names, of which shape. Data only.
// A new family is one file beside this one and one line in families.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/formats/model_source.h"

namespace weft {

enum class Dim : std::uint8_t { None, Width, FeedForward, Query, KeyValue, HeadSize, Vocabulary };

// When a tensor is part of the model.
enum class Need : std::uint8_t { Always, AttentionBias, MlpBias, UntiedHead };

// One kind of tensor. "{}" in a name stands for the number of the layer; a name without it exists once.
struct FamilyWeight {
  const char* hf;                 // "model.layers.{}.self_attn.q_proj.weight"
  const char* gguf;               // "blk.{}.attn_q.weight"
  Dim rows, cols = Dim::None;     // torch order; cols None: a vector
  Need need = Need::Always;
  bool rotary = false;            // rows take part in the rotary embedding: see ModelFamily::gguf_interleaved
  bool site = false;              // a linear layer that an adapter may be put on
};

struct ModelFamily {
  const char* name;               // "qwen2"
  const char* hf_model_type;      // config.json: model_type
  const char* hf_class;           // config.json: architectures
  const char* gguf_architecture;  // general.architecture; "": such files say another family's name
  std::span<const FamilyWeight> weights;  // in the order of the forward pass
  bool gguf_interleaved = false;  // GGUF stores rotary rows pairwise
  bool attention_bias = false;    // q, k, v always have a bias, whatever the config says
  bool slides = false;            // honours sliding_window
  std::int64_t head_size = 0;     // when config.json has no head_dim; 0: width / heads
  std::int64_t sliding_window = 0;  // when config.json has no such key
  bool window_by_switch = false;  // sliding_window counts only with use_sliding_window
};

[[nodiscard]] const std::vector<const ModelFamily*>& model_families();
[[nodiscard]] const ModelFamily* family_of_gguf(std::string_view architecture);  // nullptr: not supported
[[nodiscard]] const ModelFamily* family_of_hf(std::string_view model_type);

// The size that a dimension has in a model; 0 for None.
[[nodiscard]] std::int64_t dim_size(Dim dim, const ModelConfig& config);
// The name with the number of the layer put in.
[[nodiscard]] std::string layer_name(std::string_view pattern, std::int64_t layer);
[[nodiscard]] bool is_layered(const FamilyWeight& weight);

// One object per file in this folder.
extern const ModelFamily kLlamaFamily, kMistralFamily, kQwen2Family, kQwen3Family;

}  // namespace weft
