// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/stored_weight.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ATen/Parallel.h>

#include <algorithm>
#include <functional>
#include <mutex>

#include "engine/core/files.h"
#include "engine/quant/gguf_blocks.h"
#include "engine/quant/nf4.h"

namespace weft {
namespace {

// The kernels number the types as model_source.h does; what no file holds comes after them.
static_assert(static_cast<int>(WeightType::F32) == static_cast<int>(cpu::Code::F32) && static_cast<int>(WeightType::BF16) == static_cast<int>(cpu::Code::BF16) &&
              static_cast<int>(WeightType::Q8_0) == static_cast<int>(cpu::Code::Q8_0) && static_cast<int>(WeightType::Q5_1) == static_cast<int>(cpu::Code::Q5_1) &&
              static_cast<int>(WeightType::Q6_K) == static_cast<int>(cpu::Code::Q6_K) && static_cast<int>(WeightType::Other) == static_cast<int>(cpu::Code::Q6_K) + 1);

bool lies_as_floats(const Weight& weight) {
  return weight.type == WeightType::F32 && weight.rope_heads == 0 && reinterpret_cast<std::uintptr_t>(weight.data) % alignof(float) == 0;
}

bool rows_are_blocks(const Weight& weight) {
  const GgufBlockFormat* format = gguf_block_format(weight_type_name(weight.type));
  return format && format->decode && weight.shape[1] % format->block_elements == 0;
}
bool is_linear_of_a_block(const Weight& weight) { return weight.shape.size() == 2 && weight.name.starts_with("model.layers."); }

constexpr std::int64_t kValuesAtOnce = 1 << 16;  // that a thread decodes before it encodes them

// Writes values of rows [first, first + count).
using RowsOf = std::function<Status(std::int64_t first, std::int64_t count, float* to)>;

// `rows_at_once` rows at a time: no copy of the whole in floats.
Result<Matrix> nf4_matrix(std::int64_t rows, std::int64_t columns, std::int64_t rows_at_once, at::ScalarType dtype, bool nested, const RowsOf& values_of) {
  const std::int64_t row_bytes = nested ? nested_nf4_row_bytes(columns) : nf4_row_bytes(columns);
  const std::int64_t row_blocks = (columns + kNf4Block - 1) / kNf4Block, blocks = rows * row_blocks;
  // the blocks, and beside them the scales of their scales
  const std::int64_t coded_bytes = (rows * row_bytes + 3) / 4 * 4;
  const Tensor coded = at::empty({coded_bytes + (nested ? 4 * nested_scale_count(blocks) : 0)}, at::kByte);
  auto* const out = static_cast<std::byte*>(coded.mutable_data_ptr());
  std::vector<float> absmax(static_cast<std::size_t>(nested ? blocks : 0));
  std::mutex mutex;
  Status first_error;
  const auto fail = [&](Status status) {
    const std::lock_guard lock(mutex);
    if (first_error.ok()) first_error = std::move(status);
  };
  at::parallel_for(0, (rows + rows_at_once - 1) / rows_at_once, 1, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> values(static_cast<std::size_t>(std::min(rows_at_once, rows) * columns));
    for (std::int64_t first = begin * rows_at_once; first < std::min(rows, end * rows_at_once); first += rows_at_once) {
      const std::int64_t count = std::min(rows_at_once, rows - first);
      if (Status status = values_of(first, count, values.data()); !status.ok()) return fail(std::move(status));
      for (std::int64_t i = 0; i < count; ++i) {
        const float* row = values.data() + i * columns;
        std::byte* to = out + (first + i) * row_bytes;
        const std::int64_t bad =
            nested ? encode_nested_nf4_row(row, columns, to, absmax.data() + (first + i) * row_blocks) : encode_nf4_row(row, columns, to);
        if (bad >= 0)
          return fail(corrupt(fmt::format("row {}, column {} is {}; nf4 needs finite numbers: repair the file, or choose [model] storage = \"as-is\"",
                                          first + i, bad, values[static_cast<std::size_t>(i * columns + bad)])));
      }
    }
  });
  if (!first_error.ok()) return first_error;
  if (!nested) return Matrix({.code = cpu::Code::NF4, .data = out, .row_bytes = row_bytes}, rows, columns, dtype, coded);
  auto* const scales = reinterpret_cast<float*>(out + coded_bytes);
  nest_nf4_scales(absmax.data(), blocks, out, scales);
  return Matrix({.code = cpu::Code::NestedNF4, .data = out, .row_bytes = row_bytes, .scales = scales}, rows, columns, dtype, coded);
}

std::int64_t rows_of_values(std::int64_t columns) { return std::max<std::int64_t>(1, kValuesAtOnce / std::max<std::int64_t>(1, columns)); }

Result<Matrix> nf4_matrix(const ModelSource& source, const Weight& weight, at::ScalarType dtype, bool nested) {
  const auto rows = weight.shape[0], columns = weight.shape[1];
  const std::int64_t at_once = rows_are_blocks(weight) ? rows_of_values(columns) : std::max<std::int64_t>(1, rows);  // blocks that cross rows: all of them
  auto made = nf4_matrix(rows, columns, at_once, dtype, nested, [&](std::int64_t first, std::int64_t count, float* to) { return decode_weight_rows(weight, first, count, to); });
  release_pages({weight.data, weight.bytes});
  if (!made.ok()) return made.status().with_context(source.path() + ": weight " + weight.stored_name);
  return made;
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
  if ((storage == Storage::Nf4 || storage == Storage::NestedNf4) && is_linear_of_a_block(weight))
    return nf4_matrix(source, weight, dtype, storage == Storage::NestedNf4);
  const GgufBlockFormat* format = gguf_block_format(weight_type_name(weight.type));
  const auto rows = weight.shape[0], columns = weight.shape[1];
  const bool round = storage == Storage::Bf16 && weight.type != WeightType::BF16 && dtype == at::kFloat;
  if (dtype != at::kFloat || storage == Storage::Fp32 || round || lies_as_floats(weight) || !rows_are_blocks(weight)) {
    WEFT_ASSIGN_OR_RETURN(Tensor values, decoded_weight(source, weight, dtype));
    const bool view = values.const_data_ptr() == static_cast<const void*>(weight.data) && !round;
    const Tensor rounded = round ? values.to(at::kBFloat16) : Tensor();
    if (!view) release_pages({weight.data, weight.bytes});  // copied: not looked at again
    if (!round) return Matrix(std::move(values));
    const cpu::CodedMatrix coded{.code = cpu::Code::BF16, .data = static_cast<const std::byte*>(rounded.const_data_ptr()), .row_bytes = columns * 2};
    return Matrix(coded, rows, columns, at::kFloat, rounded);
  }
  const cpu::CodedMatrix coded{.code = static_cast<cpu::Code>(weight.type), .data = weight.data,
                               .row_bytes = columns / format->block_elements * format->block_bytes,
                               .rope_half = weight.rope_heads > 0 ? rows / weight.rope_heads / 2 : 0};
  return Matrix(coded, rows, columns);
}

Result<Matrix> rounded_matrix(const Tensor& values, at::ScalarType dtype, Storage storage) {
  const Tensor floats = values.to(at::kFloat).contiguous();
  const auto columns = floats.size(1);
  const float* from = floats.const_data_ptr<float>();
  return nf4_matrix(floats.size(0), columns, rows_of_values(columns), dtype, storage == Storage::NestedNf4, [&](std::int64_t first, std::int64_t count, float* to) {
    std::copy_n(from + first * columns, count * columns, to);
    return Status();
  });
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
