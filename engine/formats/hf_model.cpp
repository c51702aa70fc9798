// SPDX-License-Identifier: GPL-3.0-or-later
// Hugging Face folder -> configuration and weights. config.json, then model.safetensors or the files of its index.
#include <filesystem>
#include <map>

#include "engine/core/text_util.h"
#include "engine/formats/hf_config.h"
#include "engine/formats/model_parts.h"

namespace weft {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxConfigBytes = 4u << 20;
constexpr std::uint64_t kMaxIndexBytes = 64u << 20;
constexpr std::size_t kMaxShards = 4096;

Result<Json> read_json(const fs::path& path, std::uint64_t max_bytes) {
  WEFT_ASSIGN_OR_RETURN(const std::string text, read_file(path, max_bytes));
  auto json = parse_json(text, {.refuse_duplicate_keys = true});
  if (!json.ok()) return json.status().with_context(path.filename().string());
  return json;
}

bool is_there(const fs::path& path) {
  std::error_code unreadable;
  return fs::exists(path, unreadable);
}

// A name that stays in its folder: "model-00001-of-00002.safetensors".
bool is_plain_name(const std::string& name) {
  return name.ends_with(".safetensors") && name.find_first_of(std::string("/\\\0", 3)) == std::string::npos && name[0] != '.';
}

Weight weight_of(const SafeTensor& tensor) {
  Weight weight;
  weight.name = weight.stored_name = tensor.name;
  weight.stored_type = tensor.dtype;
  weight.type = tensor.dtype == "F32" || tensor.dtype == "F16" || tensor.dtype == "BF16" ? weight_type_of(tensor.dtype) : WeightType::Other;
  weight.shape = tensor.shape;
  weight.data = tensor.data;
  weight.bytes = tensor.bytes;
  return weight;
}

// Opens every shard once and takes from each what the index promises of it.
Status read_shards(const fs::path& folder, ModelParts& parts) {
  WEFT_ASSIGN_OR_RETURN(const Json index, read_json(folder / "model.safetensors.index.json", kMaxIndexBytes));
  const auto found = index.is_object() ? index.find("weight_map") : index.end();
  if (!index.is_object() || found == index.end() || !found->is_object())
    return corrupt("model.safetensors.index.json has no weight_map");
  std::map<std::string, std::vector<std::string>> names_of_shard;
  for (const auto& [name, shard] : found->items()) {
    if (!shard.is_string() || !is_plain_name(shard.get_ref<const std::string&>()))
      return corrupt("model.safetensors.index.json puts " + quoted_excerpt(name) + " into " + quoted_excerpt(to_json_line(shard)) +
                     ", which is not the name of a safetensors file in the folder");
    names_of_shard[shard.get<std::string>()].push_back(name);
    if (names_of_shard.size() > kMaxShards)
      return corrupt("model.safetensors.index.json names over " + std::to_string(kMaxShards) + " files");
  }
  for (const auto& [shard, names] : names_of_shard) {
    auto file = SafeTensorsFile::open((folder / shard).string());
    if (file.status().code() == ErrorCode::NotFound)
      return not_found("the file " + shard + ", named by model.safetensors.index.json, is missing; the download is incomplete");
    if (!file.ok()) return file.status();
    for (const auto& name : names) {
      const SafeTensor* tensor = (*file)->find(name);
      if (tensor == nullptr) return corrupt(shard + " does not hold " + quoted_excerpt(name) + ", which the index puts there");
      parts.weights.push_back(weight_of(*tensor));
    }
    parts.files.push_back(*file);
  }
  return {};
}

Status read_weights(const fs::path& folder, ModelParts& parts) {
  const fs::path single = folder / "model.safetensors";
  if (is_there(single)) {
    WEFT_ASSIGN_OR_RETURN(auto file, SafeTensorsFile::open(single.string()));
    for (const auto& tensor : file->tensors()) parts.weights.push_back(weight_of(tensor));
    parts.files.push_back(std::move(file));
    return {};
  }
  if (is_there(folder / "model.safetensors.index.json")) return read_shards(folder, parts);
  if (is_there(folder / "pytorch_model.bin") || is_there(folder / "pytorch_model.bin.index.json"))
    return unsupported("its weights are in pytorch_model.bin, which could run programs when read; save it again as safetensors");
  return not_found("there is neither model.safetensors nor model.safetensors.index.json");
}

std::string name_of_folder(const fs::path& folder) {
  const fs::path clean = fs::path(folder / "").parent_path().lexically_normal();
  const std::string name = clean.filename().string();
  if (!name.empty() && name != "." && name != "..") return name;
  std::error_code error;
  return fs::weakly_canonical(folder, error).filename().string();
}

Status open_folder(const fs::path& folder, ModelParts& parts) {
  if (!is_there(folder / "config.json")) {
    if (is_there(folder / "adapter_config.json"))
      return invalid_argument("this folder holds a PEFT adapter, not a model; give its base model");
    return not_found("config.json is missing; a model is a GGUF file or a folder with config.json and safetensors files");
  }
  WEFT_ASSIGN_OR_RETURN(const Json json, read_json(folder / "config.json", kMaxConfigBytes));
  WEFT_ASSIGN_OR_RETURN(HfConfig hf, parse_hf_config(json));
  parts.config = std::move(hf.config);
  parts.config.name = name_of_folder(folder);
  parts.family = hf.family;
  parts.usable = std::move(hf.usable);
  WEFT_RETURN_IF_ERROR(read_weights(folder, parts));
  if (parts.usable.ok()) parts.usable = bind_weights(parts);
  return parts.usable.code() == ErrorCode::Corrupt ? parts.usable : Status();
}

}  // namespace

Result<ModelParts> read_hf_model(const std::string& folder) {
  ModelParts parts;
  parts.path = parts.folder = folder;
  parts.format = "Hugging Face folder";
  if (Status status = open_folder(folder, parts); !status.ok())
    return status.message().starts_with(folder) ? status : status.with_context(folder);
  return parts;
}

}  // namespace weft
