// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/gguf_names.h"

#include "engine/api/model_info.h"
#include "engine/formats/families/family.h"
#include "engine/formats/gguf.h"

namespace weft {
namespace {

Result<const ModelFamily*> gguf_family(const ModelSource& model) {
  const ModelFamily* family = family_of_hf(model.config().architecture);
  if (!family) return unsupported("a " + model.config().architecture + " model has no known GGUF names; known are " + supported_families());
  // families without an architecture of their own are written as llama (Mistral)
  return *family->gguf_architecture ? family : &kLlamaFamily;
}

}  // namespace

Result<std::string> gguf_architecture(const ModelSource& model) {
  if (model.gguf())
    if (const GgufValue* value = model.gguf()->find("general.architecture"); value && value->as_string()) return std::string(*value->as_string());
  WEFT_ASSIGN_OR_RETURN(const ModelFamily* family, gguf_family(model));
  return std::string(family->gguf_architecture);
}

Result<GgufPlace> gguf_place(const ModelSource& model, const std::string& hf_weight) {
  if (model.gguf())
    if (const Weight* weight = model.find(hf_weight)) return GgufPlace{weight->stored_name, weight->rope_heads};
  WEFT_ASSIGN_OR_RETURN(const ModelFamily* family, gguf_family(model));
  const ModelConfig& config = model.config();
  for (const auto& weight : family->weights)
    for (std::int64_t layer = 0; layer < (is_layered(weight) ? config.layers : 1); ++layer) {
      if (layer_name(weight.hf, layer) != hf_weight) continue;
      const std::int64_t heads = weight.rows == Dim::Query ? config.heads : config.kv_heads;
      return GgufPlace{layer_name(weight.gguf, layer), weight.rotary && family->gguf_interleaved ? heads : 0};
    }
  return not_found("GGUF files of " + config.architecture + " have no place for " + hf_weight);
}

std::int64_t interleaved_row(std::int64_t row, std::int64_t head_size) {
  const std::int64_t in_head = row % head_size, half = head_size / 2;
  return row - in_head + 2 * (in_head % half) + in_head / half;
}

}  // namespace weft
