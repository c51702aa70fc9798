// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/stored_weight.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/quant/gguf_blocks.h"

namespace weft {
namespace {

// The kernels number the types as model_source.h does.
static_assert(static_cast<int>(WeightType::F32) == static_cast<int>(cpu::Code::F32) && static_cast<int>(WeightType::BF16) == static_cast<int>(cpu::Code::BF16) &&
              static_cast<int>(WeightType::Q8_0) == static_cast<int>(cpu::Code::Q8_0) && static_cast<int>(WeightType::Q5_1) == static_cast<int>(cpu::Code::Q5_1) &&
              static_cast<int>(WeightType::Q6_K) == static_cast<int>(cpu::Code::Q6_K) && static_cast<int>(WeightType::Other) == static_cast<int>(cpu::Code::Q6_K) + 1);

bool lies_as_floats(const Weight& weight) {
  return weight.type == WeightType::F32 && weight.rope_heads == 0 && reinterpret_cast<std::uintptr_t>(weight.data) % alignof(float) == 0;
}

}  // namespace

Result<const Weight*> find_weight(const ModelSource& source, const std::string& name, const std::vector<std::int64_t>& shape) {
  const Weight* stored = source.find(name);
  if (!stored) return corrupt(fmt::format("{} has no weight {}", source.path(), name));
  if (stored->shape != shape)
    return corrupt(fmt::format("{}: weight {} has shape [{}], its configuration says [{}]", source.path(), stored->stored_name,
                               fmt::join(stored->shape, ", "), fmt::join(shape, ", ")));
  return stored;
}

Result<Matrix> stored_matrix(const ModelSource& source, const Weight& weight, at::ScalarType dtype, Storage storage) {
  const GgufBlockFormat* format = gguf_block_format(weight_type_name(weight.type));
  const auto rows = weight.shape[0], columns = weight.shape[1];
  const bool whole_blocks = format && format->decode && columns % format->block_elements == 0;
  const bool round = storage == Storage::Bf16 && weight.type != WeightType::BF16 && dtype == at::kFloat;
  if (dtype != at::kFloat || storage == Storage::Fp32 || round || lies_as_floats(weight) || !whole_blocks) {
    WEFT_ASSIGN_OR_RETURN(Tensor values, decoded_weight(source, weight, dtype));
    if (!round) return Matrix(std::move(values));
    const Tensor rounded = values.to(at::kBFloat16);
    const cpu::CodedMatrix coded{.code = cpu::Code::BF16, .data = static_cast<const std::byte*>(rounded.const_data_ptr()), .row_bytes = columns * 2};
    return Matrix(coded, rows, columns, at::kFloat, rounded);
  }
  const cpu::CodedMatrix coded{.code = static_cast<cpu::Code>(weight.type), .data = weight.data,
                               .row_bytes = columns / format->block_elements * format->block_bytes,
                               .rope_half = weight.rope_heads > 0 ? rows / weight.rope_heads / 2 : 0};
  return Matrix(coded, rows, columns);
}

Result<Tensor> decoded_weight(const ModelSource& source, const Weight& weight, at::ScalarType dtype) {
  Tensor out;
  if (lies_as_floats(weight)) {
    out = at::from_blob(const_cast<std::byte*>(weight.data), weight.shape, at::TensorOptions(at::kFloat));
  } else {
    out = at::empty(weight.shape, at::TensorOptions(at::kFloat));
    if (Status status = decode_weight(weight, out.mutable_data_ptr<float>()); !status.ok())
      return status.with_context(source.path() + ": weight " + weight.stored_name);
  }
  return dtype == at::kFloat ? out : out.to(dtype);
}

}  // namespace weft
