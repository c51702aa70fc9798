// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/merged_gguf.h"

#include "engine/core/text_util.h"
#include "engine/formats/gguf_names.h"
#include "engine/formats/gguf_writer.h"
#include "engine/train/gguf_adapter.h"
#include "engine/train/merged_weights.h"

namespace weft {
namespace {

// The same with its rows in the order of the file. Whole: rotary matrices are never the large ones.
SafeTensorSource in_file_order(SafeTensorSource source, std::int64_t rope_heads, at::ScalarType type) {
  const auto fill_rows = std::move(source.fill_rows);
  const auto shape = source.shape;
  source.fill_rows = {};
  source.fill = [fill_rows, shape, rope_heads, type](std::byte* buffer, std::uint64_t bytes) -> Status {
    const at::NoGradGuard no_grad;
    const Tensor rows = at::empty(shape, at::TensorOptions(type));
    TORCH_CHECK(static_cast<std::uint64_t>(rows.nbytes()) == bytes, "[export] a matrix of ", rows.nbytes(), " bytes has room for ", bytes);
    const std::int64_t count = shape.size() > 1 ? shape[0] : 1;
    WEFT_RETURN_IF_ERROR(fill_rows(0, count, static_cast<std::byte*>(rows.mutable_data_ptr())));
    at::from_blob(buffer, shape, at::TensorOptions(type)).copy_(rows.index_select(0, gguf_row_order(shape[0], rope_heads, /*to_file=*/true)));
    return {};
  };
  return source;
}

}  // namespace

Status write_merged_gguf(const std::string& path, const ModelSource& source, const AdapterSource& adapter, const std::string& dtype, const std::string& chat_template,
                         const GoOn& go_on) {
  if (!source.gguf())
    return unsupported("[export] " + source.path() +
                       " is a Hugging Face folder, and only a model that is a GGUF file is merged into one: export merged weights and convert them with llama.cpp's "
                       "convert_hf_to_gguf.py");
  WEFT_ASSIGN_OR_RETURN(const OutputType matrices, output_type(dtype));
  WEFT_ASSIGN_OR_RETURN(const OutputType floats, output_type("fp32"));
  WEFT_ASSIGN_OR_RETURN(const MergedFactors factors, load_merged_factors(source, adapter));
  std::vector<SafeTensorSource> tensors;
  for (const Weight& weight : source.weights()) {
    const OutputType& type = weight.shape.size() > 1 ? matrices : floats;
    tensors.push_back(merged_weight(weight, factors.find(weight.name), type));
    if (weight.rope_heads > 0) tensors.back() = in_file_order(std::move(tensors.back()), weight.rope_heads, type.type);
    tensors.back().name = weight.stored_name;
  }
  if (go_on) watch_parts(tensors, go_on);
  return write_gguf(path, metadata_for(*source.gguf(), matrices.name, chat_template), tensors);
}

}  // namespace weft
