// SPDX-License-Identifier: GPL-3.0-or-later
// What the readers of GGUF files and Hugging Face folders hand to ModelSource::open() and inspect_model(). Internal to
// engine/formats.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/formats/families/family.h"
#include "engine/formats/gguf.h"
#include "engine/formats/model_source.h"
#include "engine/formats/safetensors.h"

namespace weft {

struct ModelParts {
  std::string path, format, folder;
  ModelConfig config;
  std::vector<Weight> weights;             // Hugging Face names where the family is known, else as stored
  std::shared_ptr<const GgufFile> gguf;    // keeps the map alive
  std::vector<std::shared_ptr<const SafeTensorsFile>> files;  // likewise
  const ModelFamily* family = nullptr;
  Status usable;                           // Unsupported: readable, but nothing that can be trained; says why
};

// Either of the two below, by what the path is.
[[nodiscard]] Result<ModelParts> read_model(const std::string& path);
// Fail when the file is damaged or absent; a model of another kind succeeds with `usable` saying so.
[[nodiscard]] Result<ModelParts> read_gguf_model(const std::string& path);
[[nodiscard]] Result<ModelParts> read_hf_model(const std::string& folder);

// Hyper-parameters that no model can have: zero layers, heads that do not divide, sizes that overflow.
[[nodiscard]] Status check_config(const ModelConfig& config);

// Gives the weights their Hugging Face names and checks presence and shape of each against family and config.
// Corrupt: missing or wrong shape. Unsupported: a tensor that has no place in the family, or a type that cannot be decoded.
[[nodiscard]] Status bind_weights(ModelParts& parts);

[[nodiscard]] WeightType weight_type_of(const std::string& stored_type);
[[nodiscard]] std::string shape_text(const std::vector<std::int64_t>& shape);  // "[576, 1536]"

}  // namespace weft
