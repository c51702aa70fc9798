// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/merged_folder.h"

#include <cstring>
#include <filesystem>
#include <map>

#include "engine/formats/hf_config_writer.h"
#include "engine/text/tokenizer_files.h"

namespace weft {
namespace fs = std::filesystem;
namespace {

struct OutputType {
  const char* name;         // in safetensors
  const char* torch;        // in config.json
  at::ScalarType type;
};

Result<OutputType> output_type(const std::string& dtype) {
  if (dtype == "fp32") return OutputType{"F32", "float32", at::kFloat};
  if (dtype == "bf16") return OutputType{"BF16", "bfloat16", at::kBFloat16};
  if (dtype == "fp16") return OutputType{"F16", "float16", at::kHalf};
  return unsupported("[export] dtype \"" + dtype + "\" is not known; fp32, bf16 and fp16 are");
}

SafeTensorSource weight_source(const Weight& weight, const AdapterSet& adapters, std::size_t site, bool adapted, const OutputType& type) {
  return {weight.name, type.name, weight.shape, [&weight, &adapters, site, adapted, type](std::byte* buffer, std::uint64_t bytes) -> Status {
            Tensor value;
            if (adapted) {
              value = adapters.merged(site);
            } else {
              value = at::empty(weight.shape, at::TensorOptions(at::kFloat));
              WEFT_RETURN_IF_ERROR(decode_weight(weight, value.mutable_data_ptr<float>()));
            }
            value = value.to(type.type).contiguous();
            if (static_cast<std::uint64_t>(value.nbytes()) != bytes) return internal_error("[export] weight of wrong size: " + weight.name);
            std::memcpy(buffer, value.const_data_ptr(), bytes);
            return {};
          }};
}

}  // namespace

Status write_merged_folder(const std::string& folder, const Decoder& model, const AdapterSet& adapters, const std::string& dtype) {
  WEFT_ASSIGN_OR_RETURN(const OutputType type, output_type(dtype));
  const ModelSource& source = model.source();
  std::map<std::string, std::size_t> sites;
  for (std::size_t i = 0; i < adapters.size(); ++i) sites[adapters.context(i).path + ".weight"] = i;
  std::vector<SafeTensorSource> tensors;
  for (const Weight& weight : source.weights()) {
    if (weight.name.empty()) continue;  // not a weight of the Hugging Face model (rotary tables of GGUF)
    const auto site = sites.find(weight.name);
    tensors.push_back(weight_source(weight, adapters, site == sites.end() ? 0 : site->second, site != sites.end(), type));
  }
  const fs::path at = folder;
  WEFT_RETURN_IF_ERROR(write_safetensors((at / "model.safetensors").string(), std::move(tensors)));
  WEFT_RETURN_IF_ERROR(write_file_atomically(at / "config.json", write_hf_config(source, type.torch)));
  return write_tokenizer_files(source, folder);
}

}  // namespace weft
