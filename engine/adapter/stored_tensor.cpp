// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/stored_tensor.h"

#include <cstring>

namespace weft {

std::optional<at::ScalarType> float_type_of(const std::string& dtype) {
  if (dtype == "F32") return at::kFloat;
  if (dtype == "F16") return at::kHalf;
  if (dtype == "BF16") return at::kBFloat16;
  return std::nullopt;
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
