// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/gguf_adapter.h"

#include <cmath>
#include <map>

#include <fmt/format.h>

#include "engine/adapter/stored_tensor.h"
#include "engine/core/text_util.h"
#include "engine/formats/gguf.h"
#include "engine/formats/gguf_names.h"
#include "engine/formats/gguf_writer.h"

namespace weft {
namespace {

Result<Tensor> tensor_of(const GgufTensor& t, const std::string& path) {
  const std::string type = t.type_name;
  const auto scalar = float_type_of(type);
  if (!scalar || t.shape.size() != 2)
    return unsupported(fmt::format("{}: {} is {} with {} dimensions; F32, F16 and BF16 matrices are read", path, valid_utf8(t.name), type, t.shape.size()));
  return at::from_blob(const_cast<std::byte*>(t.data), t.shape, at::TensorOptions(*scalar)).to(at::kFloat, /*non_blocking=*/false, /*copy=*/true);
}

}  // namespace

Tensor gguf_row_order(std::int64_t rows, std::int64_t heads, bool to_file) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(rows));
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::int64_t stored = interleaved_row(row, rows / heads);
    if (to_file)
      order[static_cast<std::size_t>(stored)] = row;
    else
      order[static_cast<std::size_t>(row)] = stored;
  }
  return at::tensor(order, at::kLong);
}

Status write_adapter_gguf(const std::string& path, const AdapterSet& adapters, const ModelSource& model, bool half) {
  const at::NoGradGuard no_grad;
  if (!adapters.is_low_rank_alone())
    return unsupported("[export] a GGUF adapter holds W + B A and nothing else, which " + adapters.preset().descriptor.title +
                       " is not: export merged weights instead");
  WEFT_ASSIGN_OR_RETURN(const std::string architecture, gguf_architecture(model));
  const std::string dtype = half ? "F16" : "F32";
  std::vector<SafeTensorSource> tensors;
  for (std::size_t i = 0; i < adapters.size(); ++i) {
    const LinearFactors& f = adapters.factors(i);
    WEFT_ASSIGN_OR_RETURN(const GgufPlace place, gguf_place(model, adapters.context(i).path + ".weight"));
    Tensor left = f.left * f.scale;
    if (place.rope_heads > 0) left = left.index_select(0, gguf_row_order(left.size(0), place.rope_heads, /*to_file=*/true));
    tensors.push_back(tensor_source(place.name + ".lora_a", dtype, f.right));
    tensors.push_back(tensor_source(place.name + ".lora_b", dtype, left));
  }
  constexpr std::uint32_t kAllF32 = 0, kMostlyF16 = 1;
  const std::vector<GgufEntry> metadata{{"general.architecture", architecture}, {"general.type", std::string("adapter")},
                                        {"adapter.type", std::string("lora")},  {"adapter.lora.alpha", 0.0F},
                                        {"general.name", adapters.preset().descriptor.title + " for " + model.config().name},
                                        {"general.file_type", half ? kMostlyF16 : kAllF32}, {"general.quantization_version", std::uint32_t{2}}};
  return write_gguf(path, metadata, tensors);
}

