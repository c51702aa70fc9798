// SPDX-License-Identifier: GPL-3.0-or-later
// Weights of a model file with an adapter merged into them, a few megabytes of rows at a time, whatever they are written into. No model is loaded.
// Engine thread only.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/formats/model_source.h"
#include "engine/formats/safetensors.h"
#include "engine/train/adapter_io.h"

namespace weft {

struct OutputType {
  const char* name;         // in safetensors and GGUF
  const char* torch;        // in config.json
  at::ScalarType type;
};
[[nodiscard]] Result<OutputType> output_type(const std::string& dtype);   // fp32, bf16, fp16

// The adapter's factors by the name of the weight they change, without a model around them.
struct MergedFactors {
  std::vector<std::unique_ptr<Base>> bases;
  std::unique_ptr<AdapterSet> adapters;
  std::map<std::string, const LinearFactors*> of_weight;
  [[nodiscard]] const LinearFactors* find(const std::string& weight) const {
    const auto found = of_weight.find(weight);
    return found == of_weight.end() ? nullptr : found->second;
  }
};
[[nodiscard]] Result<MergedFactors> load_merged_factors(const ModelSource& source, const AdapterSource& adapter);

// W' as rows of `type`, in the order of the Hugging Face layout; the bytes of the file where nothing changes. factors: null where no adapter is. Both must outlive it.
[[nodiscard]] SafeTensorSource merged_weight(const Weight& weight, const LinearFactors* factors, const OutputType& type);

}  // namespace weft
