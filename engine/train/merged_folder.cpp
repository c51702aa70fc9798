// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/merged_folder.h"

#include <filesystem>

#include "engine/core/files.h"
#include "engine/formats/hf_config_writer.h"
#include "engine/text/tokenizer_files.h"
#include "engine/train/merged_weights.h"

namespace weft {
namespace fs = std::filesystem;

Status write_merged_folder(const std::string& folder, const ModelSource& source, const AdapterSource& adapter, const std::string& dtype,
                           const GoOn& go_on) {
  WEFT_ASSIGN_OR_RETURN(const OutputType type, output_type(dtype));
  WEFT_ASSIGN_OR_RETURN(const MergedFactors factors, load_merged_factors(source, adapter));
  std::vector<SafeTensorSource> tensors;
  for (const Weight& weight : source.weights()) {
    if (is_derived_weight(weight.stored_name)) continue;
    tensors.push_back(merged_weight(weight, factors.find(weight.name), type));
  }
  if (go_on) watch_parts(tensors, go_on);
  const fs::path at = folder;
  WEFT_RETURN_IF_ERROR(write_safetensors((at / "model.safetensors").string(), std::move(tensors)));
  WEFT_RETURN_IF_ERROR(write_file_atomically(at / "config.json", write_hf_config(source, type.torch)));
  return write_tokenizer_files(source, folder);
}

}  // namespace weft
