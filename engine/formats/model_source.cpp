// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/model_source.h"

#include <filesystem>
#include <unordered_map>

#include "engine/core/text_util.h"
#include "engine/formats/gguf_names.h"
#include "engine/formats/model_parts.h"
#include "engine/quant/gguf_blocks.h"

namespace weft {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTypeNames[] = {"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K", "other"};
constexpr std::int64_t kMaxSize = std::int64_t{1} << 31;  // of any one hyper-parameter; products of two fit 63 bits

class OpenModel final : public ModelSource {
 public:
  explicit OpenModel(ModelParts parts) : parts_(std::move(parts)) {
    for (std::size_t i = 0; i < parts_.weights.size(); ++i) by_name_.emplace(parts_.weights[i].name, i);
  }

  const std::string& path() const override { return parts_.path; }
  const std::string& format() const override { return parts_.format; }
  const ModelConfig& config() const override { return parts_.config; }
  const std::vector<Weight>& weights() const override { return parts_.weights; }
  const Weight* find(const std::string& hf_name) const override {
    const auto found = by_name_.find(hf_name);
    return found == by_name_.end() ? nullptr : &parts_.weights[found->second];
  }
  const GgufFile* gguf() const override { return parts_.gguf.get(); }
  std::string folder() const override { return parts_.folder; }

 private:
  const ModelParts parts_;
  std::unordered_map<std::string, std::size_t> by_name_;
};

bool expected_here(const FamilyWeight& weight, const ModelConfig& config) {
  switch (weight.need) {
    case Need::Always: return true;
    case Need::AttentionBias: return config.attention_bias;
    case Need::MlpBias: return config.mlp_bias;
    case Need::UntiedHead: return !config.tied_embeddings;
  }
  return true;
}

std::vector<std::int64_t> expected_shape(const FamilyWeight& weight, const ModelConfig& config) {
  std::vector<std::int64_t> shape = {dim_size(weight.rows, config)};
  if (weight.cols != Dim::None) shape.push_back(dim_size(weight.cols, config));
  return shape;
}

struct Expected {
  const FamilyWeight* kind;
  std::string hf_name;
  bool seen = false;
};

std::unordered_map<std::string, Expected> expected_weights(const ModelParts& parts) {
  std::unordered_map<std::string, Expected> expected;
  for (const auto& kind : parts.family->weights) {
    const std::int64_t copies = is_layered(kind) ? parts.config.layers : 1;
    for (std::int64_t layer = 0; layer < copies; ++layer) {
      const std::string hf = layer_name(kind.hf, layer);
      expected.emplace(parts.gguf ? layer_name(kind.gguf, layer) : hf, Expected{&kind, hf});
    }
  }
  return expected;
}

Status bind_weight(Weight& weight, const Expected& expected, const ModelParts& parts) {
  weight.name = expected.hf_name;
  const auto shape = expected_shape(*expected.kind, parts.config);
  if (weight.shape != shape)
    return corrupt("tensor " + weight.stored_name + " has the shape " + shape_text(weight.shape) + ", but a " + parts.family->name +
                   " model of this configuration needs " + shape_text(shape));
  if (expected.kind->rotary && parts.gguf && parts.family->gguf_interleaved)
    weight.rope_heads = expected.kind->rows == Dim::Query ? parts.config.heads : parts.config.kv_heads;
  return {};
}

}  // namespace

const char* weight_type_name(WeightType type) { return kTypeNames[static_cast<std::size_t>(type)]; }

bool is_derived_weight(const std::string& stored_name) { return stored_name == "rope_freqs.weight" || stored_name.ends_with(".rotary_emb.inv_freq"); }

WeightType weight_type_of(const std::string& stored_type) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(WeightType::Other); ++i)
    if (stored_type == kTypeNames[i]) return static_cast<WeightType>(i);
  return WeightType::Other;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

Status check_config(const ModelConfig& config) {
  const std::pair<const char*, std::int64_t> sizes[] = {
      {"layers", config.layers},       {"width", config.width},           {"feed-forward width", config.feed_forward},
      {"heads", config.heads},         {"key/value heads", config.kv_heads}, {"head size", config.head_size},
      {"vocabulary", config.vocabulary}, {"context", config.context}};
  for (const auto& [name, size] : sizes)
    if (size <= 0 || size >= kMaxSize)
      return corrupt(std::string("the configuration gives ") + std::to_string(size) + " for the " + name);
  if (config.heads % config.kv_heads != 0)
    return corrupt("the configuration has " + std::to_string(config.heads) + " heads, which " + std::to_string(config.kv_heads) +
                   " key/value heads do not divide");
  if (config.head_size % 2 != 0)
    return corrupt("the configuration has heads of " + std::to_string(config.head_size) + " elements; rotary embedding needs an even number");
  if (!(config.norm_eps > 0 && config.norm_eps < 1) || !(config.rope_theta > 0 && config.rope_theta < 1e30))
    return corrupt("the configuration has a norm epsilon of " + std::to_string(config.norm_eps) + " and a rotary base of " +
                   std::to_string(config.rope_theta));
  return {};
}

