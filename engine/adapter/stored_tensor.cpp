// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/stored_tensor.h"

#include <cstring>

#include <fmt/format.h>

namespace weft {

std::optional<at::ScalarType> float_type_of(const std::string& dtype) {
  if (dtype == "F32") return at::kFloat;
  if (dtype == "F16") return at::kHalf;
  if (dtype == "BF16") return at::kBFloat16;
  return std::nullopt;
}

Status check_finite(const SafeTensorsFile& file, const std::string& prefix) {
  const at::NoGradGuard no_grad;
  for (const auto& tensor : file.tensors()) {
    const auto type = float_type_of(tensor.dtype);
    if (!type || tensor.bytes == 0 || tensor.name.rfind(prefix, 0) != 0) continue;
    const Tensor bad = at::from_blob(const_cast<std::byte*>(tensor.data), tensor.shape, at::TensorOptions(*type)).isfinite().logical_not_();
    const std::int64_t count = bad.sum().item<std::int64_t>();
    if (count > 0)
      return corrupt(fmt::format("{}: {} of the {} values of {} are not finite (the first is number {}): the file is damaged, or its training went wrong; use "
                                 "another copy or an earlier checkpoint",
                                 file.path(), count, bad.numel(), tensor.name, bad.reshape({-1}).to(at::kByte).argmax().item<std::int64_t>() + 1));
  }
  return {};
}

SafeTensorSource tensor_source(const std::string& name, const std::string& dtype, const Tensor& value) {
  const at::ScalarType type = float_type_of(dtype).value_or(at::kByte);
  return {name, dtype, value.sizes().vec(), [name, type, value](std::byte* buffer, std::uint64_t bytes) -> Status {
            const Tensor kept = value.to(type).contiguous();
            if (static_cast<std::uint64_t>(kept.nbytes()) != bytes) return internal_error("tensor " + name + " is not of the size that was announced");
            std::memcpy(buffer, kept.const_data_ptr(), bytes);
            return {};
          }};
}

}  // namespace weft