Result<GgufAdapter> read_adapter_gguf(const std::string& path) {
  WEFT_ASSIGN_OR_RETURN(const auto file, GgufFile::open(path));
  const auto text = [&](const char* key) {
    const GgufValue* value = file->find(key);
    return value && value->as_string() ? valid_utf8(*value->as_string()) : std::string();
  };
  if (text("general.type") != "adapter" || text("adapter.type") != "lora")
    return unsupported(path + " is no LoRA adapter: general.type and adapter.type say \"" + text("general.type") + "\" and \"" + text("adapter.type") + "\"");
  const GgufValue* alpha_value = file->find("adapter.lora.alpha");
  const double alpha = alpha_value && alpha_value->as_f64() ? *alpha_value->as_f64() : 0;
  if (!std::isfinite(alpha)) return corrupt(path + ": adapter.lora.alpha is no number");
  GgufAdapter adapter{text("general.architecture"), {}};
  const std::string a_suffix = ".lora_a", b_suffix = ".lora_b";
  for (const auto& tensor : file->tensors()) {
    const std::string name(tensor.name);
    if (!name.ends_with(a_suffix) && !name.ends_with(b_suffix)) return unsupported(fmt::format("{} holds {}, which is no half of a pair", path, quoted_excerpt(valid_utf8(name), 200)));
    const std::string stem = name.substr(0, name.size() - a_suffix.size());
    const GgufTensor *a = file->find_tensor(stem + a_suffix), *b = file->find_tensor(stem + b_suffix);
    if (!a || !b) return corrupt(path + " has one half of the pair of " + valid_utf8(stem));
    if (!name.ends_with(a_suffix)) continue;
    LinearFactors f;
    WEFT_ASSIGN_OR_RETURN(f.right, tensor_of(*a, path));
    WEFT_ASSIGN_OR_RETURN(f.left, tensor_of(*b, path));
    if (f.left.size(1) != f.right.size(0) || f.right.numel() == 0 || f.left.numel() == 0)
      return corrupt(fmt::format("{}: a [{}, {}] and b [{}, {}] of {} do not fit together", path, f.right.size(0), f.right.size(1), f.left.size(0), f.left.size(1), valid_utf8(stem)));
    if (!f.right.isfinite().all().item<bool>() || !f.left.isfinite().all().item<bool>()) return corrupt(fmt::format("{}: {} holds a value that is no number", path, valid_utf8(stem)));
    f.scale = alpha != 0 ? alpha / static_cast<double>(f.right.size(0)) : 1;
    adapter.pairs.emplace_back(stem, std::move(f));
  }
  if (adapter.pairs.empty()) return corrupt(path + " holds no pair of lora_a and lora_b");
  return adapter;
}

Result<std::vector<std::pair<std::string, LinearFactors>>> read_adapter_gguf(const std::string& path, const ModelSource& model) {
  WEFT_ASSIGN_OR_RETURN(GgufAdapter adapter, read_adapter_gguf(path));
  WEFT_ASSIGN_OR_RETURN(const std::string architecture, gguf_architecture(model));
  if (adapter.architecture != architecture)
    return invalid_argument(fmt::format("{} belongs to a {} model, this one is {}", path, quoted_excerpt(adapter.architecture), architecture));
  std::map<std::string, LinearFactors> by_name;
  for (auto& [name, factors] : adapter.pairs) by_name.emplace(name, std::move(factors));
  std::vector<std::pair<std::string, LinearFactors>> all;
  for (const auto& weight : model.weights()) {
    if (!weight.name.ends_with(".weight")) continue;
    const auto place = gguf_place(model, weight.name);
    if (!place.ok()) continue;
    const auto pair = by_name.find(place->name);
    if (pair == by_name.end()) continue;
    LinearFactors f = std::move(pair->second);
    by_name.erase(pair);
    if (weight.shape.size() != 2 || f.left.size(0) != weight.shape[0] || f.right.size(1) != weight.shape[1])
      return corrupt(fmt::format("{}: a [{}, {}] and b [{}, {}] of {} do not fit its {} x {}", path, f.right.size(0), f.right.size(1), f.left.size(0), f.left.size(1),
                                 place->name, weight.shape[0], weight.shape.size() > 1 ? weight.shape[1] : 1));
    if (place->rope_heads > 0) f.left = f.left.index_select(0, gguf_row_order(f.left.size(0), place->rope_heads, /*to_file=*/false));
    all.emplace_back(weight.name.substr(0, weight.name.size() - 7), std::move(f));
  }
  if (!by_name.empty())
    return unsupported(fmt::format("{} holds {}, which has no place in this {} model", path, quoted_excerpt(valid_utf8(by_name.begin()->first), 200), architecture));
  return all;
}

}  // namespace weft
