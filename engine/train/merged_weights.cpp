// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/merged_weights.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstring>

#include "engine/adapter/linear_group.h"
#include "engine/api/model_info.h"
#include "engine/core/files.h"
#include "engine/model/stored_weight.h"

namespace weft {
namespace {

constexpr std::int64_t kElementsOfTask = 1 << 17;

// These rows are not looked at again.
void release_rows(const Weight& weight, std::int64_t first_row, std::int64_t rows, std::int64_t all) {
  const auto row_bytes = weight.bytes / static_cast<std::uint64_t>(std::max<std::int64_t>(1, all));
  release_pages({weight.data + static_cast<std::uint64_t>(first_row) * row_bytes, static_cast<std::uint64_t>(rows) * row_bytes});
}

// Rows of W + s L R with its scales, in the output's type. update [out, in]: dW, where it is no product of thin factors.
void merge_rows(const Weight& weight, const LinearFactors* f, const Tensor& update, std::int64_t first_row, const Tensor& out) {
  const at::NoGradGuard no_grad;  // a property of the thread that runs this
  const bool direct = out.scalar_type() == at::kFloat;
  Tensor rows = direct ? out : at::empty(out.sizes(), at::TensorOptions(at::kFloat));
  const std::int64_t count = weight.shape.size() == 1 ? weight.shape[0] : out.size(0);
  const Status status = decode_weight_rows(weight, first_row, count, rows.mutable_data_ptr<float>());
  TORCH_CHECK(status.ok(), status.message());  // types that cannot be decoded were refused when the model was opened
  if (update.defined())
    rows.add_(update.narrow(0, first_row, out.size(0)));
  else if (f && f->left.defined())
    rows.addmm_(f->left.narrow(0, first_row, out.size(0)), f->right, 1, f->scale);
  if (f && f->row_scale.defined()) rows.mul_(f->row_scale.narrow(0, first_row, out.size(0)).unsqueeze(1));
  if (f && f->column_scale.defined()) rows.mul_(f->column_scale.unsqueeze(0));
  if (f && f->rotation.defined()) turn_back(f->rotation, rows);
  if (!direct) out.copy_(rows);
}

}  // namespace

Result<OutputType> output_type(const std::string& dtype) {
  if (dtype == "fp32") return OutputType{"F32", "float32", at::kFloat};
  if (dtype == "bf16") return OutputType{"BF16", "bfloat16", at::kBFloat16};
  if (dtype == "fp16") return OutputType{"F16", "float16", at::kHalf};
  return unsupported("[export] dtype \"" + dtype + "\" is not known; fp32, bf16 and fp16 are");
}

SafeTensorSource merged_weight(const Weight& weight, const LinearFactors* factors, const OutputType& type) {
  const bool as_stored = !factors && weight.rope_heads == 0 && weight_type_name(weight.type) == std::string(type.name);
  const auto update = std::make_shared<Tensor>();  // of one weight at a time
  const auto fill_rows = [&weight, factors, type, as_stored, update](std::int64_t first_row, std::int64_t rows, std::byte* buffer) -> Status {
    const bool vector = weight.shape.size() < 2;
    const std::int64_t columns = vector ? weight.elements() : weight.elements() / weight.shape[0];
    const auto size = static_cast<std::int64_t>(at::elementSize(type.type));
    if (as_stored) {
      std::memcpy(buffer, weight.data + first_row * columns * size, static_cast<std::size_t>(rows * columns * size));
    } else {
      const Tensor out = at::from_blob(buffer, {rows, columns}, at::TensorOptions(type.type));
      const std::int64_t step = std::max<std::int64_t>(1, kElementsOfTask / std::max<std::int64_t>(1, columns));
      if (factors && factors->form && !update->defined()) {
        *update = at::zeros(weight.shape, at::TensorOptions(at::kFloat));
        add_update(*update, *factors);
      }
      const std::int64_t tasks = (rows + step - 1) / step;  // the same whatever the threads
      at::parallel_for(0, tasks, 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin * step; row < std::min(rows, end * step); row += step)
          merge_rows(weight, factors, *update, first_row + row, out.narrow(0, row, std::min(step, rows - row)));
      });
    }
    release_rows(weight, first_row, rows, vector ? 1 : weight.shape[0]);
    if (!vector && first_row + rows == weight.shape[0]) *update = Tensor();
    return {};
  };
  return {.name = weight.name, .dtype = type.name, .shape = weight.shape, .fill_rows = fill_rows};
}

Result<MergedFactors> load_merged_factors(const ModelSource& source, const AdapterSource& adapter) {
  MergedFactors factors;
  std::vector<AdapterPlace> places;
  WEFT_ASSIGN_OR_RETURN(const ModelInfo info, inspect_model(source.path()));
  for (const AdapterSite& site : info.sites) {
    const Weight* weight = source.find(site.path + ".weight");
    if (!weight) continue;
    WEFT_ASSIGN_OR_RETURN(Matrix matrix, stored_matrix(source, *weight, at::kFloat));
    factors.bases.push_back(std::make_unique<Base>(std::move(matrix)));
    places.push_back({site, factors.bases.back().get()});
  }
  WEFT_ASSIGN_OR_RETURN(factors.adapters, load_adapters(places, adapter, source.path()));
  factors.adapters->prepare();
  for (std::size_t i = 0; i < factors.adapters->size(); ++i)
    factors.of_weight[factors.adapters->context(i).path + ".weight"] = &factors.adapters->factors(i);
  return factors;
}

}  // namespace weft