Status bind_weights(ModelParts& parts) {
  if (parts.config.layers > static_cast<std::int64_t>(parts.weights.size()))
    return corrupt("the configuration has " + std::to_string(parts.config.layers) + " layers, but the file holds only " +
                   std::to_string(parts.weights.size()) + " tensors");
  auto expected = expected_weights(parts);
  Status unsupported_part;
  for (auto& weight : parts.weights) {
    const auto found = expected.find(weight.stored_name);
    if (found == expected.end() || (!expected_here(*found->second.kind, parts.config) && found->second.kind->need != Need::UntiedHead)) {
      if (!is_derived_weight(weight.stored_name) && unsupported_part.ok())
        unsupported_part = unsupported("tensor " + quoted_excerpt(weight.stored_name) + " has no place in a " + parts.family->name +
                                       " model of this configuration; training without it would not be this model");
      continue;
    }
    found->second.seen = true;
    WEFT_RETURN_IF_ERROR(bind_weight(weight, found->second, parts));
    if (weight.type == WeightType::Other && unsupported_part.ok())
      unsupported_part = unsupported("tensor " + weight.stored_name + " is stored as " + weight.stored_type +
                                     ", which cannot be decoded; use a file in F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K or Q6_K");
  }
  if (!unsupported_part.ok()) return unsupported_part;
  for (const auto& [stored_name, weight] : expected)
    if (!weight.seen && expected_here(*weight.kind, parts.config))
      return corrupt("tensor " + stored_name + " is missing; the model is incomplete");
  return {};
}

Result<ModelParts> read_model(const std::string& path) {
  std::error_code unreadable;
  if (fs::is_directory(path, unreadable)) return read_hf_model(path);
  const std::string name = fs::path(path).filename().string();
  if (fs::is_regular_file(path, unreadable) && (name.ends_with(".safetensors") || name == "config.json" || name.ends_with(".index.json")))
    return invalid_argument(path + " is a part of a model; give the folder that holds it");
  return read_gguf_model(path);
}

Result<std::shared_ptr<const ModelSource>> ModelSource::open(const std::string& path) {
  WEFT_ASSIGN_OR_RETURN(ModelParts parts, read_model(path));
  if (!parts.usable.ok()) return parts.usable.with_context(path);
  return std::shared_ptr<const ModelSource>(std::make_shared<OpenModel>(std::move(parts)));
}

Status decode_weight(const Weight& weight, float* out) {
  return decode_weight_rows(weight, 0, weight.shape.empty() ? 1 : weight.shape[0], out);
}

Status decode_weight_rows(const Weight& weight, std::int64_t first_row, std::int64_t rows, float* out) {
  const GgufBlockFormat* format = weight.type == WeightType::Other ? nullptr : gguf_block_format(weight_type_name(weight.type));
  if (format == nullptr || format->decode == nullptr)
    return unsupported("tensor " + weight.name + " is stored as " + weight.stored_type + ", which cannot be decoded");
  const std::int64_t all_rows = weight.shape.empty() ? 1 : weight.shape[0];
  if (first_row < 0 || rows < 0 || first_row > all_rows || rows > all_rows - first_row)
    return invalid_argument("tensor " + weight.name + " has " + std::to_string(all_rows) + " rows; " + std::to_string(rows) +
                            " from row " + std::to_string(first_row) + " were asked for");
  if (rows == 0 || weight.elements() == 0) return {};
  std::int64_t row_elements = weight.elements() / all_rows;
  if (row_elements % format->block_elements != 0) {  // a vector in blocks: whole or not at all
    if (rows != all_rows || weight.elements() % format->block_elements != 0)
      return unsupported("tensor " + weight.name + " stores blocks across rows; it can only be decoded whole");
    row_elements = weight.elements();
    rows = 1;
  }
  const auto blocks = static_cast<std::size_t>(row_elements / format->block_elements);
  const std::size_t row_bytes = blocks * format->block_bytes;
  if (weight.rope_heads == 0) {
    format->decode(weight.data + static_cast<std::size_t>(first_row) * row_bytes, out, blocks * static_cast<std::size_t>(rows));
    return {};
  }
  const std::int64_t head_size = all_rows / weight.rope_heads;
  for (std::int64_t i = 0; i < rows; ++i)
    format->decode(weight.data + static_cast<std::size_t>(interleaved_row(first_row + i, head_size)) * row_bytes, out + i * row_elements, blocks);
  return {};
}

}  // namespace weft
