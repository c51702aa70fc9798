// SPDX-License-Identifier: GPL-3.0-or-later
// Weights of a model file as the decoder takes them. Engine thread only.
#pragma once

#include "engine/formats/model_source.h"
#include "engine/tensor/matrix.h"

namespace weft {

// The weight of that name, whose shape must be the configuration's.
[[nodiscard]] Result<const Weight*> find_weight(const ModelSource& source, const std::string& name, const std::vector<std::int64_t>& shape);
enum class Storage { AsIs, Fp32, Bf16, Nf4, NestedNf4 };
// As it is: a matrix that refers to the file's bytes, which `source` keeps mapped; decoded where its rows are not whole blocks, or for
// float64. Otherwise a copy in floats, rounded to bfloat16, or in NF4: then of the linear layers of the blocks, while the embeddings and the
// output layer stay as they are (as bitsandbytes has it), and the file's pages are given back.
[[nodiscard]] Result<Matrix> stored_matrix(const ModelSource& source, const Weight& weight, at::ScalarType dtype, Storage storage = Storage::AsIs);
// Any values [rows, columns], in NF4 as stored_matrix() has a weight in it. Any thread.
[[nodiscard]] Result<Matrix> rounded_matrix(const Tensor& values, at::ScalarType dtype, Storage storage);
// Decoded into a tensor of its own, or a view of the file where it lies there as it is needed.
[[nodiscard]] Result<Tensor> decoded_weight(const ModelSource& source, const Weight& weight, at::ScalarType dtype);

}  // namespace weft
