// SPDX-License-Identifier: GPL-3.0-or-later
// What can be said of a model from its headers alone (no weight is read). Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/api/method_catalogue.h"
#include "engine/core/json.h"
#include "engine/core/status.h"

namespace weft {

struct TensorInfo {
  std::string name;                 // as in the file
  std::string dtype;                // "F32", "BF16", "Q4_1", ...
  std::vector<std::int64_t> shape;  // torch order, outermost first
  std::uint64_t bytes = 0;
};

// Another model file in the same folder: most are the same weights, rounded otherwise.
struct ModelFile {
  std::string path, name;           // name: without its folder
  std::uint64_t bytes = 0;
};

struct ModelInfo {
  std::string path;
  std::string format;               // "GGUF v3", "Hugging Face folder"
  std::string name;                 // "SmolLM2-135M-Instruct"
  std::string architecture;         // "llama", "qwen2", ...
  bool trainable = false;           // false: readable, but not of a family that can be trained; see `why_not`
  std::string why_not;
  std::int64_t layers = 0, width = 0, heads = 0, kv_heads = 0, head_size = 0, feed_forward = 0;
  std::int64_t vocabulary = 0, context = 0;
  double rope_theta = 0, norm_eps = 0;
  bool tied_embeddings = false;
  std::int64_t parameters = 0;
  std::uint64_t file_bytes = 0;
  std::string dtype;                // of most weights: "Q4_1"
  std::string tokenizer;            // "byte-level BPE (smollm), 49152 tokens" or "" when there is none
  bool has_chat_template = false;
  std::string licence;              // "" when unknown
  std::vector<AdapterSite> sites;   // linear layers inside the transformer blocks
  std::vector<TensorInfo> tensors;
  std::vector<ModelFile> beside;    // the GGUF files of its folder, itself among them; empty where it is the only one
};

[[nodiscard]] Json to_json(const ModelInfo& info);

// The GGUF files of a folder by size, the smallest first; of those in parts the first part alone.
[[nodiscard]] std::vector<ModelFile> model_files(const std::string& folder);
[[nodiscard]] std::string supported_families();   // "llama, mistral, qwen2, qwen3": those that can be trained

// GGUF file or Hugging Face folder. Reads headers only: milliseconds.
[[nodiscard]] Result<ModelInfo> inspect_model(const std::string& path);

}  // namespace weft
