// SPDX-License-Identifier: GPL-3.0-or-later
// The gate to LibTorch: every engine file that touches tensors includes this and nothing wider.
// Tensors live and die on the engine thread.
#pragma once

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cstdint>

namespace weft {

using at::Tensor;

// A generator of our own; the global one is never used. The same seed gives the same numbers on every machine.
[[nodiscard]] at::Generator make_generator(std::uint64_t seed);

// Resident and highest resident memory of this process, in bytes.
[[nodiscard]] std::uint64_t resident_bytes();
[[nodiscard]] std::uint64_t peak_resident_bytes();

}  // namespace weft
