// SPDX-License-Identifier: GPL-3.0-or-later
// A base model on disk, whatever its format: configuration, and weights under their Hugging Face names as rows of floats.
// Files are memory-mapped; nothing is decoded until asked for. Immutable after open(): safe from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/json.h"
#include "engine/core/status.h"

namespace weft {

// Rotary embedding scaling, as transformers names it. "default" needs no further field.
struct RopeScaling {
  std::string type = "default";     // default | linear | llama3 ; others are kept by name and refused by the model
  double factor = 1, low_freq_factor = 1, high_freq_factor = 4;
  std::int64_t original_context = 0;
};

// The hyper-parameters shared by decoder families, already resolved from GGUF metadata or config.json (v4 or v5 spelling).
struct ModelConfig {
  std::string architecture;         // family name: "llama", "mistral", "qwen2", "qwen3", ...
  std::string hf_class;             // "LlamaForCausalLM"; derived for GGUF
  std::string name;
  std::int64_t layers = 0, width = 0, feed_forward = 0;
  std::int64_t heads = 0, kv_heads = 0, head_size = 0;
  std::int64_t vocabulary = 0, context = 0;
  double norm_eps = 1e-5, rope_theta = 10000;
  RopeScaling rope;
  std::int64_t sliding_window = 0;  // 0: none
  std::vector<bool> sliding_layers; // per layer; empty: all layers slide when sliding_window > 0
  bool attention_bias = false;      // q, k, v (Llama: o too)
  bool mlp_bias = false;
  bool tied_embeddings = false;
  std::string activation = "silu";
  Json raw;                         // config.json, or GGUF metadata without arrays longer than 64
};

enum class WeightType : std::uint8_t { F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K, Other };
[[nodiscard]] const char* weight_type_name(WeightType type);

struct Weight {
  std::string name;                  // Hugging Face name: "model.layers.0.self_attn.q_proj.weight"
  std::string stored_name;           // as in the file: "blk.0.attn_q.weight"
  std::string stored_type;           // "Q4_1", also of types that cannot be decoded
  WeightType type = WeightType::F32;
  std::vector<std::int64_t> shape;   // torch order; at most 4 dimensions
  const std::byte* data = nullptr;   // inside the map
  std::uint64_t bytes = 0;
  std::int64_t rope_heads = 0;       // > 0: rows are stored in GGUF's interleaved rotary order for so many heads
  [[nodiscard]] std::int64_t elements() const {
    std::int64_t n = 1;
    for (const auto d : shape) n *= d;
    return n;
  }
};

// Left over from the training program: rotary tables, which everyone computes anew and no Hugging Face model has as weights.
[[nodiscard]] bool is_derived_weight(const std::string& stored_name);

class ModelSource {
 public:
  // GGUF file or Hugging Face folder. Checks every length, offset, duplicate and overlap before it returns.
  [[nodiscard]] static Result<std::shared_ptr<const ModelSource>> open(const std::string& path);
  virtual ~ModelSource() = default;

  [[nodiscard]] virtual const std::string& path() const = 0;
  [[nodiscard]] virtual const std::string& format() const = 0;          // "GGUF v3", "Hugging Face folder"
  [[nodiscard]] virtual const ModelConfig& config() const = 0;
  [[nodiscard]] virtual const std::vector<Weight>& weights() const = 0;  // in file order
  [[nodiscard]] virtual const Weight* find(const std::string& hf_name) const = 0;  // nullptr when absent
  // GGUF metadata that other parts read (tokenizer, template, licence). Null for Hugging Face folders.
  [[nodiscard]] virtual const class GgufFile* gguf() const = 0;
  // The folder that holds tokenizer.json and the like; "" for GGUF.
  [[nodiscard]] virtual std::string folder() const = 0;
};

// Decodes a weight to float32 in Hugging Face layout (rotary rows put back in half-split order). out has elements() floats.
// Rows are independent: [first_row, first_row + rows) of the first dimension may be asked for.
[[nodiscard]] Status decode_weight(const Weight& weight, float* out);
[[nodiscard]] Status decode_weight_rows(const Weight& weight, std::int64_t first_row, std::int64_t rows, float* out);

}  // namespace weft
