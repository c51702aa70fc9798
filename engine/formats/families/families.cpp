// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/model_info.h"
#include "engine/core/text_util.h"
#include "engine/formats/families/family.h"

namespace weft {

const std::vector<const ModelFamily*>& model_families() {
  static const std::vector<const ModelFamily*> families = {&kLlamaFamily, &kMistralFamily, &kQwen2Family, &kQwen3Family};
  return families;
}

const ModelFamily* family_of_gguf(std::string_view architecture) {
  for (const auto* family : model_families())
    if (!architecture.empty() && architecture == family->gguf_architecture) return family;
  return nullptr;
}

const ModelFamily* family_of_hf(std::string_view model_type) {
  for (const auto* family : model_families())
    if (model_type == family->hf_model_type) return family;
  return nullptr;
}

std::string supported_families() {
  std::vector<std::string> names;
  for (const auto* family : model_families()) names.emplace_back(family->name);
  return join(names, ", ");
}

std::int64_t dim_size(Dim dim, const ModelConfig& config) {
  switch (dim) {
    case Dim::None: return 0;
    case Dim::Width: return config.width;
    case Dim::FeedForward: return config.feed_forward;
    case Dim::Query: return config.heads * config.head_size;
    case Dim::KeyValue: return config.kv_heads * config.head_size;
    case Dim::HeadSize: return config.head_size;
    case Dim::Vocabulary: return config.vocabulary;
  }
  return 0;
}

std::string layer_name(std::string_view pattern, std::int64_t layer) {
  std::string name(pattern);
  if (const auto at = name.find("{}"); at != std::string::npos) name.replace(at, 2, std::to_string(layer));
  return name;
}

bool is_layered(const FamilyWeight& weight) { return std::string_view(weight.hf).find("{}") != std::string_view::npos; }

}  // namespace weft
