// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace weft {

// Whether the kernels that run here multiply pairs of bfloat16 in one instruction: the processor has AVX-512 with BF16, and
// WEFT_KERNELS does not ask for kernels without. What engine/kernels says as Bf16Kernels::fast, known without them.
[[nodiscard]] bool multiplies_bf16_fast();

}  // namespace weft
